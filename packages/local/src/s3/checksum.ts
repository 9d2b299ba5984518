import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';

/** The checksum algorithms that the local S3 verifies. */
export const CHECKSUM_ALGORITHMS = ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const;

/** A checksum algorithm of S3. */
export type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** Takes bytes as they come and gives the digest at the end. */
export interface ChecksumHasher {
  update(bytes: Uint8Array): void;
  digest(): Promise<Buffer>;
}

/** Starts the checksum of one piece of content. */
export const startChecksum = (algorithm: ChecksumAlgorithm): ChecksumHasher => {
  if (algorithm === 'CRC32') return startCrc32();
  if (algorithm === 'SHA1' || algorithm === 'SHA256') {
    const hash = createHash(algorithm.toLowerCase());
    return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest() };
  }
  const hash = algorithm === 'CRC32C' ? new Crc32c() : new Crc64Nvme();
  return { update: (bytes) => hash.update(bytes), digest: async () => Buffer.from(await hash.digest()) };
};

/** The checksum of whole bytes, in base64. */
export const checksumOf = async (algorithm: ChecksumAlgorithm, bytes: Uint8Array): Promise<string> => {
  const hasher = startChecksum(algorithm);
  hasher.update(bytes);
  return (await hasher.digest()).toString('base64');
};

/** The checksum of an object from the checksums of its parts: the checksum of their digests, and their number. */
export const compositeChecksum = async (
  algorithm: ChecksumAlgorithm,
  parts: readonly string[],
): Promise<string> => {
  const digests = Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')));
  return `${await checksumOf(algorithm, digests)}-${parts.length}`;
};

/** Reads the name of an algorithm as S3 writes it in headers and documents; `undefined` when it is none. */
export const parseChecksumAlgorithm = (name: string | undefined): ChecksumAlgorithm | undefined =>
  CHECKSUM_ALGORITHMS.find((algorithm) => algorithm === name?.toUpperCase());

/** The header that carries a checksum of this algorithm. */
export const checksumHeader = (algorithm: ChecksumAlgorithm): string =>
  `x-amz-checksum-${algorithm.toLowerCase()}`;

const DIGEST_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** Whether a text can be a checksum of this algorithm, of whole bytes or of parts. */
export const isChecksum = (algorithm: ChecksumAlgorithm, text: string): boolean => {
  const [value = ''] = text.split(/-\d+$/);
  return Buffer.from(value, 'base64').byteLength === DIGEST_BYTES[algorithm];
};

const startCrc32 = (): ChecksumHasher => {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: async () => {
      const digest = Buffer.alloc(4);
      digest.writeUInt32BE(value);
      return digest;
    },
  };
};
