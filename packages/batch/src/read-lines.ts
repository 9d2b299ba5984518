import { Buffer } from 'node:buffer';

const LINE_BREAK = 10;
const RETURN = 13;
const BYTE_ORDER_MARK = '\uFEFF';

/** Where the line ends that a place is in: at its break, or with the text. */
export function endOfLine(bytes: Buffer, from: number): number {
  const end = bytes.indexOf(LINE_BREAK, from);
  return end === -1 ? bytes.length : end;
}

/** Pieces of a text, whole lines each; an error of the source is thrown. */
export async function* readWholeLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const { buffer, byteOffset, byteLength } of source) {
    const piece = Buffer.from(buffer, byteOffset, byteLength);
    const end = piece.lastIndexOf(LINE_BREAK) + 1;
    if (end === 0) {
      begun.push(piece);
      continue;
    }
    const whole = piece.subarray(0, end);
    yield begun.length === 0 ? whole : Buffer.concat([...begun, whole]);
    begun = end === piece.length ? [] : [piece.subarray(end)];
  }
  const last = Buffer.concat(begun);
  if (last.length > 0) yield last;
}

/** Lines of a text that comes in pieces, all those that end in a piece together; an error of the source is thrown. */
export async function* readLineGroups(source: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let isFirst = true;
  for await (const piece of readWholeLines(source)) {
    const isEnded = piece.at(-1) === LINE_BREAK;
    const text = piece.toString('utf8', 0, isEnded ? piece.length - 1 : piece.length);
    yield withoutReturns((isFirst ? withoutMark(text) : text).split('\n'));
    isFirst = false;
  }
}

const withoutMark = (text: string): string => (text.startsWith(BYTE_ORDER_MARK) ? text.slice(1) : text);

/** Lines that end as on Windows. */
function withoutReturns(lines: string[]): readonly string[] {
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string;
    if (line.charCodeAt(line.length - 1) === RETURN) lines[index] = line.slice(0, -1);
  }
  return lines;
}

/** Lines of a text that comes in pieces, whatever cuts the pieces; an error of the source is thrown. */
export async function* readLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  for await (const lines of readLineGroups(source)) yield* lines;
}
