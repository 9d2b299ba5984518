import { describe, expect, it } from 'vitest';
import { compareUtf8, createKeyIndex } from './key-index.js';
import type { ObjectMetadata } from './object-store.js';

const object = (key: string, size = 1): ObjectMetadata => ({
  key,
  size,
  etag: '00',
  lastModifiedMs: 0,
  headers: {},
  metadata: {},
  checksum: { algorithm: 'CRC64NVME', value: '', type: 'FULL_OBJECT' },
});

describe('createKeyIndex', () => {
  it('replaces an object of the same key, before and after the first listing', () => {
    const index = createKeyIndex();
    index.set(object('a', 1));
    index.set(object('a', 2));
    expect(index.list().contents.map(({ size }) => size)).toEqual([2]);
    index.set(object('a', 3));
    expect(index.list().contents.map(({ size }) => size)).toEqual([3]);
    expect(index.size).toBe(1);
  });

  it('forgets deleted keys and ignores unknown ones', () => {
    const index = createKeyIndex();
    for (const key of ['a', 'b', 'c']) index.set(object(key));
    index.list();
    index.delete('b');
    index.delete('z');
    expect(index.list().contents.map(({ key }) => key)).toEqual(['a', 'c']);
    expect(index.get('b')).toBeUndefined();
  });

  it('continues behind a common prefix, not inside of it', () => {
    const index = createKeyIndex();
    for (const key of ['a/1', 'a/2', 'b']) index.set(object(key));
    expect(index.list({ delimiter: '/', after: 'a/' })).toMatchObject({
      contents: [{ key: 'b' }],
      commonPrefixes: [],
    });
    // A key that merely starts like the marker is not skipped.
    expect(index.list({ delimiter: '/', after: 'a' }).commonPrefixes).toEqual(['a/']);
  });

  it('takes delimiters of several characters', () => {
    const index = createKeyIndex();
    for (const key of ['a--1', 'a--2', 'a-3']) index.set(object(key));
    expect(index.list({ delimiter: '--' })).toMatchObject({
      commonPrefixes: ['a--'],
      contents: [{ key: 'a-3' }],
    });
  });
});

describe('compareUtf8', () => {
  it('sorts characters above U+FFFF behind U+FFFD, unlike JavaScript', () => {
    expect('\u{1f600}' < '\ufffd').toBe(true);
    expect(compareUtf8('\u{1f600}', '\ufffd')).toBeGreaterThan(0);
    expect(compareUtf8('a', 'ab')).toBeLessThan(0);
    expect(compareUtf8('same', 'same')).toBe(0);
  });
});
