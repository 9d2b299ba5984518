import { describe, expect, it } from 'vitest';
import type { HttpRequest } from '../contract.js';
import { readBody, readChecksum, storedEncoding } from './request-body.js';

const request = (body: string, headers: Record<string, string> = {}): HttpRequest => ({
  method: 'PUT',
  path: '/bucket/key',
  query: new URLSearchParams(),
  headers,
  body: Buffer.from(body),
  signal: new AbortController().signal,
});
const streaming = {
  'x-amz-content-sha256': 'STREAMING-UNSIGNED-PAYLOAD-TRAILER',
  'content-encoding': 'aws-chunked',
};

describe('readBody', () => {
  it('unpacks chunks and takes the checksum from the trailer', () => {
    const body = readBody(
      request('5\r\nhello\r\n6\r\n world\r\n0\r\nx-amz-checksum-crc32:DUoRhQ==\r\n\r\n', {
        ...streaming,
        'x-amz-trailer': 'x-amz-checksum-crc32',
        'x-amz-decoded-content-length': '11',
      }),
    );
    expect(Buffer.from(body.bytes).toString()).toBe('hello world');
    expect(body.expectedChecksum).toEqual({ algorithm: 'CRC32', value: 'DUoRhQ==' });
  });

  it('unpacks signed chunks', () => {
    const body = readBody(
      request('5;chunk-signature=ab12\r\nhello\r\n0;chunk-signature=cd34\r\n\r\n', {
        'x-amz-content-sha256': 'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
      }),
    );
    expect(Buffer.from(body.bytes).toString()).toBe('hello');
  });

  it.each([
    ['cut off in a chunk', '5\r\nhel', 'IncompleteBody'],
    ['cut off before the last chunk', '5\r\nhello\r\n', 'IncompleteBody'],
    ['a size that is no number', 'zz\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['a chunk longer than it says', '3\r\nhello\r\n0\r\n\r\n', 'IncompleteBody'],
    ['a trailer without a colon', '0\r\nnonsense\r\n\r\n', 'MalformedTrailerError'],
  ])('refuses a body with %s', (_what, body, code) => {
    expect(() => readBody(request(body, streaming))).toThrow(expect.objectContaining({ code }));
  });

  it('refuses a missing trailer, a wrong length and a wrong hash', () => {
    expect(() =>
      readBody(request('0\r\n\r\n', { ...streaming, 'x-amz-trailer': 'x-amz-checksum-crc32' })),
    ).toThrow(expect.objectContaining({ code: 'MalformedTrailerError' }));
    expect(() =>
      readBody(request('0\r\n\r\n', { ...streaming, 'x-amz-decoded-content-length': '4' })),
    ).toThrow(expect.objectContaining({ code: 'IncompleteBody' }));
    expect(() => readBody(request('x', { 'x-amz-content-sha256': '0'.repeat(64) }))).toThrow(
      expect.objectContaining({ code: 'XAmzContentSHA256Mismatch' }),
    );
  });
});

describe('readChecksum', () => {
  it('refuses two checksums, and one of the wrong length', () => {
    expect(() =>
      readChecksum({ 'x-amz-checksum-crc32': 'DUoRhQ==', 'x-amz-checksum-crc32c': 'DUoRhQ==' }),
    ).toThrow(expect.objectContaining({ code: 'InvalidRequest' }));
    expect(() => readChecksum({ 'x-amz-checksum-sha256': 'DUoRhQ==' })).toThrow(
      expect.objectContaining({
        code: 'InvalidRequest',
        message: 'Value for x-amz-checksum-sha256 header is invalid.',
      }),
    );
  });
});

describe('storedEncoding', () => {
  it('keeps what belongs to the object', () => {
    expect(storedEncoding(request('', { 'content-encoding': 'gzip, aws-chunked' }))).toBe('gzip');
    expect(storedEncoding(request('', { 'content-encoding': 'aws-chunked' }))).toBeUndefined();
    expect(storedEncoding(request(''))).toBeUndefined();
  });
});
