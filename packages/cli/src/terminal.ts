import { stderr } from 'node:process';

/** Shows how far a long command is, on the terminal's error stream; nothing when that is no terminal. */
export interface ProgressLine {
  update(done: number, total: number, doing: string): void;
  end(): void;
}

const WIDTH = 24;

export function progressLine(quiet: boolean): ProgressLine {
  const shown = !quiet && stderr.isTTY;
  return {
    update: (done, total, doing) => {
      if (!shown) return;
      const filled = Math.round((done / total) * WIDTH);
      stderr.write(`\r\x1b[2K[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${done}/${total} ${doing}`);
    },
    end: () => {
      if (shown) stderr.write('\r\x1b[2K');
    },
  };
}
