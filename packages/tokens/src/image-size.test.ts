import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { imageSize } from './image-size.js';

function png(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(33);
  bytes.write('89504e470d0a1a0a0000000d49484452', 'hex');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
}

function gif(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(30);
  bytes.write('GIF89a', 'latin1');
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return bytes;
}

/** APP0, a quantisation table and padding stand before the frame, as cameras write it. */
function jpeg(width: number, height: number, frame = 0xc0): Buffer {
  const application = Buffer.from(`ffe00010${'00'.repeat(14)}`, 'hex');
  const table = Buffer.from(`ffdb0043${'01'.repeat(65)}`, 'hex');
  const start = Buffer.alloc(19);
  start.writeUInt16BE(0xff00 | frame, 0);
  start.writeUInt16BE(17, 2);
  start.writeUInt8(8, 4);
  start.writeUInt16BE(height, 5);
  start.writeUInt16BE(width, 7);
  return Buffer.concat([Buffer.from('ffd8', 'hex'), application, table, Buffer.from('ff', 'hex'), start]);
}

function webp(chunk: 'VP8X' | 'VP8L' | 'VP8 ', width: number, height: number): Buffer {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write(`WEBP${chunk}`, 8, 'latin1');
  if (chunk === 'VP8X') {
    bytes.writeUIntLE(width - 1, 24, 3);
    bytes.writeUIntLE(height - 1, 27, 3);
  } else if (chunk === 'VP8L') {
    bytes.writeUInt8(0x2f, 20);
    bytes.writeUInt32LE(((height - 1) << 14) | (width - 1), 21);
  } else {
    bytes.write('9d012a', 23, 'hex');
    bytes.writeUInt16LE(width, 26);
    bytes.writeUInt16LE(height, 28);
  }
  return bytes;
}

describe('imageSize', () => {
  it.each([
    ['PNG', png(1920, 1080)],
    ['GIF', gif(1920, 1080)],
    ['baseline JPEG', jpeg(1920, 1080)],
    ['progressive JPEG', jpeg(1920, 1080, 0xc2)],
    ['extended WebP', webp('VP8X', 1920, 1080)],
    ['lossless WebP', webp('VP8L', 1920, 1080)],
    ['lossy WebP', webp('VP8 ', 1920, 1080)],
  ])('reads the header of a %s', (_, bytes) => {
    expect(imageSize(bytes)).toEqual({ width: 1920, height: 1080 });
  });

  it('reads bytes that are a part of a larger buffer', () => {
    const outer = Buffer.concat([Buffer.alloc(7), png(10, 20), Buffer.alloc(5)]);
    expect(imageSize(outer.subarray(7, 40))).toEqual({ width: 10, height: 20 });
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('this is no picture at all, whatever its name says')],
    ['a JPEG cut before its frame', jpeg(1920, 1080).subarray(0, 40)],
    ['a JPEG with a broken marker', Buffer.concat([jpeg(5, 5).subarray(0, 20), Buffer.alloc(40)])],
    ['a RIFF that is no WebP', Buffer.concat([Buffer.from('RIFF0000WAVEfmt '), Buffer.alloc(30)])],
    ['a WebP of an unknown kind', Buffer.concat([Buffer.from('RIFF0000WEBPVP9 '), Buffer.alloc(30)])],
    ['a short WebP', webp('VP8X', 5, 5).subarray(0, 26)],
  ])('gives up on %s', (_, bytes) => {
    expect(imageSize(bytes)).toBeUndefined();
  });
});
