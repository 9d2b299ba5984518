import { stderr } from 'node:process';

/** Shows on the terminal's error stream how far a long command is; nothing when that is no terminal. */
export interface ProgressLine {
  /** The next part of the work begins. */
  begin(doing: string): void;
  end(): void;
}

export async function progressLine(parts: number, quiet: boolean): Promise<ProgressLine> {
  if (quiet || !stderr.isTTY) return { begin: () => undefined, end: () => undefined };
  const { SingleBar } = (await import('cli-progress')).default;
  const bar = new SingleBar({
    format: '{bar} {value}/{total} {doing}',
    stream: stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let begun = 0;
  bar.start(parts, 0, { doing: '' });
  return {
    begin: (doing) => {
      bar.update(begun, { doing });
      begun += 1;
    },
    end: () => {
      bar.update(parts);
      bar.stop();
    },
  };
}
