import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../src/program.js';
import { localEnvironment } from './local-environment.js';
import { runInside } from './run-inside.js';
import type { CommandRun } from './start-command.js';

const TEACHER = 'us.amazon.nova-pro-v1:0';
const STUDENT = 'amazon.nova-micro-v1:0:128k';
const PAIR = ['--teacher', TEACHER, '--student', STUDENT];
const JOB = ['--bucket', 'data', '--role', 'arn:aws:iam::123456789012:role/distil', '--name', 'mail-student'];
const MINUTE_MS = 60_000;

let clock: ManualClock;
let bedrock: LocalBedrock;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-distill-command-'));
  clock = createManualClock(Date.UTC(2026, 10, 2));
  bedrock = await startLocalBedrock({
    clock,
    buckets: ['data'],
    models: { '*': { kind: 'fixed', answer: () => ({ parts: [{ type: 'text', text: 'Sorted.' }] }) } },
    customization: {
      timings: { validationMs: MINUTE_MS, dataProcessingMs: MINUTE_MS, trainingMs: 10 * MINUTE_MS },
    },
  });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await bedrock.stop();
});

const inFolder = (name: string): string => join(folder, name);
const distill = (...args: string[]): Promise<CommandRun> =>
  runInside(['distill', ...args], { env: localEnvironment(bedrock, folder) });
