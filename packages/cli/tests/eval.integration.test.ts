import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalBedrock, type LocalModel, startLocalBedrock } from '@costkit/local';
import { loadRoutingPolicy } from '@costkit/router';
import type { EvaluationReport } from '@costkit/router/evaluation';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { describeError } from '../src/cli-error.js';
import { createProgram } from '../src/program.js';
import { localEnvironment } from './local-environment.js';
import { runInside } from './run-inside.js';
import type { CommandRun } from './start-command.js';

const [HAIKU, OPUS] = ['us.anthropic.claude-haiku-5-5', 'us.anthropic.claude-opus-5-5'];

/** Knows the capital of every land; the cheap one not of those whose number ends in 3. */
const knowing = (all: boolean): LocalModel => ({
  kind: 'scripted',
  answer: ({ userText }) => {
    const number = /land (\d+)/.exec(userText)?.[1] ?? '';
    const isHard = userText.includes('hard') && number.endsWith('3');
    return { parts: [{ type: 'text', text: all || !isHard ? `Capital ${number}` : 'I do not know' }] };
  },
});

const JUDGE = 'us.anthropic.claude-sonnet-5-5';
/** Prefers the answer that names a capital. */
const judging: LocalModel = {
  kind: 'judge',
  answer: ({ userText }) => {
    const first = /<first>\n(.*)\n<\/first>/.exec(userText)?.[1] ?? '';
    return { parts: [{ type: 'text', text: first.startsWith('Capital') ? 'FIRST' : 'SECOND' }] };
  },
};

let bedrock: LocalBedrock;
let folder: string;
let cases: string;
beforeAll(async () => {
  bedrock = await startLocalBedrock({
    models: { [HAIKU]: knowing(false), [OPUS]: knowing(true), [JUDGE]: judging },
  });
});
afterAll(() => bedrock.stop());
let requestsBefore = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-eval-'));
  cases = join(folder, 'cases.jsonl');
  const line = (task: string, index: number): string =>
    JSON.stringify({
      id: `${task}-${index}`,
      task,
      request: {
        messages: [{ role: 'user', content: [{ text: `Capital of land ${index}, ${task}?` }] }],
        inferenceConfig: { maxTokens: 20 },
      },
      expected: `Capital ${index}`,
    });
  writeFileSync(
    cases,
    Array.from({ length: 50 }, (_, index) => line(index < 30 ? 'easy' : 'hard', index)).join('\n'),
  );
  requestsBefore = bedrock.requests().length;
  return () => rmSync(folder, { recursive: true });
});
const asked = (): number => bedrock.requests().length - requestsBefore;

/** The command, as people run it. */
const evaluate = (...args: string[]): Promise<CommandRun> =>
  runInside(['eval', cases, ...args], { env: localEnvironment(bedrock, folder) });

/** The command in this process, which is faster: what it throws is what `bin.ts` prints and exits with. */
async function failureOf(...args: string[]): Promise<{ message: string; exitCode: number }> {
  for (const [name, value] of Object.entries(localEnvironment(bedrock, folder))) vi.stubEnv(name, value);
  try {
    await createProgram().parseAsync(['node', 'costkit', 'eval', cases, ...args]);
  } catch (error) {
    return describeError(error);
  } finally {
    vi.unstubAllEnvs();
  }
  throw new Error('The command did not fail.');
}

const TIERS = ['--tier', `cheap=${HAIKU}`, `strong=${OPUS}`, '--grader', 'exact'];

