import { createHash } from 'node:crypto';
import { createDiskSort } from './disk-sort.js';
import { sharersKey } from './job.js';
import type { Owner } from './owners.js';
import type { BatchJobOptions } from './types.js';
import { uploadLines } from './upload-lines.js';

/** The file of records that share the answer of another one, as the journal knows it. */
export interface SharedRecords {
  readonly records: number;
  readonly digest: string;
}

/** Records that ask what another one has asked before. */
export interface Sharers {
  /** What it returns is waited for; `undefined` where there is nothing to wait for. @param first - who asked it first. */
  add(first: number, owner: Owner): Promise<void> | undefined;
  /**
   * Nobody more shares anything: writes them to the bucket, those of one answer beside each other.
   *
   * @param isStaged - they stand there already: nothing is written.
   * @returns what was written; `undefined`: there are none.
   */
  stage(isStaged: boolean): Promise<SharedRecords | undefined>;
  /** Removes what stands on disk. */
  remove(): Promise<void>;
}

/** A line of the file. */
const sharerLine = (first: number, { ordinal, recordId }: Owner): string =>
  JSON.stringify(recordId === undefined ? [first, ordinal] : [first, ordinal, recordId]);

/** Reads a line of the file. */
export function readSharer(line: string): Owner {
  const [, ordinal, recordId] = JSON.parse(line) as [number, number, string?];
  return { ordinal, recordId };
}

/** Collects who shares an answer: on disk, as they can be many more than the answers. */
export function createSharers(options: BatchJobOptions, batch: string): Sharers {
  const sort = createDiskSort();
  let records = 0;
  return {
    add: (first, owner) => {
      records += 1;
      return sort.add(first, sharerLine(first, owner));
    },
    stage: async (isStaged) => {
      if (records === 0) return undefined;
      const hash = createHash('sha256');
      const upload = isStaged ? undefined : await uploadLines(options, sharersKey(options, batch));
      try {
        for await (const { text } of sort.sorted()) {
          const line = `${text}\n`;
          hash.update(line);
          const wait = upload?.write(line);
          if (wait !== undefined) await wait;
        }
        await upload?.end();
      } catch (error) {
        await upload?.abort();
        throw error;
      }
      return { records, digest: hash.digest('hex').slice(0, 40) };
    },
    remove: () => sort.remove(),
  };
}
