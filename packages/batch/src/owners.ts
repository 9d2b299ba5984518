import { ordinalOf } from './record-id.js';
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
  readonly owner: Owner;
  /** Why it failed in the round before. */
  readonly reason: FailureReason | undefined;
}

/** A record that no shard takes. */
export interface RefusedRecord extends Owner, FailureReason {}

/** What most lines are: a record of its own, whose name needs no escaping. */
const isPlainName = (recordId: string | undefined): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what a line cannot hold.
  recordId === undefined || (recordId !== '' && !/[\u0000-\u001f]/.test(recordId));

/** A line of such a file: of most records their id and their name, of the others JSON. */
export function ownedLine({ id, owner, reason }: OwnedRecord): string {
  const { ordinal, recordId } = owner;
  if (reason === undefined && isPlainName(recordId)) {
    return recordId === undefined ? `${id}\n` : `${id}\t${recordId}\n`;
  }
  const why = reason === undefined ? 0 : [reason.errorCode, reason.errorMessage];
  return `${JSON.stringify([id, why, ordinal, recordId ?? 0])}\n`;
}

/** A line of such a file, for a record that is in no input file. */
export const refusedLine = ({ ordinal, recordId, errorCode, errorMessage }: RefusedRecord): string =>
  `${JSON.stringify([0, [errorCode, errorMessage], ordinal, recordId ?? 0])}\n`;

/** A line of such a file. */
export function readOwner(line: string): OwnedRecord | RefusedRecord {
  if (!line.startsWith('[')) {
    const tab = line.indexOf('\t');
    const id = tab === -1 ? line : line.slice(0, tab);
    const recordId = tab === -1 ? undefined : line.slice(tab + 1);
    return { id, owner: { ordinal: ordinalOf(id), recordId }, reason: undefined };
  }
  const [id, why, ordinal, name] = JSON.parse(line) as [
    string | 0,
    readonly [string, string] | 0,
    number,
    string | 0,
  ];
  const owner: Owner = { ordinal, recordId: name === 0 ? undefined : name };
  const reason = why === 0 ? undefined : { errorCode: why[0], errorMessage: why[1] };
  return id === 0 ? { ...owner, ...(reason as FailureReason) } : { id, owner, reason };
}
