import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Absolute path of the repository. */
export const ROOT: string = dirname(dirname(fileURLToPath(import.meta.url)));

/** The fields of a `package.json` that the tools read. */
export interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/** One package of the workspace. */
export interface WorkspacePackage {
  /** Name of its folder, e.g. `meter`. */
  readonly folder: string;
  /** Absolute path. */
  readonly path: string;
  readonly manifest: Manifest;
}

/** Reads the manifest in a folder. */
export function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest;
}

/** Every package below one top-level folder of the repository, in the order of their names. */
export function packagesIn(parent: 'packages' | 'examples'): WorkspacePackage[] {
  return readdirSync(join(ROOT, parent), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(ROOT, parent, entry.name, 'package.json')))
    .map(({ name }) => ({
      folder: name,
      path: join(ROOT, parent, name),
      manifest: readManifest(join(ROOT, parent, name)),
    }))
    .sort((left, right) => left.folder.localeCompare(right.folder));
}

/** The packages that are published. */
export function publicPackages(): WorkspacePackage[] {
  return packagesIn('packages').filter(({ manifest }) => manifest.private !== true);
}
