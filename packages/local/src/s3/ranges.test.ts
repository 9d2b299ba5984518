import { describe, expect, it } from 'vitest';
import type { ObjectMetadata } from './object-store.js';
import { parseRange, partRange } from './ranges.js';

describe('parseRange', () => {
  it.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-99', { start: 0, end: 9 }],
    ['bytes=9-', { start: 9, end: 9 }],
    ['bytes=-3', { start: 7, end: 9 }],
    ['bytes=-30', { start: 0, end: 9 }],
  ])('reads %s of ten bytes', (header, range) => {
    expect(parseRange(header, 10)).toEqual(range);
  });

  it.each([undefined, '', 'bytes=-', 'bytes=5-2', 'bytes=0-1,3-4', 'items=0-1'])('ignores %s', (header) => {
    expect(parseRange(header, 10)).toBeUndefined();
  });

  it.each(['bytes=10-', 'bytes=10-12', 'bytes=-0'])('cannot satisfy %s', (header) => {
    expect(() => parseRange(header, 10)).toThrow(
      expect.objectContaining({ code: 'InvalidRange', status: 416 }),
    );
  });
});

describe('partRange', () => {
  const object = {
    size: 10,
    parts: [
      { partNumber: 2, size: 6 },
      { partNumber: 9, size: 4 },
    ],
  } as unknown as ObjectMetadata;

  it('counts parts by their place', () => {
    expect(partRange(object, '1')).toEqual({ start: 0, end: 5 });
    expect(partRange(object, '2')).toEqual({ start: 6, end: 9 });
    expect(() => partRange(object, '3')).toThrow(expect.objectContaining({ code: 'InvalidRange' }));
    expect(() => partRange(object, 'x')).toThrow(expect.objectContaining({ code: 'InvalidRange' }));
  });

  it('takes a whole object as its own part', () => {
    const whole = { size: 10 } as ObjectMetadata;
    expect(partRange(whole, '1')).toEqual({ start: 0, end: 9 });
    expect(partRange({ size: 0 } as ObjectMetadata, '1')).toBeUndefined();
  });
});