const linesOf = (name: string): Record<string, unknown>[] =>
  readFileSync(inFolder(name), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
const looks = (): number =>
  bedrock.requests().filter(({ operation }) => operation === 'GetModelCustomizationJob').length;

/** Lets the service's time pass with every request, until a command is done. */
async function whileTimePasses<Result>(running: Promise<Result>): Promise<Result> {
  let isDone = false;
  const done = running.finally(() => {
    isDone = true;
  });
  let seen = 0;
  while (!isDone) {
    const { length } = bedrock.requests();
    if (length !== seen) await clock.advance(MINUTE_MS);
    seen = length;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return done;
}

const run = (...args: string[]): Promise<CommandRun> =>
  whileTimePasses(
    distill('run', inFolder('train.jsonl'), ...PAIR, ...JOB, '--poll-seconds', '0.01', ...args),
  );

/** What the service logs of an application that asks the teacher. */
function writeLog(): void {
  const records = Array.from({ length: 130 }, (_, index) => {
    const mail = `Mail ${index} of customer 7700123`;
    return {
      schemaType: 'ModelInvocationLog',
      operation: 'Converse',
      modelId: TEACHER,
      requestMetadata: { feature: index % 10 === 0 ? 'chat' : 'mail' },
      input: {
        inputBodyJson: {
          system: [{ text: 'Sort the mail.' }],
          messages: [{ role: 'user', content: [{ text: mail }] }],
        },
      },
      output: { outputBodyJson: { output: { message: { content: [{ text: `Answer to ${mail}` }] } } } },
    };
  });
  mkdirSync(inFolder('logs'));
  writeFileSync(
    inFolder('logs/hour.json.gz'),
    gzipSync(records.map((one) => JSON.stringify(one)).join('\n')),
  );
}

describe('costkit distill', { timeout: 120_000 }, () => {
  it('goes from logs to a student that is called by token, for no more than was agreed to, and once', async () => {
    writeLog();
    const redact = inFolder('redact.mjs');
    writeFileSync(redact, "export default (text) => text.replaceAll('7700123', '<customer>');\n");
    const files = ['--out', inFolder('train.jsonl'), '--hold-out', inFolder('holdout.jsonl')];
    const chosen = ['--task', 'mail', '--answered', '--redact', redact, '--hold-out-share', '0.1'];
    const data = await distill('data', inFolder('logs'), ...PAIR, ...files, ...chosen);
    expect([data.code, data.stderr]).toEqual([0, '']);
    expect(data.stdout).toMatch(/^117 examples\n[\s\S]*mail[\s\S]*117[\s\S]*105[\s\S]*12[\s\S]*Written: /);
    const [lines, cases] = [linesOf('train.jsonl'), linesOf('holdout.jsonl')];
    expect([lines.length, cases.length]).toEqual([105, 12]);
    expect(JSON.stringify(lines)).toContain('Answer to Mail');
    expect(JSON.stringify([lines, cases])).not.toContain('7700123');
    expect(data.stdout).not.toContain('Answer to');
    expect(cases[0]).toMatchObject({ task: 'mail', expected: expect.stringMatching(/^Answer to Mail/) });
    expect(statSync(inFolder('train.jsonl')).mode & 0o777).toBe(0o600);

    const paidBefore = bedrock.bill().lines.length;
    const unknown = await distill('price', inFolder('train.jsonl'), ...PAIR, '--json');
    expect(JSON.parse(unknown.stdout)).toMatchObject({ prompts: 105, trainingUsd: null, totalUsd: null });
    const priced = await distill('price', inFolder('train.jsonl'), ...PAIR, '--training-usd', '8', '--json');
    const { totalUsd } = JSON.parse(priced.stdout) as { totalUsd: string };
    expect(Number(totalUsd)).toBeGreaterThan(0.5);
    const refused = await run('--max-usd', '0.01', '--training-usd', '8');
    expect([refused.code, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toMatch(/--max-usd is \$0.01.*smaller --max-answer-tokens/);
    expect((await run('--max-usd', '5')).stderr).toMatch(/Give --training-usd/);
    expect(bedrock.bill().lines).toHaveLength(paidBefore);

    const ran = await run('--max-usd', totalUsd, '--training-usd', '8');
    const jobArn = /^Job: (\S+)/.exec(ran.stderr)?.[1] ?? '';
    expect([ran.code, ran.stderr]).toEqual([0, `Job: ${jobArn}\n`]);
    const paid = bedrock.bill().lines.length;
    const shown = await distill('status', jobArn, '--json');
    const status = JSON.parse(shown.stdout);
    expect(status).toMatchObject({ status: 'Completed', jobArn, deploymentStatus: 'Active' });
    expect(ran.stdout).toContain(`'student=${status.deploymentArn}@amazon.nova-micro-v1:0'`);

    const again = await run('--training-usd', '8', '--json');
    expect(JSON.parse(again.stdout)).toMatchObject({ jobArn, deploymentArn: status.deploymentArn });
    expect(bedrock.bill().lines).toHaveLength(paid);

    const tiers = ['--tier', `student=${status.deploymentArn}@amazon.nova-micro-v1:0`, `teacher=${TEACHER}`];
    const forecast = await runInside(['eval', inFolder('holdout.jsonl'), ...tiers, '--grader', 'f1'], {
      env: localEnvironment(bedrock, folder),
    });
    expect([forecast.code, forecast.stderr]).toEqual([3, '']);
  });

  it('reads logs in S3, fetches batch jobs, and says what gave no example', async () => {
    const s3 = new S3Client(bedrock.s3ClientConfig);
    const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abcdefghijkl';
    const logged = Array.from({ length: 103 }, (_, index) => ({
      schemaType: 'ModelInvocationLog',
      operation: 'Converse',
      modelId: profile,
      input:
        index === 0
          ? {}
          : {
              inputBodyJson: {
                messages: [
                  { role: 'user', content: index === 1 ? [{ image: {} }] : [{ text: `Letter ${index}` }] },
                ],
              },
            },
      output: { outputBodyJson: { output: { message: { content: [{ text: 'Filed.' }] } } } },
    }));
    const Body = gzipSync(logged.map((one) => JSON.stringify(one)).join('\n'));
    await s3.send(new PutObjectCommand({ Bucket: 'data', Key: 'logs/hour.json.gz', Body }));
    s3.destroy();
    const out = ['--out', inFolder('s3.jsonl'), '--model', `${profile}=${TEACHER}`];
    const data = await distill(
      'data',
      's3://data/logs',
      'batch-jobs:us-east-1',
      ...PAIR,
      ...out,
      '--answered',
    );
    expect([data.code, data.stderr]).toEqual([0, '']);
    expect(data.stdout).toMatch(
      /^101 examples\nNo examples: 1 whose text is not in the source .*, 1 with media\n/,
    );
    expect(linesOf('s3.jsonl')).toHaveLength(101);
    const few = await distill('data', 's3://data/logs', ...PAIR, '--out', inFolder('s3.jsonl'), '--answered');
    expect([few.code, few.stderr]).toEqual([
      2,
      expect.stringMatching(/^costkit: no examples: 1 [\s\S]*TOO_FEW_PROMPTS/),
    ]);
  });

  it('leaves the job alone where somebody interrupts it, and stops it when told', async () => {
    const name = ['--name', 'interrupted'];
    const begun = looks();
    const args = [inFolder('train.jsonl'), ...PAIR, ...JOB, ...name, '--no-deploy'];
    // The look that comes after this one would be an hour later.
    const interrupted = distill('run', ...args, '--poll-seconds', '3600');
    while (looks() === begun) await new Promise((resolve) => setImmediate(resolve));
    process.emit('SIGINT');
    const { code, stdout, stderr } = await interrupted;
    expect([code, stdout]).toEqual([130, '']);
    const jobArn = /costkit distill stop (\S+)`/.exec(stderr)?.[1] ?? '';
    expect((await distill('status', jobArn)).stdout).toMatch(
      /InProgress, validation\nModel: interrupted, not/,
    );
    expect((await distill('stop', jobArn)).stdout).toBe(`Stopped: ${jobArn}\n`);
    const ended = await whileTimePasses(distill('run', ...args, '--poll-seconds', '0.01'));
    expect([ended.code, ended.stdout]).toEqual([1, '']);
    expect(ended.stderr).toMatch(/ended as Stopped.*COSTKIT_DISTILLATION_JOB_FAILED/);
    expect(await distill('status', 'nothing')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^costkit: AWS refused/),
    });
  });

  it('takes batch outputs and examples, and tells them apart', async () => {
    const user = (text: string): object => ({ role: 'user', content: [{ text }] });
    const records = Array.from({ length: 60 }, (_, index) => ({
      recordId: `r${index}`,
      modelInput: { messages: [user(`Record ${index}`)] },
      modelOutput: { output: { message: { content: [{ text: `Result ${index}` }] } } },
    }));
    const examples = Array.from({ length: 60 }, (_, index) => ({
      task: 'notes',
      messages: [user(`Note ${index % 50}`)],
      ...(index % 2 === 0 ? {} : { answer: 'Noted.' }),
    }));
    const write = (name: string, rows: readonly object[]): string => {
      writeFileSync(inFolder(name), rows.map((row) => JSON.stringify(row)).join('\n'));
      return inFolder(name);
    };
    const sources = [write('batch.jsonl.out', records), write('notes.jsonl', examples)];
    const made = await distill('data', ...sources, ...PAIR, '--out', inFolder('mixed.jsonl'), '--json');
    expect(JSON.parse(made.stdout)).toMatchObject({
      train: 110,
      holdOut: 0,
      seen: 120,
      repeated: 10,
      tasks: [
        { task: 'batch', train: 60 },
        { task: 'notes', train: 50 },
      ],
      out: inFolder('mixed.jsonl'),
    });
    const few = await distill('data', ...sources, ...PAIR, '--out', inFolder('few.jsonl'), '--answered');
    expect([few.code, few.stderr]).toEqual([2, expect.stringMatching(/TOO_FEW_PROMPTS/)]);
  });

  it.each([
    ['a folder that is not there', ['nowhere'], /cannot be read/],
    ['a source of another kind', ['other.json'], /holds nothing that examples are made of/],
    [
      'a pair that AWS does not distil',
      ['notes.jsonl', '--student', 'amazon.nova-pro-v1:0'],
      /does not list/,
    ],
    ['one file for both', ['notes.jsonl', '--hold-out', 'x'], /are the same file/],
    ['a share without a file', ['notes.jsonl', '--hold-out-share', '0.2'], /needs --hold-out FILE/],
    ['a balance that is none', ['notes.jsonl', '--balance', 'fair'], /even or as-asked/],
    ['a source without prompts', ['cloudwatch:us-east-1'], /"cloudwatch:us-east-1" holds no prompts/],
    ['days that are none', ['batch-jobs:us-east-1', '--days', '0.5'], /--days "0.5" is no whole number/],
    ['a Region that is none', ['batch-jobs:here'], /is no Region/],
    ['a model without a name', ['notes.jsonl', '--model', 'x'], /cannot be used for --model/],
    ['a count that is none', ['notes.jsonl', '--prompts', 'many'], /--prompts "many" is no number/],
    ['a count that no job takes', ['notes.jsonl', '--prompts', '7'], /^costkit: --prompts must be from 100/],
    ['a module that is not there', ['notes.jsonl', '--redact', 'none.mjs'], /cannot be loaded/],
    ['a module without a function', ['notes.jsonl', '--redact', 'empty.mjs'], /exports no function/],
    ['a function that throws', ['notes.jsonl', '--redact', 'throws.mjs'], /threw RangeError\. Nothing/],
    ['a function without a text', ['notes.jsonl', '--redact', 'nothing.mjs'], /returned no text/],
  ])('says what is wrong with %s', async (_, args, message) => {
    writeFileSync(inFolder('other.json'), '{"some": "thing"}');
    writeFileSync(inFolder('empty.mjs'), 'export const other = 1;');
    writeFileSync(inFolder('throws.mjs'), 'export const redact = (text) => { throw new RangeError(text); };');
    writeFileSync(inFolder('nothing.mjs'), 'export default async (text) => text;');
    writeFileSync(
      inFolder('notes.jsonl'),
      JSON.stringify({ messages: [{ role: 'user', content: [{ text: 'Secret' }] }] }),
    );
    const named = args.map((one) => (/^[a-z]+\.\w+$|^x$|^nowhere$/.test(one) ? inFolder(one) : one));
    const asked = ['node', 'costkit', 'distill', 'data', ...PAIR, '--out', inFolder('x'), ...named];
    const error: unknown = await createProgram()
      .parseAsync(asked)
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ message: expect.stringMatching(message) });
    expect((error as Error).message).not.toContain('Secret');
  });
});
