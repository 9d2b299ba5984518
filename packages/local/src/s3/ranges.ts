import type { ByteRange, ObjectMetadata } from './object-store.js';
import { S3Error } from './s3-error.js';

/**
 * The bytes that a `Range` header asks for; `undefined` stands for all. What is not one range of bytes is
 * ignored, as HTTP demands and S3 does.
 * @throws S3Error `InvalidRange`
 */
export const parseRange = (header: string | undefined, size: number): ByteRange | undefined => {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? '') ?? [];
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== '' && last !== '' && Number(first) > Number(last)) return undefined;
  if (start > end) {
    throw new S3Error('InvalidRange', {
      details: { RangeRequested: header ?? '', ActualObjectSize: String(size) },
    });
  }
  return { start, end };
};

/** The bytes of one part of an object; one that was not uploaded in parts is its own first part. @throws S3Error */
export const partRange = (object: ObjectMetadata, partNumber: string): ByteRange | undefined => {
  const parts = object.parts ?? [{ partNumber: 1, size: object.size }];
  // Parts are counted by their place: their own numbers may have gaps.
  const place = Number(partNumber);
  const part = parts[place - 1];
  if (!/^\d+$/.test(partNumber) || part === undefined) throw new S3Error('InvalidRange');
  if (object.size === 0) return undefined;
  const start = parts.slice(0, place - 1).reduce((sum, { size }) => sum + size, 0);
  return { start, end: start + part.size - 1 };
};
