import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Money } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.js';
import { localEnvironment } from './local-environment.js';
import { runInside } from './run-inside.js';
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

const batch = (...args: string[]): Promise<CommandRun> =>
  runInside(['batch', ...args], { env: localEnvironment(bedrock, folder) });

const asProcess = (...args: string[]): Promise<CommandRun> =>
  runCommand(['batch', ...args], { env: localEnvironment(bedrock, folder) });

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
    const ran = await asProcess(
      ...['run', file, ...asRows, ...JOB, '--out', out, '--in-order', '--max-usd', '1'],
    );
    expect([ran.code, ran.stderr]).toEqual([0, `Journal: ${file}.journal\n`]);
    expect(ran.stdout).toMatch(/^105 answered for (\$0\.\d+), \1 less than on demand; 0 failed: /);
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
    const stopped = await batch('stop', `${file}.journal`);
    expect([stopped.code, stopped.stdout]).toEqual([0, 'No job runs.\n']);
  });

  it('runs a Parquet file, its equal rows once', async () => {
    const file = join(folder, 'mails.parquet');
    const texts = Array.from({ length: 240 }, (_, index) => `Mail ${index % 110}`);
    parquetWriteFile({ filename: file, columnData: [{ name: 'text', data: texts, type: 'STRING' }] });
    const before = bedrock.bill().lines.length;
    const rows = ['--model', MODEL, '--prompt', 'Sort: {text}', '--merge'];
    const ran = await batch('run', file, ...rows, ...JOB, '--json');
    const out = `${file}.results.jsonl`;
    expect(JSON.parse(ran.stdout)).toMatchObject({ answered: 240, failed: 0, out });
    expect(bedrock.bill().lines.length - before).toBe(110);
    expect(linesOf(out).filter(({ isShared }) => isShared === true)).toHaveLength(130);
    rmSync(out);
    expect(await batch('resume', `${file}.journal`)).toMatchObject({ code: 0 });
    expect(linesOf(out)).toHaveLength(240);
  });

  it('leaves the results of an earlier run alone where this one comes to nothing, and says why in its own words', async () => {
    const file = join(folder, 'few.csv');
    writeFileSync(file, 'id,text\n1,one\n');
    const out = join(folder, 'few.results.jsonl');
    writeFileSync(out, 'results of yesterday');
    const asked = ['run', file, '--model', MODEL, '--prompt', '{text}', ...JOB, '--out', out];
    const { code, stdout, stderr } = await batch(...asked);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/say --on-demand to send them one by one.*COSTKIT_BATCH_TOO_FEW_RECORDS/);
    expect([readFileSync(out, 'utf8'), existsSync(`${out}.part`)]).toEqual(['results of yesterday', false]);
  });

  it('says how to go on where somebody interrupts it, and goes on', async () => {
    const file = join(folder, 'long.jsonl');
    const input = { messages: [{ role: 'user', content: [{ text: 'Sort this mail.' }] }] };
    writeFileSync(file, Array.from({ length: 100 }, () => JSON.stringify({ input })).join('\n'));
    const out = join(folder, 'long.results.jsonl');
    const run = ['run', file, '--model', MODEL, ...JOB, '--out', out];
    // The look that comes after this one would be an hour later.
    const interrupted = batch(...run, '--poll-seconds', '3600');
    const begun = (): boolean =>
      existsSync(`${file}.journal`) && readFileSync(`${file}.journal`, 'utf8').includes('"created"');
    while (!begun()) await new Promise((resolve) => setImmediate(resolve));
    process.emit('SIGINT');
    const { code, stdout, stderr } = await interrupted;
    expect([code, stdout, existsSync(out)]).toEqual([130, '', false]);
    expect(stderr).toContain(`\`costkit batch stop ${file}.journal\` stops them`);
    const again = await batch(...run);
    expect([again.code, linesOf(out).length]).toEqual([0, 100]);
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
    [
      'a role that is none',
      ['run', 'rows.csv', '--model', MODEL, '--prompt', '{id}', ...JOB, '--role', 'admin', '--out', 'x'],
      /^costkit: --role must be the ARN/,
    ],
    [
      'a deadline that is no time',
      ['run', 'rows.csv', '--model', MODEL, '--prompt', '{id}', ...JOB, '--out', 'x', '--deadline', 'soon'],
      /^costkit: --deadline must be a valid/,
    ],
    ['a cap that is no number', ['price', 'rows.csv', '--model', MODEL, '--max-tokens', 'many'], /no number/],
    [
      'a cap below one',
      ['price', 'rows.csv', '--model', MODEL, '--max-tokens', '-1'],
      /no whole number above 0/,
    ],
    [
      'a cap of rows for records that have their own',
      ['price', 'rows.jsonl', '--model', MODEL, '--max-tokens', '200'],
      /^costkit: --max-tokens is for rows of a table/,
    ],
  ])('says what is wrong with %s', async (_, args, message) => {
    for (const name of ['rows.csv', 'rows.txt', 'rows.jsonl']) writeFileSync(join(folder, name), 'id\n1\n');
    const inFolder = args.map((one) => (/^[a-z]+\.\w+$|^x$/.test(one) ? join(folder, one) : one));
    const asked = createProgram().parseAsync(['node', 'costkit', 'batch', ...inFolder]);
    await expect(asked).rejects.toMatchObject({
      name: 'CliUsageError',
      message: expect.stringMatching(message),
    });
  });
});
