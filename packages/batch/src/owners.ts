import type { BatchFailure } from './types.js';

/** Why a record was not answered. */
export type FailureReason = Pick<BatchFailure, 'errorCode' | 'errorMessage'>;

/** One record of the source: its place, and the caller's name for it. */
export interface Owner {
  readonly ordinal: number;
  /** `undefined`: it goes by its id in the files. */
  readonly recordId: string | undefined;
}

/** A line of the file beside a shard's input file: whose a record is. */
export interface OwnedRecord {
  /** Id in the files. */
  readonly id: string;
  /** The first is its own; others asked the same. */
  readonly owners: readonly Owner[];
  /** Why it failed in the round before. */
  readonly reason: FailureReason | undefined;
}

/** A record that no shard takes. */
export interface RefusedRecord extends Owner, FailureReason {}

/** The text of such a file. */
export function writeOwners(records: readonly OwnedRecord[], refused: readonly RefusedRecord[]): string {
  const lines = records.map(({ id, owners, reason }) =>
    JSON.stringify([
      id,
      reason === undefined ? 0 : [reason.errorCode, reason.errorMessage],
      ...owners.flatMap(({ ordinal, recordId }) => [ordinal, recordId ?? 0]),
    ]),
  );
  for (const { ordinal, recordId, errorCode, errorMessage } of refused) {
    lines.push(JSON.stringify([0, [errorCode, errorMessage], ordinal, recordId ?? 0]));
  }
  return lines.map((line) => `${line}\n`).join('');
}

/** A line of such a file. */
export function readOwner(line: string): OwnedRecord | RefusedRecord {
  const [id, reason, ...pairs] = JSON.parse(line) as [
    string | 0,
    [string, string] | 0,
    ...(string | number)[],
  ];
  const owners = Array.from({ length: pairs.length / 2 }, (_, index) => {
    const recordId = pairs[2 * index + 1];
    return {
      ordinal: pairs[2 * index] as number,
      recordId: typeof recordId === 'string' ? recordId : undefined,
    };
  });
  const known = reason === 0 ? undefined : { errorCode: reason[0], errorMessage: reason[1] };
  if (id !== 0) return { id, owners, reason: known };
  return { ...(owners[0] as Owner), ...(known as FailureReason) };
}
