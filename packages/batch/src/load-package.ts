import { BatchError } from './errors.js';

/**
 * Loads a package that only some need.
 *
 * @throws {@link BatchError} `COSTKIT_BATCH_PACKAGE_MISSING` where it is not installed.
 */
export async function loadPackage<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new BatchError(
      'COSTKIT_BATCH_PACKAGE_MISSING',
      `this needs the package "${name}". Install it: npm install ${name}`,
      { cause: error },
    );
  }
}
