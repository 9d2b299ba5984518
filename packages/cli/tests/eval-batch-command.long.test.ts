import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Money } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import type { EvaluationReport } from '@costkit/router/evaluation';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { localEnvironment } from './local-environment.js';
import { runCommand } from './start-command.js';

const CASES = 110;
const NOVA = ['--tier', 'cheap=us.amazon.nova-lite-v1:0', 'strong=us.amazon.nova-pro-v1:0'];

let bedrock: LocalBedrock;
let folder: string;
beforeAll(async () => {
  bedrock = await startLocalBedrock({ buckets: ['evaluations'] });
  folder = mkdtempSync(join(tmpdir(), 'costkit-eval-batch-'));
});
afterAll(async () => {
  await bedrock.stop();
  rmSync(folder, { recursive: true });
});

describe('costkit eval by batch jobs, on the clock of the machine', () => {
  it('asks all tiers at half price, and says what the bill says', async () => {
    const cases = join(folder, 'cases.jsonl');
    const line = (index: number): string =>
      JSON.stringify({
        id: String(index),
        task: 'summarise',
        request: {
          messages: [{ role: 'user', content: [{ text: `Summarise review ${index}.` }] }],
          inferenceConfig: { maxTokens: 1_000 },
        },
        expected: 'the',
      });
    writeFileSync(cases, Array.from({ length: CASES }, (_, index) => line(index)).join('\n'));
    const { code, stdout, stderr } = await runCommand(
      [
        ...['eval', cases, ...NOVA, '--grader', 'contains', '--yes', '--json'],
        ...['--batch-bucket', 'evaluations', '--batch-role', 'arn:aws:iam::123456789012:role/batch'],
      ],
      {
        env: localEnvironment(bedrock, folder),
      },
    );
    expect(stderr).toBe('');
    expect(code).toBe(0);
    const report = JSON.parse(stdout) as EvaluationReport;
    expect(report.outcomes).toHaveLength(2 * CASES);
    expect(report.spentUsdExact).toBe(Money.fromPicoUsd(bedrock.bill().total.picoUsd).toUsdString());
    for (const { usd, paidUsd } of report.outcomes) expect(paidUsd).toBeCloseTo((usd ?? 0) / 2, 12);
  }, 300_000);
});
