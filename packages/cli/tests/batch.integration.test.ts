import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Money } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.js';
import { localEnvironment } from './local-environment.js';
import { type CommandRun, runCommand } from './start-command.js';

const MODEL = 'us.amazon.nova-2-lite-v1:0';
const JOB = ['--bucket', 'files', '--role', 'arn:aws:iam::123456789012:role/batch', '--poll-seconds', '0.05'];

let bedrock: LocalBedrock;
let folder: string;
beforeAll(async () => {
  bedrock = await startLocalBedrock({ buckets: ['files'] });
  folder = mkdtempSync(join(tmpdir(), 'costkit-batch-command-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await bedrock.stop();
});

function batch(...args: string[]): Promise<CommandRun> {
  return runCommand(['batch', ...args], {
    env: localEnvironment(bedrock, folder),
  });
}

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

describe('costkit batch', { timeout: 120_000 }, () => {
  it('prices a table, runs it, and goes on from its journal for nothing', async () => {
    const file = join(folder, 'reviews.csv');
    const rows = Array.from({ length: 105 }, (_, index) => `${index},"Review ${index}, ""quoted"""`);
    writeFileSync(file, ['id,text', ...rows].join('\n'));
    const asRows = ['--model', MODEL, '--prompt', 'Summarise: {text}', '--id', 'id', '--max-tokens', '50'];

    const priced = await batch('price', file, ...asRows, '--json');
    expect(JSON.parse(priced.stdout)).toMatchObject({ records: 105, highestUsd: expect.any(String) });
    expect(bedrock.bill().lines).toHaveLength(0);

    const out = join(folder, 'reviews.results.jsonl');
    const ran = await batch('run', file, ...asRows, ...JOB, '--out', out, '--in-order', '--max-usd', '1');
    expect([ran.code, ran.stderr]).toEqual([0, `Journal: ${file}.journal\n`]);
    expect(ran.stdout).toMatch(/^105 answered for \$0\.\d+, 0 failed: /);
    const results = linesOf(out);
    expect(results.map(({ recordId }) => recordId)).toEqual(
      Array.from({ length: 105 }, (_, id) => String(id)),
    );
    expect(existsSync(`${out}.part`)).toBe(false);

    const paid = bedrock.bill().total.picoUsd;
    const shown = await batch('status', `${file}.journal`, '--json');
    expect(JSON.parse(shown.stdout)).toMatchObject({
      state: 'over',
      records: 105,
      jobs: [{ status: 'Completed', processedRecords: 105 }],
    });
    const again = await batch('resume', `${file}.journal`, '--out', out, '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({
      answered: 105,
      failed: 0,
      usd: Money.fromPicoUsd(bedrock.bill().total.picoUsd).toUsdString(),
    });
    expect(bedrock.bill().total.picoUsd).toBe(paid);
  });

  it.each([
    [
      'a file that is not there',
      ['run', 'nowhere.jsonl', '--model', MODEL, ...JOB, '--out', 'x'],
      /cannot read/,
    ],
    ['a file of another kind', ['price', 'rows.txt', '--model', MODEL], /no \.jsonl/],
    ['a table without a prompt', ['price', 'rows.csv', '--model', MODEL], /--prompt/],
    [
      'a column that is not there',
      ['price', 'rows.csv', '--model', MODEL, '--prompt', '{text}', '--region', 'us-east-1'],
      /"text".*id/,
    ],
    ['a journal that is none', ['status', 'nothing.journal'], /no journal of a batch/],
    ['a cap that is no number', ['price', 'rows.csv', '--model', MODEL, '--max-tokens', 'many'], /no number/],
  ])('says what is wrong with %s', async (_, args, message) => {
    for (const name of ['rows.csv', 'rows.txt']) writeFileSync(join(folder, name), 'id\n1\n');
    const inFolder = args.map((one) => (/^\w+\.\w+$|^x$/.test(one) ? join(folder, one) : one));
    const asked = createProgram().parseAsync(['node', 'costkit', 'batch', ...inFolder]);
    await expect(asked).rejects.toMatchObject({
      name: 'CliUsageError',
      message: expect.stringMatching(message),
    });
  });
});
