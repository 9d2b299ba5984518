import { describe, expect, it } from 'vitest';
import { nonAsciiBytes } from './non-ascii-bytes.js';

describe('nonAsciiBytes', () => {
  it.each([
    ['Plain text, 100 % of it.\n', 0],
    ['größer: 5 €', 7],
    ['Привет', 12],
    ['你好', 6],
    ['𠮷', 4],
    ['z\u0351\u036b', 4],
    ['\ud800', 3],
    ['', 0],
  ])('of %j are %i', (text, bytes) => {
    expect(nonAsciiBytes(text)).toBe(bytes);
  });
});
