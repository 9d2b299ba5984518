/** Lines of a text that comes in pieces, all those that end in a piece together; an error of the source is thrown. */
export async function* readLineGroups(
  source: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<readonly string[]> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const piece of source) {
    rest += typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true });
    const end = rest.lastIndexOf('\n');
    if (end === -1) continue;
    const lines = rest.slice(0, end).split('\n');
    rest = rest.slice(end + 1);
    yield withoutReturns(lines);
  }
  rest += decoder.decode();
  if (rest !== '') yield withoutReturns([rest]);
}

/** Lines that end as on Windows. */
function withoutReturns(lines: string[]): readonly string[] {
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] as string;
    if (line.charCodeAt(line.length - 1) === 13) lines[index] = line.slice(0, -1);
  }
  return lines;
}

/** Lines of a text that comes in pieces, whatever cuts the pieces; an error of the source is thrown. */
export async function* readLines(source: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  for await (const lines of readLineGroups(source)) yield* lines;
}
