import { base64 } from './base64.js';
import type { BatchEvent } from './harvest.js';
import { readLines } from './read-lines.js';

/** Characters of events that are sorted in memory; the rest waits on disk. */
const RUN_LENGTH = 16_000_000;

/**
 * Hands events on in the order of the source, whatever order they come in, by a sort on disk. The files, which hold
 * answers, stand in a folder of their own that is removed in the end.
 */
export async function* sortEvents(
  groups: AsyncIterable<readonly BatchEvent[]>,
  runLength: number = RUN_LENGTH,
): AsyncGenerator<readonly BatchEvent[]> {
  const [{ mkdtemp, rm }, { tmpdir }, { join }] = await Promise.all([
    import('node:fs/promises'),
    import('node:os'),
    import('node:path'),
  ]);
  let folder: string | undefined;
  const files: string[] = [];
  let run: Sortable[] = [];
  let length = 0;
  const spill = async (): Promise<void> => {
    folder ??= await mkdtemp(join(tmpdir(), 'costkit-batch-'));
    const file = join(folder, String(files.length));
    await writeRun(file, run.sort(byOrdinal));
    files.push(file);
    run = [];
    length = 0;
  };
  try {
    for await (const events of groups) {
      for (const event of events) {
        const text = JSON.stringify(event, base64);
        run.push({ ordinal: event.owner.ordinal, text });
        length += text.length;
      }
      if (length >= runLength) await spill();
    }
    const last = run.sort(byOrdinal);
    const runs = [...files.map(readRun), fromArray(last)];
    for await (const { text } of merge(runs)) yield [JSON.parse(text) as BatchEvent];
  } finally {
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }
}

interface Sortable {
  readonly ordinal: number;
  readonly text: string;
}

const byOrdinal = (one: Sortable, other: Sortable): number => one.ordinal - other.ordinal;

async function writeRun(file: string, run: readonly Sortable[]): Promise<void> {
  const [{ createWriteStream }, { pipeline }] = await Promise.all([
    import('node:fs'),
    import('node:stream/promises'),
  ]);
  function* lines(): Generator<string> {
    for (const { ordinal, text } of run) yield `${ordinal} ${text}\n`;
  }
  // Only the owner of the process may read answers.
  await pipeline(lines(), createWriteStream(file, { mode: 0o600 }));
}

async function* readRun(file: string): AsyncGenerator<Sortable> {
  const { createReadStream } = await import('node:fs');
  for await (const line of readLines(createReadStream(file))) {
    const space = line.indexOf(' ');
    yield { ordinal: Number(line.slice(0, space)), text: line.slice(space + 1) };
  }
}

async function* fromArray(run: readonly Sortable[]): AsyncGenerator<Sortable> {
  yield* run;
}

/** The runs are few: the least of their heads is looked for one by one. */
async function* merge(runs: readonly AsyncGenerator<Sortable>[]): AsyncGenerator<Sortable> {
  try {
    const heads = await Promise.all(runs.map(async (run) => ({ run, next: await run.next() })));
    for (;;) {
      let least: (typeof heads)[number] | undefined;
      for (const head of heads) {
        if (head.next.done === true) continue;
        if (least === undefined || head.next.value.ordinal < (least.next.value as Sortable).ordinal)
          least = head;
      }
      if (least === undefined) return;
      yield least.next.value as Sortable;
      least.next = await least.run.next();
    }
  } finally {
    await Promise.all(runs.map((run) => run.return(undefined)));
  }
}