describe('costkit eval', { timeout: 60_000 }, () => {
  it('only shows a forecast without --yes, and asks nobody', async () => {
    const { code, stdout } = await evaluate(...TIERS);
    expect(code).toBe(3);
    expect(stdout).toMatch(/strong +│ us\.anthropic\.claude-opus-5-5 +│ +50 │/);
    expect(stdout).toContain('Nothing was asked; --yes does it.');
    const json = await evaluate(...TIERS, '--json');
    expect(JSON.parse(json.stdout).forecast).toMatchObject({ calls: 100 });
    expect(asked()).toBe(0);
  });

  it('prints the verdicts and writes policy and page; a second time for nothing', async () => {
    const [policy, html, results] = ['policy.json', 'report.html', 'results.jsonl'].map((name) =>
      join(folder, name),
    );
    const files = ['--results', results ?? '', '--policy', policy ?? '', '--html', html ?? ''];
    const { code, stdout, stderr } = await evaluate(
      ...TIERS,
      '--yes',
      '--max-usd',
      '5',
      '--max-loss',
      '20',
      ...files,
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/easy on cheap: Holds: loses nothing on 30 cases/);
    expect(stdout).toMatch(/hard on cheap: (?:Does not hold|Not enough cases): loses 10\.0 points on 20/);
    expect(stdout).toContain('With these cases a loss of five points shows in');
    expect(stdout).toContain('The same dollars saved by chance');
    const { tasks, provenance } = await loadRoutingPolicy(policy ?? '');
    expect(Object.keys(tasks)).toEqual(['easy']);
    expect(tasks['easy']).toMatchObject({ tier: 'cheap', evidence: { cases: 30, confidence: 0.95 } });
    expect(provenance?.['bar']).toContain('20 points');
    const page = readFileSync(html ?? '', 'utf8');
    expect(page).toContain('1 of 2 tasks may go to a cheaper model');
    expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
    expect(asked()).toBe(100);

    const again = await evaluate(...TIERS, '--max-loss', '20', ...files, '--json');
    expect(again.code).toBe(0);
    expect(JSON.parse(again.stdout) as EvaluationReport).toMatchObject({ resumed: 100, missing: 0 });
    expect(asked()).toBe(100);
  });

  it('takes the bar, and graders by task', async () => {
    const { stdout } = await evaluate(
      ...['--tier', `cheap=${HAIKU}`, `strong=${OPUS}`, '--grader', 'easy=exact', 'hard=contains'],
      ...['--max-loss', '40', '--confidence', '90', '--min-cases', '10', '--yes', '--json'],
    );
    const report = JSON.parse(stdout) as EvaluationReport;
    expect(report.graders).toEqual({ easy: 'exact', hard: 'contains' });
    expect(report.bar).toMatchObject({ maxLoss: 0.4, confidence: 0.9, minCases: 10 });
    expect(report.tasks.map(({ choice }) => choice)).toEqual(['cheap', 'cheap']);
  });

  it('has a judge compare answers in both orders, and reports how far it agrees with itself', async () => {
    const { stdout, code } = await evaluate(
      ...['--tier', `cheap=${HAIKU}`, `strong=${OPUS}`, '--grader', 'judge', '--judge', JUDGE],
      ...['--max-loss', '40', '--min-cases', '10', '--yes', '--json'],
    );
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as EvaluationReport;
    // The two cases in which the answers differ, once in each order.
    expect(report.judge).toMatchObject({ compared: 2, agreement: 1, unreadable: 0, ties: 0 });
    expect(asked()).toBe(100 + 2 * 2);
    expect(report.gradingUsd).toBeGreaterThan(0);
    expect(report.tasks.map(({ choice }) => choice)).toEqual(['cheap', 'cheap']);
  });

  it.each([
    [['--tier', 'cheap', '--grader', 'exact'], /"cheap" is no tier/],
    [['--tier', `cheap=${HAIKU}`, `strong=${OPUS}`, '--grader', 'best'], /"best" is no grader/],
    [['--tier', `cheap=${HAIKU}`, `strong=${OPUS}`, '--grader', 'exact', 'f1'], /Write task=grader/],
    [['--tier', `cheap=${HAIKU}`, `strong=${OPUS}`, '--grader', 'judge'], /needs --judge/],
    [['--tier', `cheap=${HAIKU}=x`, `strong=${OPUS}`, '--grader', 'exact'], /=x" is no tier/],
    [[...TIERS, '--max-loss', 'few'], /--max-loss "few" is no number/],
    [[...TIERS, '--max-loss', '0'], /--max-loss "0" must be points, e.g. 5/],
    [[...TIERS, '--confidence', '0.95'], /--confidence "0.95" must be percent, from 50 to below 100/],
    [[...TIERS, '--keep-answers'], /--keep-answers does nothing without --results/],
    [[...TIERS, '--stop-at-max-usd'], /--stop-at-max-usd does nothing without --max-usd/],
    [[...TIERS, '--judge', JUDGE], /--judge does nothing without --grader judge/],
    [[...TIERS, '--batch-bucket', 'b'], /both --batch-bucket and --batch-role/],
    [[...TIERS, '--policy', 'no-such-folder/p.json', '--yes'], /cannot write/],
    [[...TIERS, '--max-usd', '0.000001', '--yes'], /more than maxUsd/],
  ])('exits with 2 and one line for what it cannot use: %j', async (args, message) => {
    const failure = await failureOf(...args);
    expect(failure.message).toMatch(message);
    expect(failure.message.trim().split('\n')).toHaveLength(1);
    expect(failure.exitCode).toBe(2);
    expect(asked()).toBe(0);
  });

  it('writes over nothing that it reads', async () => {
    const before = readFileSync(cases, 'utf8');
    for (const options of [
      ['--policy', cases],
      ['--results', 'r.jsonl', '--html', './r.jsonl'],
      ['--policy', 'p', '--html', 'p'],
    ]) {
      const { message, exitCode } = await failureOf(...TIERS, ...options, '--yes');
      expect(message).toMatch(/is named twice, and would be written over/);
      expect(exitCode).toBe(2);
    }
    expect(readFileSync(cases, 'utf8')).toBe(before);
  });

  it('names the line of a file that is no case, in one line, and exits with 2', async () => {
    writeFileSync(cases, '{"id":"1"}\n');
    const { code, stderr, stdout } = await evaluate(...TIERS);
    expect(stderr).toMatch(/^costkit.*line 1 of ".*cases\.jsonl" is no case: "task" must be.*\n$/);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(existsSync(join(folder, 'results.jsonl'))).toBe(false);
  });
});
