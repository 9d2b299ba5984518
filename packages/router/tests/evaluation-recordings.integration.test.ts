import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, deriveClient, Money, settingsPlugin, withTags } from '@costkit/core';
import { createManualClock, type LocalBedrock, recordedModel, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type EvaluationCase,
  type EvaluationReport,
  evaluateTiers,
  type Grader,
  makeGrader,
  policyFrom,
} from '../src/evaluation.js';
import { withRouter } from '../src/index.js';
import { billed } from './evaluation-fixture.js';

const FILE = fileURLToPath(new URL('../../../../shared/data/routing/zeroeval.jsonl.gz', import.meta.url));

/** The models are of 2024, and so are their prices: extended access has doubled one of them since. */
const NOW = Date.parse('2025-06-01T09:00:00Z');
const CLOCK = { now: () => NOW, monotonicMs: () => performance.now() };

const TIERS = [
  { name: 'small', modelId: 'us.meta.llama3-1-70b-instruct-v1:0' },
  { name: 'middle', modelId: 'us.meta.llama3-1-405b-instruct-v1:0' },
  { name: 'strong', modelId: 'us.anthropic.claude-3-5-sonnet-20241022-v2:0' },
];
const STRONG = TIERS[2]?.modelId as string;
const RECORDINGS = [
  'Meta-Llama-3.1-70B-Instruct',
  'Llama-3.1-405B-Inst@sambanova',
  'claude-3-5-sonnet-20241022',
];
/** How many of each task are evaluated; as many others are run with the policy. */
const CASES: Readonly<Record<string, number>> = { gsm: 310, crux: 80, 'math-l5': 80 };

interface RecordedLine {
  readonly id: string;
  readonly task: string;
  readonly q: string;
  readonly prompt: string;
  readonly m: Readonly<Record<string, { readonly r: string; readonly ok: number; readonly out: number }>>;
}

const readLines = (): RecordedLine[] =>
  gunzipSync(readFileSync(FILE))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedLine);

describe.skipIf(!existsSync(FILE))(
  'evaluateTiers on recorded answers of real models [needs ../shared/data]',
  () => {
    let bedrock: LocalBedrock;
    let client: BedrockRuntimeClient;
    let evaluated: RecordedLine[];
    let others: RecordedLine[];
    let grade: Grader;
    let report: EvaluationReport;

    const caseOf = ({ id, task, prompt }: RecordedLine): EvaluationCase => ({
      id,
      task,
      request: {
        messages: [{ role: 'user', content: [{ text: prompt }] }],
        inferenceConfig: { maxTokens: 4_096 },
      },
    });

    beforeAll(async () => {
      const lines = readLines();
      const some = (half: number): RecordedLine[] =>
        Object.entries(CASES).flatMap(([task, count]) =>
          lines
            .filter((line) => line.task === task)
            .filter((_, index) => index % 2 === half)
            .slice(0, count),
        );
      [evaluated, others] = [some(0), some(1)];
      const used = [...evaluated, ...others];
      bedrock = await startLocalBedrock({
        clock: createManualClock(NOW),
        models: Object.fromEntries(
          TIERS.map(({ modelId }, index) => [
            modelId,
            recordedModel(
              used.map((line) => {
                const { r: text, out: outputTokens } = line.m[
                  RECORDINGS[index] ?? ''
                ] as RecordedLine['m'][string];
                return { core: line.q, text, outputTokens };
              }),
            ),
          ]),
        ),
      });
      client = deriveClient(new BedrockRuntimeClient(bedrock.clientConfig), settingsPlugin({ clock: CLOCK }));
      const right = new Set(
        used.flatMap((line) =>
          Object.values(line.m).flatMap(({ r, ok }) => (ok === 1 ? [`${line.id} ${r.trim()}`] : [])),
        ),
      );
      // What ZeroEval's own grader said of each recorded answer.
      grade = makeGrader({ id: 'zeroeval' }, ({ text }, { id }) => right.has(`${id} ${text.trim()}`));
      report = await evaluateTiers({
        client,
        cases: evaluated.map(caseOf),
        tiers: TIERS,
        grade,
        clock: CLOCK,
      });
    }, 180_000);
    afterAll(async () => {
      client.destroy();
      await bedrock.stop();
    });

    it('grades as the recordings are graded, and is billed what it says', () => {
      for (const { task, tiers } of report.tasks) {
        const lines = evaluated.filter((line) => line.task === task);
        for (const [index, { score, failures }] of tiers.entries()) {
          const right = lines.filter((line) => line.m[RECORDINGS[index] ?? '']?.ok === 1).length;
          expect(score * lines.length).toBeCloseTo(right - failures.cut, 6);
        }
      }
      expect(report.spentUsdExact).toBe(billed(bedrock));
      expect(report.spentUsd).toBeLessThanOrEqual(report.forecast.highestUsd ?? 0);
    });

    it('downgrades the task that holds, and no other', () => {
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
    });

    it('saves dollars on questions it has never seen, and keeps their quality', async () => {
      const policy = policyFrom(report);
      const routed = withRouter(client, { tiers: TIERS, policy, clock: CLOCK });
      const before = bedrock.bill().total.picoUsd;
      const run = async (asking: typeof client): Promise<number> => {
        let right = 0;
        for (const line of others.filter(({ task }) => task === 'gsm')) {
          const command = new ConverseCommand({ ...caseOf(line).request, modelId: STRONG });
          const output = await withTags({ task: line.task }, () => asking.send(command));
          const text = output.output?.message?.content?.[0]?.text ?? '';
          if (await grade({ text, toolUses: [], stopReason: undefined }, caseOf(line), { tier: '' }))
            right += 1;
        }
        return right;
      };
      const bareRight = await run(client);
      const bare = bedrock.bill().total.picoUsd - before;
      const { result: routedRight, receipts } = await collectReceipts(() => run(routed));
      const spent = bedrock.bill().total.picoUsd - before - bare;
      expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero)).picoUsd).toBe(spent);
      // More than two thirds of the dollars, at less than the five points that the bar allows.
      expect(Number(spent) / Number(bare)).toBeLessThan(1 / 3);
      expect((bareRight - routedRight) / others.filter(({ task }) => task === 'gsm').length).toBeLessThan(
        0.05,
      );
      // What the receipts estimate by the token ratio of the evaluation is what the bare client really paid.
      const estimated = Money.sum(receipts.map(({ baseline }) => baseline ?? Money.zero)).picoUsd;
      expect(Number(estimated) / Number(bare)).toBeCloseTo(1, 1);
    }, 120_000);
  },
);
