import { collectReceipts, Money } from '@costkit/core';
import { afterAll, describe, expect, it } from 'vitest';
import { type EvaluationReport, evaluateTiers, policyFrom } from '../src/evaluation.js';
import { withRouter } from '../src/index.js';
import {
  hasRecordedAnswers,
  RECORDED_CLOCK,
  type Recorded,
  type RecordedTier,
  startRecorded,
} from './recorded-answers.js';

const LLAMA_70B = {
  name: 'small',
  modelId: 'us.meta.llama3-1-70b-instruct-v1:0',
  recording: 'Meta-Llama-3.1-70B-Instruct',
};
const LLAMA_405B = {
  name: 'middle',
  modelId: 'us.meta.llama3-1-405b-instruct-v1:0',
  recording: 'Llama-3.1-405B-Inst@sambanova',
};
const SONNET = {
  name: 'sonnet',
  modelId: 'us.anthropic.claude-3-5-sonnet-20241022-v2:0',
  recording: 'claude-3-5-sonnet-20241022',
};
const OPUS = {
  name: 'opus',
  modelId: 'us.anthropic.claude-3-opus-20240229-v1:0',
  recording: 'claude-3-opus-20240229',
};

const evaluate = ({ client, evaluated, caseOf, tiers, grade }: Recorded): Promise<EvaluationReport> =>
  evaluateTiers({ client, cases: evaluated.map(caseOf), tiers, grade, clock: RECORDED_CLOCK });

/** What the questions that nobody evaluated cost and how many answers are right, bare and by the policy. */
async function compare(recorded: Recorded, report: EvaluationReport, tasks: readonly string[]) {
  const { bedrock, client, tiers } = recorded;
  const lines = recorded.others.filter(({ task }) => tasks.includes(task));
  const routed = withRouter(client, { tiers, policy: policyFrom(report), clock: RECORDED_CLOCK });
  const before = bedrock.bill().total.picoUsd;
  const bareRight = await recorded.ask(client, lines);
  const bare = bedrock.bill().total.picoUsd - before;
  const { result: routedRight, receipts } = await collectReceipts(() => recorded.ask(routed, lines));
  const spent = bedrock.bill().total.picoUsd - before - bare;
  expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(spent);
  const baselines = Money.sum(receipts.map(({ baseline }) => baseline ?? Money.zero)).picoUsd;
  return {
    questions: lines.length,
    lostPoints: (100 * (bareRight - routedRight)) / lines.length,
    spentShare: Number(spent) / Number(bare),
    // What the receipts estimate by the token ratio of the evaluation, beside what the bare client really paid.
    estimatedShare: Number(baselines) / Number(bare),
  };
}

describe.skipIf(!hasRecordedAnswers)(
  'evaluateTiers on all recorded answers of real models [needs ../shared/data]',
  { timeout: 600_000 },
  () => {
    let recorded: Recorded | undefined;
    const start = async (tiers: readonly RecordedTier[], cases: Readonly<Record<string, number>>) => {
      recorded = await startRecorded(tiers, cases);
      return recorded;
    };
    afterAll(() => recorded?.stop());

    it('downgrades the task that holds, and no other', async () => {
      const started = await start([LLAMA_70B, LLAMA_405B, SONNET], { gsm: 310, crux: 80, 'math-l5': 80 });
      const report = await evaluate(started);
      const verdicts = Object.fromEntries(
        report.tasks.map(({ task, tiers }) => [task, tiers.map(({ comparison }) => comparison?.verdict)]),
      );
      expect(verdicts).toEqual({
        gsm: ['undecided', 'holds', undefined],
        crux: ['loses', expect.stringMatching(/loses|undecided/), undefined],
        'math-l5': ['loses', expect.stringMatching(/loses|undecided/), undefined],
      });
      expect(Object.keys(policyFrom(report).tasks)).toEqual(['gsm']);
      expect(report.control?.difference).toBeGreaterThan(0);
      // More than two thirds of the dollars, at less than the five points that the bar allows.
      const { spentShare, lostPoints, estimatedShare } = await compare(started, report, ['gsm']);
      expect(spentShare).toBeLessThan(1 / 3);
      expect(lostPoints).toBeLessThan(5);
      expect(estimatedShare).toBeCloseTo(1, 1);
      await started.stop();
    });

    it('moves three tasks to the models that hold on each, for a fraction of the dollars', async () => {
      const tasks = { gsm: 310, crux: 199, 'math-l5': 189 };
      const started = await start([LLAMA_70B, LLAMA_405B, SONNET, OPUS], tasks);
      const report = await evaluate(started);
      expect(Object.keys(policyFrom(report).tasks).sort()).toEqual(['crux', 'gsm', 'math-l5']);
      const all = await compare(started, report, Object.keys(tasks));
      expect(all.questions).toBeGreaterThan(690);
      expect(all.spentShare).toBeLessThan(0.25);
      expect(all.lostPoints).toBeLessThan(0.5);
      for (const task of Object.keys(tasks))
        expect((await compare(started, report, [task])).lostPoints).toBeLessThan(5);
    });
  },
);
