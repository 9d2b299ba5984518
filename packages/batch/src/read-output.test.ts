import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { OutputLine } from './job.js';
import { type BrokenLines, readOutput } from './read-output.js';
import type { BatchJobOptions } from './types.js';

const usage = { inputTokens: 3, outputTokens: 5 };
const request = {
  messages: [{ role: 'user', content: [{ text: 'A "quoted" \\ text, ,"modelOutput":{ too' }] }],
};

/** Reads lines as a job's output, one file of them. */
async function read(lines: readonly string[]): Promise<{ read: OutputLine[]; broken: BrokenLines }> {
  const s3 = {
    config: {},
    send: (command: { constructor: { name: string } }) =>
      Promise.resolve(
        command.constructor.name === 'ListObjectsV2Command'
          ? { Contents: [{ Key: 'output/one.jsonl.out' }, { Key: 'output/manifest.json.out' }] }
          : { Body: Readable.from([Buffer.from(lines.join('\n'))]) },
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
});
