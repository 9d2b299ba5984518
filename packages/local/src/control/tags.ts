import { arrayOf, isObject } from '../json.js';
import { BedrockFault, validation } from '../wire/bedrock-fault.js';
import type { Constraints } from './constraints.js';

/** A tag of a resource. */
export interface ResourceTag {
  readonly key: string;
  readonly value: string;
}

/** Most tags on one resource [AWS tagging limits]. */
const MAX_TAGS = 50;
const TAG_TEXT = /[a-zA-Z0-9\s._:/=+@-]*/;

/** The tags of every resource that can have some. */
export interface ResourceTags {
  /** Makes a resource taggable. @throws BedrockFault `TooManyTagsException` */
  open(arn: string, tags: readonly ResourceTag[]): void;
  /** Whether a resource is taggable. */
  has(arn: string): boolean;
  /** Forgets a resource. */
  close(arn: string): void;
  /** @throws BedrockFault `ResourceNotFoundException`, `TooManyTagsException` */
  add(arn: string, tags: readonly ResourceTag[]): void;
  /** @throws BedrockFault `ResourceNotFoundException` */
  remove(arn: string, keys: readonly string[]): void;
  /** In the order in which they were given. @throws BedrockFault `ResourceNotFoundException` */
  list(arn: string): readonly ResourceTag[];
}

/** Starts without resources. */
export const createResourceTags = (): ResourceTags => {
  const resources = new Map<string, Map<string, string>>();
  const find = (arn: string): Map<string, string> => {
    const tags = resources.get(arn);
    if (tags === undefined) {
      throw new BedrockFault('ResourceNotFoundException', `The resource ${arn} could not be found.`);
    }
    return tags;
  };
  const merged = (before: ReadonlyMap<string, string>, tags: readonly ResourceTag[]): Map<string, string> => {
    const after = new Map([...before, ...tags.map(({ key, value }) => [key, value] as const)]);
    if (after.size > MAX_TAGS) throw tooManyTags();
    return after;
  };
  return {
    open: (arn, tags) => void resources.set(arn, merged(new Map(), tags)),
    has: (arn) => resources.has(arn),
    close: (arn) => void resources.delete(arn),
    add: (arn, tags) => void resources.set(arn, merged(find(arn), tags)),
    remove: (arn, keys) => {
      const tags = find(arn);
      for (const key of keys) tags.delete(key);
    },
    list: (arn) => [...find(arn)].map(([key, value]) => ({ key, value })),
  };
};

/**
 * Reads a request's tags. Breaches go to `constraints`.
 * @throws BedrockFault `ValidationException` for a reserved key, `TooManyTagsException`
 */
export const readTags = (path: string, value: unknown, constraints: Constraints): ResourceTag[] => {
  const given = arrayOf(value);
  if (given.length > MAX_TAGS) throw tooManyTags();
  return given.flatMap((entry, index) => {
    const tag = isObject(entry) ? entry : {};
    const at = `${path}.${index + 1}.member`;
    const key = constraints.text(`${at}.key`, tag['key'], {
      required: true,
      minLength: 1,
      maxLength: 128,
      pattern: TAG_TEXT,
    });
    const text = constraints.text(`${at}.value`, tag['value'], {
      required: true,
      maxLength: 256,
      pattern: TAG_TEXT,
    });
    if (key?.toLowerCase().startsWith('aws:'))
      throw validation('Tag keys that begin with aws: are reserved.');
    return key === undefined || text === undefined ? [] : [{ key, value: text }];
  });
};

const tooManyTags = (): BedrockFault =>
  new BedrockFault('TooManyTagsException', `A resource can have at most ${MAX_TAGS} tags.`, { status: 400 });
