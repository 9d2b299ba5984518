/** A line without its end; `undefined` in place of one that is longer than allowed. */
export type Line = string | undefined;

const NEWLINE = 0x0a;

/**
 * Splits bytes into lines in constant memory: a line that is too long is passed over, not kept. Lines end with `\n`
 * or `\r\n`.
 */
export async function* splitLines(chunks: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Line> {
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  const add = (piece: Uint8Array): void => {
    bytes += piece.length;
    if (bytes > maxBytes) pieces = [];
    else pieces.push(piece);
  };
  const take = (): Line => {
    const line = bytes > maxBytes ? undefined : Buffer.concat(pieces).toString('utf8').replace(/\r$/, '');
    pieces = [];
    bytes = 0;
    return line;
  };
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      add(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    if (start < chunk.length) add(chunk.subarray(start));
  }
  if (bytes > 0) yield take();
}
