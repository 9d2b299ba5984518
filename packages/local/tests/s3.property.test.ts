import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../src/contract.js';
import { compareUtf8, createKeyIndex } from '../src/s3/key-index.js';
import type { ObjectMetadata } from '../src/s3/object-store.js';
import { readBody } from '../src/s3/request-body.js';
import { parseDocument, textOf, xmlResponse } from '../src/s3/s3-xml.js';

const key = fc.oneof(
  fc.string({
    unit: fc.constantFrom('a', 'b', '/', '-', 'ü', '\ufffd', '\u{1f600}'),
    minLength: 1,
    maxLength: 6,
  }),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
);
const byBytes = (left: string, right: string): number =>
  Buffer.compare(Buffer.from(left), Buffer.from(right));

describe('compareUtf8', () => {
  it('orders as the UTF-8 bytes do', () => {
    fc.assert(
      fc.property(key, key, (left, right) => {
        expect(Math.sign(compareUtf8(left, right))).toBe(byBytes(left, right));
      }),
    );
  });
});

describe('createKeyIndex', () => {
  const object = (name: string): ObjectMetadata => ({ key: name }) as ObjectMetadata;

  it('lists in pages of any size what a plain reading of the rules lists', () => {
    fc.assert(
      fc.property(
        fc.array(fc.record({ key, kept: fc.boolean() }), { maxLength: 30 }),
        fc.constantFrom('', 'a', 'a/', 'b-'),
        fc.constantFrom(undefined, '/', '-', 'a/'),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (entries, prefix, delimiter, maxKeys, listFirst) => {
          const index = createKeyIndex();
          if (listFirst) index.list();
          const kept = new Set<string>();
          for (const entry of entries) {
            index.set(object(entry.key));
            kept.add(entry.key);
            if (entry.kept) continue;
            index.delete(entry.key);
            kept.delete(entry.key);
          }
          const seen: string[] = [];
          let after: string | undefined;
          let pages = 0;
          do {
            const page = index.list({
              prefix,
              maxKeys,
              ...(delimiter === undefined ? {} : { delimiter }),
              ...(after === undefined ? {} : { after }),
            });
            const names = [...page.contents.map((entry) => entry.key), ...page.commonPrefixes].sort(byBytes);
            expect(names.length).toBeLessThanOrEqual(maxKeys);
            seen.push(...names);
            after = page.next;
            pages += 1;
          } while (after !== undefined && pages < 100);
          expect(seen).toEqual(plainListing([...kept], prefix, delimiter));
        },
      ),
    );
  });
});

const plainListing = (keys: readonly string[], prefix: string, delimiter: string | undefined): string[] => {
  const names = keys
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const end = delimiter === undefined ? -1 : name.indexOf(delimiter, prefix.length);
      return end < 0 ? name : name.slice(0, end + (delimiter ?? '').length);
    });
  return [...new Set(names)].sort(byBytes);
};

describe('readBody', () => {
  it('gives back the bytes of any chunks', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 5 }), (chunks) => {
        const framed = chunks.map((chunk) =>
          Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
        );
        const request: HttpRequest = {
          method: 'PUT',
          path: '/',
          query: new URLSearchParams(),
          headers: { 'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER' },
          body: Buffer.concat([...framed, Buffer.from('0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n')]),
          signal: new AbortController().signal,
        };
        const body = readBody(request);
        expect(Buffer.from(body.bytes).equals(Buffer.concat(chunks))).toBe(true);
        expect(body.expectedChecksum?.value).toBe('AAAAAA==');
      }),
    );
  });
});

describe('documents', () => {
  it('carry any text there and back', () => {
    // U+0000 and the like have no place in XML 1.0 at all, not even as references: S3 has EncodingType for them.
    const text = fc
      .string({ unit: 'grapheme' })
      .filter((value) => !/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(value));
    fc.assert(
      fc.property(text, (value) => {
        const { body } = xmlResponse('Root', { Key: value });
        const document = parseDocument(body as Uint8Array, 'Root');
        expect(textOf(document, 'Key')).toBe(value);
      }),
    );
  });

  it.each([
    '',
    'no xml',
    '<Root>',
    '<Other/>',
    '<Root/>',
    '<!DOCTYPE Root [<!ENTITY a "b">]><Root><Key>&a;</Key></Root>',
  ])('refuses %s', (text) => {
    expect(() => parseDocument(Buffer.from(text), 'Root')).toThrow(
      expect.objectContaining({ code: 'MalformedXML' }),
    );
  });
});
