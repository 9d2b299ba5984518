import { hash } from 'node:crypto';

/** How many digits of an id say the place of its record. */
export const ORDINAL_DIGITS = 8;
const HASH_DIGITS = 12;

/** Hash of a record's request, hexadecimal: equal requests have equal ones. */
export const requestHash = (modelInput: string): string => hash('sha1', modelInput, 'hex');

/**
 * The id that a record has in the files: its place in the source and the hash of its request, so that the same source
 * gives the same files, run after run. Letters and digits only (Bedrock user guide, batch inference data).
 */
export const wireId = (ordinal: number, ofRequest: string): string =>
  ordinal.toString(36).padStart(ORDINAL_DIGITS, '0') + ofRequest.slice(0, HASH_DIGITS);

/** The hash in an id of the files. */
export const hashOf = (id: string): string => id.slice(ORDINAL_DIGITS);

/** The place in the source that an id of the files names. */
export const ordinalOf = (id: string): number => Number.parseInt(id.slice(0, ORDINAL_DIGITS), 36);
