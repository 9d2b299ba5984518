import { describe, expect, it } from 'vitest';
import {
  checksumHeader,
  checksumOf,
  compositeChecksum,
  parseChecksumAlgorithm,
  startChecksum,
} from './checksum.js';

const digits = Buffer.from('123456789');

describe('checksumOf', () => {
  // Published check values for the ASCII digits 1 to 9 (CRC catalogue; RFC 3174, FIPS 180-4 via any tool).
  it.each([
    ['CRC32', 'cbf43926'],
    ['CRC32C', 'e3069283'],
    ['CRC64NVME', 'ae8b14860a799888'],
    ['SHA1', 'f7c3bc1d808e04732adf679965ccc34ca7ae3441'],
    ['SHA256', '15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225'],
  ] as const)('computes %s', async (algorithm, hex) => {
    expect(Buffer.from(await checksumOf(algorithm, digits), 'base64').toString('hex')).toBe(hex);
    const hasher = startChecksum(algorithm);
    for (const digit of digits) hasher.update(Buffer.from([digit]));
    expect((await hasher.digest()).toString('hex')).toBe(hex);
  });

  it('gives the checksum of nothing', async () => {
    expect(await checksumOf('CRC32', Buffer.alloc(0))).toBe('AAAAAA==');
  });
});

describe('compositeChecksum', () => {
  it('is the checksum of the digests, and their number', async () => {
    const parts = await Promise.all(['one', 'two'].map((part) => checksumOf('SHA256', Buffer.from(part))));
    const digests = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
    expect(await compositeChecksum('SHA256', parts)).toBe(`${await checksumOf('SHA256', digests)}-2`);
  });
});

describe('parseChecksumAlgorithm', () => {
  it('reads names in any case, and nothing else', () => {
    expect(parseChecksumAlgorithm('crc64nvme')).toBe('CRC64NVME');
    expect(parseChecksumAlgorithm('MD5')).toBeUndefined();
    expect(parseChecksumAlgorithm(undefined)).toBeUndefined();
    expect(checksumHeader('CRC32C')).toBe('x-amz-checksum-crc32c');
  });
});
