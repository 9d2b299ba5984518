import { Buffer } from 'node:buffer';

/** Limits of a shard. */
export interface ShardLimits {
  /** A shard of fewer records is no job. */
  readonly minRecords: number;
  /** At least twice the fewest. */
  readonly maxRecords: number;
  readonly maxBytes: number;
}

/** A line of an input file on its way into a shard. */
export interface ShardLine {
  readonly line: string;
  readonly bytes: number;
}

/** Takes the lines of shards, one shard after the other. */
export interface ShardTarget<Line extends ShardLine> {
  /** A line of the shard that is open; the first opens it. What it returns is waited for. */
  put(line: Line): Promise<void> | undefined;
  /** The shard has all its lines. @param isShort - they are too few for a job; only the last shard can be. */
  close(isShort: boolean): Promise<void>;
}

/** Lines up to a twentieth of a job's mean can be held back: in memory, as many as a job has at least. */
const LONG_SHARE = 20;

/** The longest line that is held back; longer ones go into the open shard at once. */
const longestHeld = ({ minRecords, maxBytes }: ShardLimits): number =>
  Math.floor(maxBytes / (LONG_SHARE * minRecords));

/** Bytes of a line in UTF-8. */
export const bytesOf = (line: string): number => Buffer.byteLength(line);

/**
 * Cuts lines into as few shards as the limits allow, none below the minimum, as they come: the last lines are held
 * back until it is certain that they fill a shard of their own, or belong to the one before.
 *
 * Long lines are not held back: that would take the memory of a whole job. A shard takes them as long as it has room left
 * for twice its fewest records of the others, so that whatever follows it can always be filled.
 */
export interface ShardCutter<Line extends ShardLine> {
  /**
   * The most bytes that a line may have that is pushed next. Less than a whole job takes, where the open shard has some long
   * lines already and too few records to be closed.
   */
  readonly room: number;
  /** Takes a line that there is room for. What it returns is waited for; `undefined`: there is nothing to wait for. */
  push(line: Line): Promise<void> | undefined;
  /** No more lines come. @returns those that are too few for a shard, in order; the target has not got them. */
  end(): Promise<readonly Line[]>;
}

/** Makes a cutter. */
export function createShardCutter<Line extends ShardLine>(
  limits: ShardLimits,
  target: ShardTarget<Line>,
): ShardCutter<Line> {
  const { minRecords, maxRecords, maxBytes } = limits;
  const longest = longestHeld(limits);
  /** What long lines leave free in a shard. */
  const longBytes = maxBytes - 2 * minRecords * longest;
  const longRecords = maxRecords - minRecords;
  /** Held back, as a ring: the oldest line stands at `start`. */
  let held: Line[] = [];
  let start = 0;
  let [records, bytes] = [0, 0];

  const put = (line: Line): Promise<void> | undefined => {
    records += 1;
    bytes += line.bytes;
    return target.put(line);
  };
  const close = async (isShort = false): Promise<void> => {
    [records, bytes] = [0, 0];
    await target.close(isShort);
  };
  const putWithin = (line: Line, mostRecords: number, mostBytes: number): Promise<void> | undefined =>
    records >= minRecords && (records >= mostRecords || bytes + line.bytes > mostBytes)
      ? close().then(() => put(line))
      : put(line);

  return {
    get room() {
      return records < minRecords ? Math.max(longest, longBytes - bytes) : longBytes;
    },
    push: (line) => {
      if (line.bytes > longest) return putWithin(line, longRecords, longBytes);
      if (held.length < minRecords) {
        held.push(line);
        return undefined;
      }
      const oldest = held[start] as Line;
      held[start] = line;
      start = (start + 1) % minRecords;
      return putWithin(oldest, maxRecords, maxBytes);
    },
    end: async () => {
      const rest = [...held.slice(start), ...held.slice(0, start)];
      held = [];
      if (records === 0 && rest.length < minRecords) return rest;
      const restBytes = rest.reduce((sum, line) => sum + line.bytes, 0);
      if (records + rest.length > maxRecords || bytes + restBytes > maxBytes) {
        // By the limits above the open shard has enough, and what is held back is enough for another one.
        if (records > 0) await close();
      }
      for (const line of rest) await put(line);
      if (records > 0) await close(records < minRecords);
      return [];
    },
  };
}
