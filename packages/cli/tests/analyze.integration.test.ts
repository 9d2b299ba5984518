import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PROVISIONED, writeWastefulLogs } from './analyze-logs-folder.js';
import { runInside } from './run-inside.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-analyze-'));
  writeWastefulLogs(join(folder, 'logs'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('costkit analyze', { timeout: 60_000 }, () => {
  it('prints the ranking and writes the report', async () => {
    const html = join(folder, 'report.html');
    const { code, stdout, stderr } = await runInside([
      'analyze',
      join(folder, 'logs'),
      '--html',
      html,
      '--engineer-day-usd',
      '0',
      '--stage',
      'seed',
      '--funding',
      'none',
      '--credits',
      'Activate=25000@24',
    ]);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout).toMatch(/a month could be \$/);
    expect(stdout).toMatch(/│ +1 │ Cache tools and system prompt/);
    expect(stdout).toContain("promptCache: { mode: 'enforce'");
    expect(stdout).toMatch(
      /Runway, in no amount above[\s\S]*Yours last \d[\s\S]*Activate Founders[\s\S]*Unknown: Whether you may/,
    );
    expect(stdout).not.toContain('Activate Portfolio');
    expect(stdout).toContain("costkit plan credits --pool 'Activate=25000@24' --usage ");
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('prints JSON with every digit', async () => {
    const model = `${PROVISIONED}=amazon.nova-pro-v1:0`;
    const { code, stdout } = await runInside(['analyze', join(folder, 'logs'), '--json', '--model', model]);
    expect(code).toBe(0);
    const analysis = JSON.parse(stdout);
    expect(analysis).toMatchObject({ version: 1, calls: 400, unpriced: 0 });
    expect(analysis.total).toMatch(/^\d+\.\d+$/);
    expect(analysis.recommendations[0]).toMatchObject({
      rank: 1,
      kind: 'prompt-caching',
      confidence: 'high',
    });
  });

  it.each([
    [['analyze', 'no-such-folder'], /"no-such-folder" cannot be read/],
    [['analyze', '.', '--html', 'no-such-folder/report.html'], /cannot write/],
    [['analyze', '.', '--evaluation', 'no-such-file'], /"no-such-file" cannot be read as JSON/],
    [['analyze', '.', '--memory-mb', 'much'], /--memory-mb "much" is no number/],
    [['analyze', '.', '--model', 'arn'], /Write name=value/],
    [['analyze', '.', '--stage', 'ipo'], /credits\.stage/],
    [['analyze', '.', '--credits', 'much'], /is no pool/],
    [
      ['analyze', '.', '--training-usd', 'amazon.nova-lite-v1:0=much'],
      /trainingUsdPerMillionTokens.*dollars/,
    ],
  ])('exits with 2 and one line for what it cannot use: %j', async (args, message) => {
    const { code, stdout, stderr } = await runInside(args.map((arg) => (arg === '.' ? folder : arg)));
    expect(stderr).toMatch(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect([code, stdout]).toEqual([2, '']);
  });
});
