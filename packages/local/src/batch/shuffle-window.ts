/** Most lines, and most characters, that wait to be shuffled. */
const MAX_LINES = 512;
const MAX_CHARACTERS = 8 * 1024 * 1024;

/** Mixes the order of lines that stream through, in bounded memory. */
export interface ShuffleWindow {
  /** Takes a line, and gives back those that must leave to make room. */
  push(line: string): string[];
  /** Gives back the rest. */
  flush(): string[];
}

/** Starts an empty window; `random` gives numbers from 0 up to 1. */
export const createShuffleWindow = (random: () => number): ShuffleWindow => {
  const waiting: string[] = [];
  let characters = 0;
  const takeOne = (): string => {
    const index = Math.floor(random() * waiting.length);
    const line = waiting[index] as string;
    waiting[index] = waiting[waiting.length - 1] as string;
    waiting.pop();
    characters -= line.length;
    return line;
  };
  return {
    push: (line) => {
      waiting.push(line);
      characters += line.length;
      const leaving: string[] = [];
      while (waiting.length > MAX_LINES || (characters > MAX_CHARACTERS && waiting.length > 1))
        leaving.push(takeOne());
      return leaving;
    },
    flush: () => {
      const leaving: string[] = [];
      while (waiting.length > 0) leaving.push(takeOne());
      return leaving;
    },
  };
};
