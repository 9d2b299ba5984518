import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withTags } from '@costkit/core';
import { type RecordedAnswer, recordedModel } from '@costkit/local';
import type { RoutingPolicy } from '@costkit/router';
import type { CostkitConfig } from 'costkit';
import { CliUsageError } from '../../cli-error.js';
import type { DemoStep, Scenario } from '../scenario.js';

/** The models are of 2024, and so are their prices: extended access has doubled one of them since. */
const START_MS = Date.parse('2025-06-01T09:00:00Z');

/** A model whose answers were recorded. */
interface RecordedTier {
  readonly name: string;
  /** Its name in the recordings. */
  readonly recording: string;
  readonly modelId: string;
  readonly model: string;
}

/** Cheap to strong. */
const TIERS: readonly RecordedTier[] = [
  {
    name: 'small',
    recording: 'Meta-Llama-3.1-70B-Instruct',
    modelId: 'us.meta.llama3-1-70b-instruct-v1:0',
    model: 'meta.llama3-1-70b-instruct-v1:0',
  },
  {
    name: 'middle',
    recording: 'Llama-3.1-405B-Inst@sambanova',
    modelId: 'us.meta.llama3-1-405b-instruct-v1:0',
    model: 'meta.llama3-1-405b-instruct-v1:0',
  },
  {
    name: 'strong',
    recording: 'claude-3-5-sonnet-20241022',
    modelId: 'us.anthropic.claude-3-5-sonnet-20241022-v2:0',
    model: 'anthropic.claude-3-5-sonnet-20241022-v2:0',
  },
];
const STRONG = TIERS.at(-1) as RecordedTier;

/** A task goes to the cheapest tier that loses at most this share of right answers, on the other half. */
const BAR = 0.02;

/** One line of ZeroEval's recordings. */
interface RecordedLine {
  readonly id: string;
  readonly task: string;
  readonly q: string;
  readonly prompt: string;
  readonly m: Readonly<Record<string, { readonly r: string; readonly ok: number; readonly out: number }>>;
}

async function readRecordings(folder: string): Promise<readonly RecordedLine[]> {
  const file = [join(folder, 'routing', 'zeroeval.jsonl.gz'), join(folder, 'zeroeval.jsonl.gz')].find(
    (path) => existsSync(path),
  );
  if (file === undefined) {
    throw new CliUsageError(
      `"${folder}" holds no recordings. Name a folder with zeroeval.jsonl.gz, or with routing/zeroeval.jsonl.gz in it`,
      'COSTKIT_NO_RECORDINGS',
    );
  }
  const lines: RecordedLine[] = [];
  for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
    const record = JSON.parse(line) as RecordedLine;
    if (TIERS.every(({ recording }) => record.m[recording] !== undefined)) lines.push(record);
  }
  return lines;
}

const scoreOf = (lines: readonly RecordedLine[], recording: string): number =>
  lines.reduce((right, line) => right + (line.m[recording]?.ok ?? 0), 0) / lines.length;

/** Which tasks may go to which tier, by the half of the recordings that is not run. */
function policyFrom(training: readonly RecordedLine[]): RoutingPolicy {
  const tasks: Record<string, RoutingPolicy['tasks'][string]> = {};
  for (const task of new Set(training.map((line) => line.task))) {
    const cases = training.filter((line) => line.task === task);
    const baselineScore = scoreOf(cases, STRONG.recording);
    const tier = TIERS.find(({ recording }) => baselineScore - scoreOf(cases, recording) <= BAR) ?? STRONG;
    if (tier === STRONG) continue;
    tasks[task] = {
      tier: tier.name,
      evidence: {
        model: tier.model,
        baselineModel: STRONG.model,
        evaluatedAt: '2025-06-01',
        cases: cases.length,
        score: scoreOf(cases, tier.recording),
        baselineScore,
      },
    };
  }
  return { version: 1, createdAt: '2025-06-01', provenance: { cases: 'ZeroEval, every second line' }, tasks };
}

function stepsWith(policy: RoutingPolicy): readonly [DemoStep, ...DemoStep[]] {
  const routing: CostkitConfig = {
    router: {
      tiers: TIERS.map(({ name, modelId }) => ({ name, modelId })),
      policy,
      clock: { now: () => START_MS, monotonicMs: () => START_MS },
    },
    promptCache: false,
    outputLimit: false,
  };
  const caching: CostkitConfig = { ...routing, promptCache: {} };
  return [
    { name: 'naive', config: undefined, batch: false },
    { name: 'routing', config: routing, batch: false },
    { name: 'prompt caching', config: caching, batch: false },
    { name: 'batch', config: caching, batch: true },
  ];
}

const answersOf = (lines: readonly RecordedLine[], recording: string): readonly RecordedAnswer[] =>
  lines.map((line) => {
    const { r: text, out: outputTokens } = line.m[recording] as RecordedLine['m'][string];
    return { core: line.q, text, outputTokens };
  });

/**
 * Recorded answers of real models: exam questions, all of which can wait. A step changes no answer, because an
 * answer cannot be recorded for a request that was never made: output limits are not among the steps.
 *
 * @param folder - holds ZeroEval's recordings as `zeroeval.jsonl.gz`.
 */
export async function recordedScenario(folder: string): Promise<Scenario> {
  const lines = await readRecordings(folder);
  const questions = lines.filter((_, index) => index % 2 === 1);
  const policy = policyFrom(lines.filter((_, index) => index % 2 === 0));
  return {
    startMs: START_MS,
    bedrock: {
      models: Object.fromEntries(
        TIERS.map(({ modelId, recording }) => [modelId, recordedModel(answersOf(questions, recording))]),
      ),
    },
    waitingFeature: 'exam',
    steps: stepsWith(policy),
    run: async ({ client, atOnce }) => {
      const texts = await atOnce(
        questions.map(
          (line) => () =>
            withTags({ feature: 'exam', task: line.task }, async () => {
              const messages = [{ role: 'user' as const, content: [{ text: line.prompt }] }];
              const output = await client.send(new ConverseCommand({ modelId: STRONG.modelId, messages }));
              return output.output?.message?.content?.[0]?.text ?? '';
            }),
        ),
      );
      const right = questions.filter((line, index) => {
        const given = Object.values(line.m).find((answer) => answer.r.trim() === texts[index]?.trim());
        return given?.ok === 1;
      });
      return { right: right.length, of: questions.length };
    },
  };
}

/** What a run on recordings assumes. */
export const RECORDED_NOTE: string = `The answers and their lengths are recordings of ${TIERS.map(({ recording }) => recording).join(', ')} (ZeroEval), at the prices of 2025-06-01; a task goes to the cheapest model that loses at most ${BAR * 100} points on the half of the questions that is not run. Input tokens are counted with o200k.`;
