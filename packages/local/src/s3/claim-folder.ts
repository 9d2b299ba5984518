import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidOption } from '../errors.js';

const OWNER_FILE = '.process';

/**
 * Notes in a data folder that this process uses it. A second process would clear away what the first is writing.
 * The note of a process that is gone is written over.
 *
 * @throws LocalBedrockError `COSTKIT_INVALID_OPTION` when another process uses the folder
 */
export const claimFolder = async (folder: string): Promise<void> => {
  const path = join(folder, OWNER_FILE);
  const owner = Number(await readFile(path, 'utf8').catch(() => ''));
  if (owner > 0 && owner !== process.pid && isRunning(owner)) {
    throw invalidOption(
      'dataFolder',
      `is used by process ${owner}: ${folder}. Stop that process or choose another folder; if it is no local Bedrock, delete ${path}`,
    );
  }
  await writeFile(path, String(process.pid));
};

const isRunning = (processId: number): boolean => {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // A process of another user exists too, though it may not be signalled.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
