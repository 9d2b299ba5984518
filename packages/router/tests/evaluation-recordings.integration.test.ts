import { collectReceipts, Money } from '@costkit/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EvaluationReport, evaluateTiers, policyFrom } from '../src/evaluation.js';
import { withRouter } from '../src/index.js';
import { billed } from './evaluation-fixture.js';
import { hasRecordedAnswers, RECORDED_CLOCK, type Recorded, startRecorded } from './recorded-answers.js';

const TIERS = [
  {
    name: 'middle',
    modelId: 'us.anthropic.claude-3-5-sonnet-20241022-v2:0',
    recording: 'claude-3-5-sonnet-20241022',
  },
  {
    name: 'strong',
    modelId: 'us.anthropic.claude-3-opus-20240229-v1:0',
    recording: 'claude-3-opus-20240229',
  },
];

describe.skipIf(!hasRecordedAnswers)(
  'evaluateTiers on recorded answers of real models [needs ../shared/data]',
  () => {
    let recorded: Recorded;
    let report: EvaluationReport;
    beforeAll(async () => {
      recorded = await startRecorded(TIERS, { gsm: 40, crux: 25, 'math-l5': 30 });
      report = await evaluateTiers({
        client: recorded.client,
        cases: recorded.evaluated.map(recorded.caseOf),
        tiers: recorded.tiers,
        grade: recorded.grade,
        bar: { maxLoss: 0.2, minCases: 20 },
        clock: RECORDED_CLOCK,
      });
    }, 60_000);
    afterAll(() => recorded.stop());

    it('grades as the recordings are graded, and is billed what it says', () => {
      for (const { task, tiers } of report.tasks) {
        const lines = recorded.evaluated.filter((line) => line.task === task);
        for (const [index, { score, failures }] of tiers.entries()) {
          const right = lines.filter((line) => line.m[TIERS[index]?.recording ?? '']?.ok === 1).length;
          expect(score * lines.length).toBeCloseTo(right - failures.cut, 6);
        }
      }
      expect(report.spentUsdExact).toBe(billed(recorded.bedrock));
      expect(report.spentUsd).toBeLessThanOrEqual(report.forecast.highestUsd ?? 0);
    });

    it('saves dollars on three tasks, on questions it has never seen, without a loss', async () => {
      const policy = policyFrom(report);
      expect(Object.keys(policy.tasks).sort()).toEqual(['crux', 'gsm', 'math-l5']);
      const { bedrock, client, tiers, others } = recorded;
      const routed = withRouter(client, { tiers, policy, clock: RECORDED_CLOCK });
      const before = bedrock.bill().total.picoUsd;
      const bareRight = await recorded.ask(client, others);
      const bare = bedrock.bill().total.picoUsd - before;
      const { result: routedRight, receipts } = await collectReceipts(() => recorded.ask(routed, others));
      const spent = bedrock.bill().total.picoUsd - before - bare;
      expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(spent);
      expect(Number(spent) / Number(bare)).toBeLessThan(1 / 3);
      expect(routedRight).toBeGreaterThanOrEqual(bareRight);
    }, 60_000);
  },
);
