import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Absolute paths of all files below a folder whose names end so; none where the folder is missing. */
export function filesBelow(folder: string, ending: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .sort();
}
