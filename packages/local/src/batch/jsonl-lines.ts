/** One line of a JSONL file. */
export interface JsonlLine {
  /** From 1, blank lines included. */
  readonly number: number;
  readonly text: string;
}

/** Splits bytes into lines as they come, blank lines left out. Only the current line is held in memory. */
export async function* jsonlLines(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<JsonlLine> {
  const decoder = new TextDecoder();
  let number = 0;
  let pending: string[] = [];
  const take = (): string => {
    const text = pending.join('').trim();
    pending = [];
    number += 1;
    return text;
  };
  for await (const chunk of bytes) {
    const pieces = decoder.decode(chunk, { stream: true }).split('\n');
    for (const [index, piece] of pieces.entries()) {
      pending.push(piece);
      if (index === pieces.length - 1) break;
      const text = take();
      if (text !== '') yield { number, text };
    }
  }
  pending.push(decoder.decode());
  const text = take();
  if (text !== '') yield { number, text };
}
