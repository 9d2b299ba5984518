import { stderr } from 'node:process';

/** Leaves room for what is done, on one line of a terminal. */
const BAR_WIDTH = 24;

/** Shows on the terminal's error stream how far a long command is; nothing when that is no terminal. */
export interface ProgressLine {
  /** The next part of the work begins. */
  begin(doing: string): void;
  /** So many parts of so many are done. */
  at(done: number, parts: number, doing: string): void;
  /** The work turns out to have so many parts. */
  expect(parts: number): void;
  end(): void;
}

export async function progressLine(parts: number, quiet: boolean): Promise<ProgressLine> {
  if (quiet || !stderr.isTTY)
    return { begin: () => undefined, at: () => undefined, expect: () => undefined, end: () => undefined };
  const { SingleBar } = (await import('cli-progress')).default;
  const bar = new SingleBar({
    format: '{bar} {value}/{total} {doing}',
    stream: stderr,
    clearOnComplete: true,
    // Ctrl-C ends the process where it is: a hidden cursor and lines that are cut would stay with the shell.
    hideCursor: false,
    linewrap: true,
    barsize: BAR_WIDTH,
  });
  let begun = 0;
  let expected = parts;
  bar.start(parts, 0, { doing: '' });
  return {
    begin: (doing) => {
      bar.update(begun, { doing });
      begun += 1;
    },
    at: (done, total, doing) => {
      [begun, expected] = [done, total];
      bar.setTotal(total);
      bar.update(done, { doing });
    },
    expect: (total) => {
      expected = total;
      bar.setTotal(total);
    },
    end: () => {
      bar.update(expected);
      bar.stop();
    },
  };
}
