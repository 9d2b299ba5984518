import { Buffer } from 'node:buffer';

const isNameEnd = (code: number | undefined): boolean =>
  code === undefined || !/[A-Za-z]/.test(String.fromCharCode(code));

/**
 * Counts the pages of a PDF by its page objects.
 *
 * @returns `undefined` when none is readable, as in files that keep their objects compressed
 * @internal
 */
export function pdfPages(bytes: Uint8Array): number | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.toString('latin1', 0, 5) !== '%PDF-') return undefined;
  let pages = 0;
  for (let at = buffer.indexOf('/Type'); at >= 0; at = buffer.indexOf('/Type', at + 5)) {
    let value = at + 5;
    while (buffer[value] === 0x20 || buffer[value] === 0x0a || buffer[value] === 0x0d) value++;
    if (buffer.toString('latin1', value, value + 5) === '/Page' && isNameEnd(buffer[value + 5])) pages++;
  }
  return pages > 0 ? pages : undefined;
}
