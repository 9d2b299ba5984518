import { describe, expect, it } from 'vitest';
import { mediaKey } from './media-key.js';
import type { Media } from './request-view.js';

const image = (source: unknown): Media[] => [{ kind: 'image', source }];
const bytes = (length: number, at = -1): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index === at ? 1 : (index * 31) % 251));

describe('mediaKey', () => {
  it('is empty without media', () => {
    expect(mediaKey(undefined)).toBe('');
  });

  it.each([
    ['bytes', { bytes: bytes(90_000) }, { bytes: bytes(90_000) }],
    ['base64', { bytes: 'aGVsbG8=' }, { bytes: 'aGVsbG8=' }],
    ['places', { s3Location: { uri: 's3://a/b' } }, { s3Location: { uri: 's3://a/b' } }],
    ['nothing that is known', undefined, undefined],
  ])('is the same for equal %s', (_, one, other) => {
    expect(mediaKey(image(one))).toBe(mediaKey(image(other)));
  });

  it.each([
    ['a byte at the head', { bytes: bytes(90_000) }, { bytes: bytes(90_000, 3) }],
    ['a byte at the tail', { bytes: bytes(90_000) }, { bytes: bytes(90_000, 89_990) }],
    ['any byte of a small one', { bytes: bytes(500) }, { bytes: bytes(500, 260) }],
    ['a byte more', { bytes: bytes(500) }, { bytes: bytes(501) }],
    ['base64', { data: 'aGVsbG8=' }, { data: 'aGVsbG9=' }],
    ['where they lie', { s3Location: { uri: 's3://a/b' } }, { s3Location: { uri: 's3://a/c' } }],
    ['the name of what is given', { data: 'x' }, { url: 'x' }],
  ])('tells apart what differs in %s', (_, one, other) => {
    expect(mediaKey(image(one))).not.toBe(mediaKey(image(other)));
  });

  it('tells kinds, numbers and order apart', () => {
    const [a, b] = [{ bytes: bytes(9) }, { bytes: bytes(8) }];
    const keys = [
      mediaKey(image(a)),
      mediaKey([{ kind: 'document', source: a }]),
      mediaKey([...image(a), ...image(b)]),
      mediaKey([...image(b), ...image(a)]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
  });
});
