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

/** The recordings are of 2024; the prices are today's. */
const START_MS = Date.parse('2026-11-16T09:00:00Z');
const STRONG = {
  recording: 'Llama-3.1-405B-Inst@sambanova',
  modelId: 'us.meta.llama3-1-405b-instruct-v1:0',
  model: 'meta.llama3-1-405b-instruct-v1:0',
};
const CHEAP = {
  recording: 'Meta-Llama-3.1-70B-Instruct',
  modelId: 'us.meta.llama3-1-70b-instruct-v1:0',
  model: 'meta.llama3-1-70b-instruct-v1:0',
};
/** A task goes to the cheap tier when it loses at most this share of right answers there, on the other half. */
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
    if (record.m[STRONG.recording] !== undefined && record.m[CHEAP.recording] !== undefined)
      lines.push(record);
  }
  return lines;
}

const scoreOf = (lines: readonly RecordedLine[], recording: string): number =>
  lines.reduce((right, line) => right + (line.m[recording]?.ok ?? 0), 0) / lines.length;

/** Which tasks may go to the cheap tier, by the half of the recordings that is not run. */
function policyFrom(training: readonly RecordedLine[]): RoutingPolicy {
  const tasks: Record<string, RoutingPolicy['tasks'][string]> = {};
  for (const task of new Set(training.map((line) => line.task))) {
    const cases = training.filter((line) => line.task === task);
    const [score, baselineScore] = [scoreOf(cases, CHEAP.recording), scoreOf(cases, STRONG.recording)];
    if (baselineScore - score > BAR) continue;
    const evidence = {
      model: CHEAP.model,
      baselineModel: STRONG.model,
      evaluatedAt: '2026-11-16',
      cases: cases.length,
      score,
      baselineScore,
    };
    tasks[task] = { tier: 'cheap', evidence };
  }
  return { version: 1, createdAt: '2026-11-16', provenance: { cases: 'ZeroEval, every second line' }, tasks };
}

function stepsWith(policy: RoutingPolicy): readonly [DemoStep, ...DemoStep[]] {
  const routing: CostkitConfig = {
    router: {
      tiers: [
        { name: 'cheap', modelId: CHEAP.modelId },
        { name: 'strong', modelId: STRONG.modelId },
      ],
      policy,
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
      models: {
        [STRONG.modelId]: recordedModel(answersOf(questions, STRONG.recording)),
        [CHEAP.modelId]: recordedModel(answersOf(questions, CHEAP.recording)),
      },
    },
    waitingFeature: 'exam',
    steps: stepsWith(policy),
    run: async ({ client, whileTimePasses }) => {
      const texts = await whileTimePasses(
        Promise.all(
          questions.map((line) =>
            withTags({ feature: 'exam', task: line.task }, async () => {
              const messages = [{ role: 'user' as const, content: [{ text: line.prompt }] }];
              const output = await client.send(new ConverseCommand({ modelId: STRONG.modelId, messages }));
              return output.output?.message?.content?.[0]?.text ?? '';
            }),
          ),
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
export const RECORDED_NOTE: string = `The answers and their lengths are recordings of ${STRONG.recording} and ${CHEAP.recording} (ZeroEval); a task is routed down when it loses at most ${BAR * 100} points on the half of the questions that is not run. Input tokens are counted with o200k.`;
