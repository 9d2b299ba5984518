import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { OutputLine } from './job.js';
import { type BrokenLines, readOutput } from './read-output.js';
import type { BatchJobOptions } from './types.js';

const usage = { inputTokens: 3, outputTokens: 5 };
const request = {
  messages: [{ role: 'user', content: [{ text: 'A "quoted" \\ text, ,"modelOutput":{ too' }] }],
};

function* piecesOf(bytes: Buffer, length: number): Generator<Buffer> {
  for (let from = 0; from < bytes.length; from += length) yield bytes.subarray(from, from + length);
}

/** Reads lines as a job's output, one file of them. */
async function read(
  lines: readonly string[],
  pieceBytes = 1 << 20,
): Promise<{ read: OutputLine[]; broken: BrokenLines }> {
  const s3 = {
    config: {},
    send: (command: { constructor: { name: string } }) =>
      Promise.resolve(
        command.constructor.name === 'ListObjectsV2Command'
          ? { Contents: [{ Key: 'output/one.jsonl.out' }, { Key: 'output/manifest.json.out' }] }
          : { Body: Readable.from(piecesOf(Buffer.from(lines.join('\n')), pieceBytes)) },
      ),
  };
  const options = { s3, bucket: 'files' } as unknown as BatchJobOptions;
  const broken: BrokenLines = { count: 0, first: '' };
  const found: OutputLine[] = [];
  for await (const some of readOutput(options, 'token', broken)) found.push(...some);
  return { read: found, broken };
}

describe('readOutput', () => {
  it.each([
    ['in the usual order', { recordId: 'a', modelInput: request, modelOutput: { usage } }],
    ['with its id at the end', { modelInput: request, modelOutput: { usage }, recordId: 'a' }],
    ['with more members behind it', { recordId: 'a', modelOutput: { usage }, single: { mode: 'flex' } }],
    ['whose id holds quotes', { recordId: 'a"\\b', modelInput: request, modelOutput: { usage } }],
    [
      'whose request has a member of that name',
      {
        recordId: 'a',
        modelInput: { a: 1, modelOutput: { usage: { inputTokens: 99 } } },
        modelOutput: { usage },
      },
    ],
    [
      'whose answer has a member of that name',
      { recordId: 'a', modelInput: request, modelOutput: { usage, a: 1, modelOutput: { usage: 1 } } },
    ],
  ])('reads a line %s', async (_, line) => {
    const { read: found, broken } = await read([JSON.stringify(line)]);
    expect(found).toMatchObject([{ recordId: line.recordId, modelOutput: line.modelOutput }]);
    expect(broken.count).toBe(0);
  });

  it('keeps the request where the answer does not count its tokens, and the error where there is none', async () => {
    const uncounted = { recordId: 'a', modelInput: request, modelOutput: { outputs: [{ text: 'one' }] } };
    const failed = { recordId: 'b', modelInput: request, error: { errorCode: 400, errorMessage: 'bad' } };
    const empty = { recordId: 'c', modelInput: request, modelOutput: null, error: { errorCode: 500 } };
    const lines = [uncounted, failed, empty];
    expect((await read(lines.map((line) => JSON.stringify(line)))).read).toEqual(lines);
  });

  it.each([
    ['cut in its request', '{"recordId":"a","modelInput":{"messa'],
    ['cut in its answer', '{"recordId":"a","modelInput":{},"modelOutput":{"usage":{"inputTok'],
    ['without an id', '{"modelInput":{},"modelOutput":{"usage":{}}}'],
    ['that is no object', '"modelOutput"'],
    ['that is null', 'null'],
  ])('counts a line %s as broken, and reads the others', async (_, line) => {
    const whole = JSON.stringify({ recordId: 'a', modelInput: request, modelOutput: { usage } });
    const { read: found, broken } = await read([whole, line, whole]);
    expect(found).toHaveLength(2);
    expect(broken).toEqual({ count: 1, first: 'line 2 of s3://files/output/one.jsonl.out' });
  });

  it('reads the same wherever the pieces are cut', async () => {
    const lines = [
      { recordId: 'ä', modelInput: request, modelOutput: { usage, text: '発行' } },
      { recordId: 'b', modelInput: request, error: { errorCode: 400 } },
      { recordId: 'c', modelInput: request, modelOutput: { usage } },
    ].map((line) => JSON.stringify(line));
    for (const pieceBytes of [1, 2, 3, 7, 64, 201]) {
      const { read: found, broken } = await read([...lines, 'null'], pieceBytes);
      expect(found.map(({ recordId, modelOutput, error }) => ({ recordId, modelOutput, error }))).toEqual([
        { recordId: 'ä', modelOutput: { usage, text: '発行' } },
        { recordId: 'b', error: { errorCode: 400 } },
        { recordId: 'c', modelOutput: { usage } },
      ]);
      expect(broken).toEqual({ count: 1, first: 'line 4 of s3://files/output/one.jsonl.out' });
    }
  });
});
