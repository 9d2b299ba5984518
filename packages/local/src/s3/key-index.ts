import type { ListQuery, ObjectListing, ObjectMetadata } from './object-store.js';

/** The objects of one bucket by key, listed in S3's order: that of the keys' UTF-8 bytes. */
export interface KeyIndex {
  readonly size: number;
  get(key: string): ObjectMetadata | undefined;
  set(metadata: ObjectMetadata): void;
  delete(key: string): void;
  list(query?: ListQuery): ObjectListing;
}

/** Starts an empty index. Keys are sorted when first listed, and kept sorted from then on. */
export const createKeyIndex = (): KeyIndex => {
  const objects = new Map<string, ObjectMetadata>();
  let sortedKeys: string[] | undefined;
  const sorted = (): readonly string[] => {
    sortedKeys ??= [...objects.keys()].sort(compareUtf8);
    return sortedKeys;
  };

  return {
    get size() {
      return objects.size;
    },
    get: (key) => objects.get(key),
    set: (metadata) => {
      const isNew = !objects.has(metadata.key);
      objects.set(metadata.key, metadata);
      if (isNew && sortedKeys !== undefined)
        sortedKeys.splice(placeOf(sortedKeys, metadata.key), 0, metadata.key);
    },
    delete: (key) => {
      if (objects.delete(key) && sortedKeys !== undefined) sortedKeys.splice(placeOf(sortedKeys, key), 1);
    },
    list: ({ prefix = '', delimiter, after, maxKeys = 1000 } = {}) => {
      const keys = sorted();
      const contents: ObjectMetadata[] = [];
      const commonPrefixes: string[] = [];
      if (maxKeys <= 0) return { contents, commonPrefixes };
      let last: string | undefined;
      let index = startOf(keys, prefix, delimiter, after);
      for (; index < keys.length; ) {
        const key = keys[index] as string;
        if (!key.startsWith(prefix)) break;
        if (contents.length + commonPrefixes.length === maxKeys) {
          return last === undefined ? { contents, commonPrefixes } : { contents, commonPrefixes, next: last };
        }
        const group = commonPrefixOf(key, prefix, delimiter);
        if (group === undefined) {
          contents.push(objects.get(key) as ObjectMetadata);
          last = key;
          index += 1;
        } else {
          commonPrefixes.push(group);
          last = group;
          index = firstIndex(keys, (candidate) => !candidate.startsWith(group), index);
        }
      }
      return { contents, commonPrefixes };
    },
  };
};

/** Compares two strings by their UTF-8 bytes, which differs from JavaScript's own order beyond U+FFFF. */
export const compareUtf8 = (left: string, right: string): number => {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const one = left.charCodeAt(index);
    const other = right.charCodeAt(index);
    if (one !== other) return utf8Rank(one) - utf8Rank(other);
  }
  return left.length - right.length;
};

/** Surrogates stand for characters above U+FFFF, whose UTF-8 sorts behind that of U+E000 to U+FFFF. */
const utf8Rank = (codeUnit: number): number =>
  codeUnit < 0xd800 ? codeUnit : codeUnit < 0xe000 ? codeUnit + 0x2000 : codeUnit - 0x800;

const commonPrefixOf = (key: string, prefix: string, delimiter: string | undefined): string | undefined => {
  if (!delimiter) return undefined;
  const end = key.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : key.slice(0, end + delimiter.length);
};

const startOf = (
  keys: readonly string[],
  prefix: string,
  delimiter: string | undefined,
  after: string | undefined,
): number => {
  const first = placeOf(keys, prefix);
  if (after === undefined) return first;
  const behind = firstIndex(keys, (key) => compareUtf8(key, after) > 0, first);
  // A page that ended with a common prefix continues behind every key of that prefix.
  const isGroup =
    delimiter !== undefined && delimiter !== '' && commonPrefixOf(after, prefix, delimiter) === after;
  return isGroup ? firstIndex(keys, (key) => !key.startsWith(after), behind) : behind;
};

const placeOf = (keys: readonly string[], key: string): number =>
  firstIndex(keys, (candidate) => compareUtf8(candidate, key) >= 0, 0);

/** First index from `from` on at which the predicate holds; it must hold for everything behind it too. */
const firstIndex = (keys: readonly string[], holds: (key: string) => boolean, from: number): number => {
  let low = from;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(keys[middle] as string)) high = middle;
    else low = middle + 1;
  }
  return low;
};
