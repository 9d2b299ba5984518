import { Buffer } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { pdfPages } from './pdf-pages.js';

const pdf = (body: string): Buffer => Buffer.from(`%PDF-1.7\n${body}\n%%EOF`, 'latin1');

describe('pdfPages', () => {
  it('counts page objects, and not their tree', () => {
    const tree = '1 0 obj << /Type /Pages /Count 3 /Kids [2 0 R 3 0 R 4 0 R] >> endobj\n';
    expect(pdfPages(pdf(`${tree}${'2 0 obj << /Type /Page /Parent 1 0 R >> endobj\n'.repeat(3)}`))).toBe(3);
  });

  it.each(['/Type/Page/Parent 1 0 R', '/Type\n/Page>>', '/Type  /Page /Parent'])('reads %j', (text) => {
    expect(pdfPages(pdf(`<< ${text} >>`))).toBe(1);
  });

  it('does not know how many pages there are when objects are compressed', () => {
    expect(
      pdfPages(pdf('5 0 obj << /Type /ObjStm /N 12 /Filter /FlateDecode >> stream x endstream')),
    ).toBeUndefined();
  });

  it('does not take other files for a PDF', () => {
    expect(pdfPages(Buffer.from('/Type /Page'))).toBeUndefined();
    expect(pdfPages(new Uint8Array())).toBeUndefined();
  });
});
