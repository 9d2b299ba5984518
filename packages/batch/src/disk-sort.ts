import type { TemporaryFolder } from '@costkit/core/temporary-folder';
import { readLines } from './read-lines.js';

/** A text at its place. */
export interface PlacedText {
  readonly place: number;
  readonly text: string;
}

/** Sorts more texts than memory holds. */
export interface DiskSort {
  /** Takes a text of one line. What it returns is waited for; `undefined` where there is nothing to wait for. */
  add(place: number, text: string): Promise<void> | undefined;
  /** All texts by their places; those of one place as they came. */
  sorted(): AsyncGenerator<PlacedText>;
  /** Removes what stands on disk. */
  remove(): Promise<void>;
}

/** Characters that are sorted in memory; the rest waits on disk. */
const RUN_LENGTH = 16_000_000;
/** What a text takes besides its characters. */
const TEXT_OVERHEAD = 32;

/**
 * Makes a sort. Its files, which only the owner of the process may read, stand in a folder of their own among the
 * temporary ones.
 *
 * @param runLength - characters that are sorted in memory. @defaultValue 16,000,000
 */
export function createDiskSort(runLength: number = RUN_LENGTH): DiskSort {
  let folder: TemporaryFolder | undefined;
  const files: string[] = [];
  let run: PlacedText[] = [];
  let length = 0;

  const spill = async (): Promise<void> => {
    const [{ join }, { temporaryFolder }] = await Promise.all([
      import('node:path'),
      import('@costkit/core/temporary-folder'),
    ]);
    folder ??= await temporaryFolder();
    const file = join(folder.path, String(files.length));
    await writeRun(file, run.sort(byPlace));
    files.push(file);
    run = [];
    length = 0;
  };

  return {
    add: (place, text) => {
      run.push({ place, text });
      length += text.length + TEXT_OVERHEAD;
      return length < runLength ? undefined : spill();
    },
    sorted: () => merge([...files.map(readRun), fromArray(run.sort(byPlace))]),
    remove: async () => {
      await folder?.remove();
    },
  };
}

const byPlace = (one: PlacedText, other: PlacedText): number => one.place - other.place;

async function writeRun(file: string, run: readonly PlacedText[]): Promise<void> {
  const [{ createWriteStream }, { pipeline }] = await Promise.all([
    import('node:fs'),
    import('node:stream/promises'),
  ]);
  function* lines(): Generator<string> {
    for (const { place, text } of run) yield `${place} ${text}\n`;
  }
  await pipeline(lines(), createWriteStream(file, { mode: 0o600 }));
}

async function* readRun(file: string): AsyncGenerator<PlacedText> {
  const { createReadStream } = await import('node:fs');
  for await (const line of readLines(createReadStream(file))) {
    const space = line.indexOf(' ');
    yield { place: Number(line.slice(0, space)), text: line.slice(space + 1) };
  }
}

async function* fromArray(run: readonly PlacedText[]): AsyncGenerator<PlacedText> {
  yield* run;
}

/** The runs are few: the least of their heads is looked for one by one; of equal ones that of the earliest run. */
async function* merge(runs: readonly AsyncGenerator<PlacedText>[]): AsyncGenerator<PlacedText> {
  try {
    const heads = await Promise.all(runs.map(async (run) => ({ run, next: await run.next() })));
    for (;;) {
      let least: (typeof heads)[number] | undefined;
      for (const head of heads) {
        if (head.next.done === true) continue;
        if (least === undefined || head.next.value.place < (least.next.value as PlacedText).place)
          least = head;
      }
      if (least === undefined) return;
      yield least.next.value as PlacedText;
      least.next = await least.run.next();
    }
  } finally {
    await Promise.all(runs.map((run) => run.return(undefined)));
  }
}
