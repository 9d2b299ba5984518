import { createHash } from 'node:crypto';
import { canonical, type Json } from './json.js';

/** One request to a service, for the check before anything is sent. */
export interface ServiceRequest {
  readonly operation: string;
  readonly input: object;
}

/** What is there now. */
export interface Present {
  /** As {@link AccountResource.desired}. */
  readonly view: Json;
  /** Whether we made it: it carries our tag with our name. */
  readonly ours: boolean;
  /** {@link specOf} what we wanted when we last wrote it. */
  readonly spec?: string | undefined;
}

/** One thing in the account. */
export interface AccountResource {
  /** In words: `budget`, `alarm`, … */
  readonly kind: string;
  readonly name: string;
  readonly region: string;
  /** What should be there. */
  readonly desired: Json;
  /** What creating it sends. */
  readonly requests: readonly ServiceRequest[];
  read(): Promise<Present | undefined>;
  create(): Promise<void>;
  /** Makes what is there what it should be. */
  update(): Promise<void>;
  remove(): Promise<void>;
}

/** Says whose a thing is. */
const OWNER_TAG = 'costkit:alerts';
/** Says what was wanted when it was written: a thing that differs while this does not was edited by somebody else. */
const SPEC_TAG = 'costkit:spec';

/** A short fingerprint of what is wanted. */
export function specOf(desired: Json): string {
  return createHash('sha256').update(canonical(desired)).digest('hex').slice(0, 16);
}

/** A tag as most services have it. */
export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** The tags of a thing of ours. */
export function tagsOf(owner: string, desired: Json): [Tag, Tag] {
  return [
    { Key: OWNER_TAG, Value: owner },
    { Key: SPEC_TAG, Value: specOf(desired) },
  ];
}

/** Whose a thing is, by its tags. */
export function ownership(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
  owner: string,
): Pick<Present, 'ours' | 'spec'> {
  const tag = (key: string): string | undefined => tags?.find(({ Key }) => Key === key)?.Value;
  return { ours: tag(OWNER_TAG) === owner, spec: tag(SPEC_TAG) };
}

/** Answers `undefined` where a service says by an error that something is not there. */
export async function ifPresent<T>(
  answer: Promise<T>,
  ...absentNames: readonly string[]
): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (absentNames.includes((error as Error).name)) return undefined;
    throw error;
  }
}
