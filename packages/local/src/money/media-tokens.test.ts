import { describe, expect, it } from 'vitest';
import { imageTokens, mediaTokens, pdfTokens } from './media-tokens.js';

const png = (width: number, height: number): string => {
  const bytes = Buffer.alloc(33);
  bytes.write('\u0089PNG\r\n\u001a\n', 'latin1');
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes.toString('base64');
};
const gif = (width: number, height: number): string => {
  const bytes = Buffer.alloc(20);
  bytes.write('GIF89a', 'latin1');
  bytes.writeUInt16LE(width, 6);
  bytes.writeUInt16LE(height, 8);
  return bytes.toString('base64');
};
/** A JPEG with a segment before the frame header, as cameras write. */
const jpeg = (width: number, height: number): string => {
  const bytes = Buffer.alloc(40);
  bytes.writeUInt16BE(0xffd8, 0);
  bytes.writeUInt16BE(0xffe0, 2);
  bytes.writeUInt16BE(6, 4);
  bytes.writeUInt16BE(0xffc0, 10);
  bytes.writeUInt16BE(17, 12);
  bytes.writeUInt16BE(height, 15);
  bytes.writeUInt16BE(width, 17);
  return bytes.toString('base64');
};
const webp = (width: number, height: number): string => {
  const bytes = Buffer.alloc(40);
  bytes.write('RIFF', 0, 'latin1');
  bytes.write('WEBPVP8X', 8, 'latin1');
  bytes.writeUIntLE(width - 1, 24, 3);
  bytes.writeUIntLE(height - 1, 27, 3);
  return bytes.toString('base64');
};

describe('imageTokens', () => {
  it.each([
    ['PNG', png],
    ['GIF', gif],
    ['JPEG', jpeg],
    ['WebP', webp],
  ])('reads the size of a %s', (_, image) => {
    expect(imageTokens(image(300, 250))).toBe(100);
    expect(imageTokens(image(1, 1))).toBe(1);
    expect(imageTokens(image(4000, 3000))).toBe(1568);
  });

  it('counts an image it cannot read as a full one', () => {
    expect(imageTokens(Buffer.from('no image').toString('base64'))).toBe(1568);
    expect(imageTokens('')).toBe(1568);
  });
});

describe('pdfTokens', () => {
  it('counts pages, not the tree of pages', () => {
    const pdf = '%PDF-1.7 /Type /Pages /Kids /Type /Page /Type/Page';
    expect(pdfTokens(Buffer.from(pdf).toString('base64'))).toBe(2 * 2250);
    expect(pdfTokens('')).toBe(2250);
  });
});

describe('mediaTokens', () => {
  it('grows with size', () => {
    expect(mediaTokens(Buffer.alloc(10 * 1024).toString('base64'))).toBe(44);
  });
});
