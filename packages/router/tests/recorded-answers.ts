import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { type Clock, deriveClient, settingsPlugin, withTags } from '@costkit/core';
import { createManualClock, type LocalBedrock, recordedModel, startLocalBedrock } from '@costkit/local';
import { type EvaluationCase, type Grader, makeGrader } from '../src/evaluation.js';
import type { RouterTier } from '../src/index.js';

const FILE = fileURLToPath(new URL('../../../../shared/data/routing/zeroeval.jsonl.gz', import.meta.url));

/** Whether the recorded answers are beside the repository. */
export const hasRecordedAnswers: boolean = existsSync(FILE);

/** The models are of 2024, and so are their prices: extended access has doubled some of them since. */
const NOW = Date.parse('2025-06-01T09:00:00Z');
export const RECORDED_CLOCK: Clock = { now: () => NOW, monotonicMs: () => performance.now() };

/** A tier whose answers were recorded under another name. */
export interface RecordedTier extends RouterTier {
  readonly recording: string;
}

/** One question with the answers that real models gave, and whether each was right. */
interface RecordedLine {
  readonly id: string;
  readonly task: string;
  readonly q: string;
  readonly prompt: string;
  readonly m: Readonly<Record<string, { readonly r: string; readonly ok: number; readonly out: number }>>;
}

/** A local Bedrock that gives the recorded answers, and two samples of the questions. */
export interface Recorded {
  readonly bedrock: LocalBedrock;
  readonly client: BedrockRuntimeClient;
  readonly tiers: readonly RouterTier[];
  /** To be evaluated. */
  readonly evaluated: readonly RecordedLine[];
  /** Questions that no evaluation has seen, as many of each task. */
  readonly others: readonly RecordedLine[];
  readonly grade: Grader;
  caseOf(line: RecordedLine): EvaluationCase;
  /** Asks the last tier's model each question under its task, and counts the right answers. */
  ask(client: BedrockRuntimeClient, lines: readonly RecordedLine[]): Promise<number>;
  stop(): Promise<void>;
}

const readLines = (): RecordedLine[] =>
  gunzipSync(readFileSync(FILE))
    .toString()
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as RecordedLine);

/** @param cases - how many of each task are evaluated; as many others are kept aside. */
export async function startRecorded(
  recordedTiers: readonly RecordedTier[],
  cases: Readonly<Record<string, number>>,
): Promise<Recorded> {
  const lines = readLines();
  const some = (half: number): RecordedLine[] =>
    Object.entries(cases).flatMap(([task, count]) =>
      lines
        .filter((line) => line.task === task)
        .filter((_, index) => index % 2 === half)
        .slice(0, count),
    );
  const [evaluated, others] = [some(0), some(1)];
  const used = [...evaluated, ...others];
  const answersOf = (recording: string) =>
    used.map((line) => {
      const { r: text, out: outputTokens } = line.m[recording] as RecordedLine['m'][string];
      return { core: line.q, text, outputTokens };
    });
  const bedrock = await startLocalBedrock({
    clock: createManualClock(NOW),
    models: Object.fromEntries(
      recordedTiers.map(({ modelId, recording }) => [modelId, recordedModel(answersOf(recording))]),
    ),
  });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  const right = new Set(
    used.flatMap((line) =>
      Object.values(line.m).flatMap(({ r, ok }) => (ok === 1 ? [`${line.id} ${r.trim()}`] : [])),
    ),
  );
  // What ZeroEval's own grader said of each recorded answer.
  const grade = makeGrader({ id: 'zeroeval' }, ({ text }, { id }) => right.has(`${id} ${text.trim()}`));
  const caseOf = ({ id, task, prompt }: RecordedLine): EvaluationCase => ({
    id,
    task,
    request: {
      messages: [{ role: 'user', content: [{ text: prompt }] }],
      inferenceConfig: { maxTokens: 4_096 },
    },
  });
  return {
    bedrock,
    client: deriveClient(bare, settingsPlugin({ clock: RECORDED_CLOCK })),
    tiers: recordedTiers.map(({ name, modelId }) => ({ name, modelId })),
    evaluated,
    others,
    grade,
    caseOf,
    ask: async (client, asked) => {
      let count = 0;
      for (const line of asked) {
        const modelId = recordedTiers.at(-1)?.modelId;
        const command = new ConverseCommand({ ...caseOf(line).request, modelId });
        const { output } = await withTags({ task: line.task }, () => client.send(command));
        const text = output?.message?.content?.[0]?.text ?? '';
        const answer = { text, toolUses: [], stopReason: undefined };
        if (await grade(answer, caseOf(line), { tier: '' })) count += 1;
      }
      return count;
    },
    stop: async () => {
      bare.destroy();
      await bedrock.stop();
    },
  };
}
