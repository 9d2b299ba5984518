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
  /** The shard has all its lines. */
  close(): Promise<void>;
}

/** The most bytes that a line may have: with longer ones it could be impossible to fill two jobs with enough records. */
export const maxLineBytes = ({ minRecords, maxBytes }: ShardLimits): number =>
  Math.floor(maxBytes / (2 * minRecords));

/** Bytes of a line in UTF-8. */
export const bytesOf = (line: string): number => Buffer.byteLength(line);

/**
 * Cuts lines into as few shards as the limits allow, none below the minimum, as they come: the last lines are held
 * back until it is certain that they fill a shard of their own, or belong to the one before.
 */
export interface ShardCutter<Line extends ShardLine> {
  /** What it returns is waited for; `undefined` where there is nothing to wait for. */
  push(line: Line): Promise<void> | undefined;
  /** No more lines come. @returns those that are too few for a shard, in order; the target has not got them. */
  end(): Promise<readonly Line[]>;
}

/** Makes a cutter. Every line must have at most {@link maxLineBytes}. */
export function createShardCutter<Line extends ShardLine>(
  limits: ShardLimits,
  target: ShardTarget<Line>,
): ShardCutter<Line> {
  const { minRecords, maxRecords, maxBytes } = limits;
  /** Held back, as a ring: the oldest line stands at `start`. */
  let held: Line[] = [];
  let start = 0;
  let [records, bytes] = [0, 0];

  const put = (line: Line): Promise<void> | undefined => {
    if (records > 0 && (records === maxRecords || bytes + line.bytes > maxBytes)) {
      return target.close().then(() => {
        [records, bytes] = [1, line.bytes];
        return target.put(line);
      });
    }
    records += 1;
    bytes += line.bytes;
    return target.put(line);
  };

  return {
    push: (line) => {
      if (held.length < minRecords) {
        held.push(line);
        return undefined;
      }
      const oldest = held[start] as Line;
      held[start] = line;
      start = (start + 1) % minRecords;
      return put(oldest);
    },
    end: async () => {
      const rest = [...held.slice(start), ...held.slice(0, start)];
      held = [];
      const restBytes = rest.reduce((sum, line) => sum + line.bytes, 0);
      if (records + rest.length < minRecords) return rest;
      if (records > 0 && (records + rest.length > maxRecords || bytes + restBytes > maxBytes)) {
        // By the limits above the open shard has enough, and what is held back is enough for another one.
        await target.close();
        [records, bytes] = [0, 0];
      }
      for (const line of rest) await put(line);
      if (records > 0) await target.close();
      return [];
    },
  };
}
