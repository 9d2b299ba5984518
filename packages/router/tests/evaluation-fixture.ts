import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { Money } from '@costkit/core';
import { type LocalBedrock, type LocalModel, startLocalBedrock } from '@costkit/local';
import type { EvaluationCase } from '../src/evaluation.js';
import { HAIKU, OPUS } from './fake-bedrock.js';

export const EVALUATED = [
  { name: 'cheap', modelId: HAIKU },
  { name: 'strong', modelId: OPUS },
] as const;

/** Answers a question `<task> <number>` with the number, or with what `wrong` makes of it. */
export function answering(wrong: (task: string, number: number) => string | undefined): LocalModel {
  return {
    kind: 'scripted',
    answer: ({ userText }) => {
      const [, task = '', number = ''] = /Question (\w+) (\d+)/.exec(userText) ?? [];
      const text = wrong(task, Number(number)) ?? number;
      if (text === 'throw') throw new Error('The model is ill.');
      return { parts: [{ type: 'text', text }] };
    },
  };
}

export const casesOf = (task: string, count: number, maxTokens = 50): EvaluationCase[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `${task}-${index}`,
    task,
    request: {
      messages: [{ role: 'user', content: [{ text: `Question ${task} ${index}?` }] }],
      inferenceConfig: { maxTokens },
    },
    expected: String(index),
  }));

/** A local Bedrock whose strong model is always right. */
export async function startEvaluated(
  cheap: LocalModel,
  more: Readonly<Record<string, LocalModel>> = {},
): Promise<{ bedrock: LocalBedrock; client: BedrockRuntimeClient; stop: () => Promise<void> }> {
  const bedrock = await startLocalBedrock({
    models: { [HAIKU]: cheap, [OPUS]: answering(() => undefined), ...more },
  });
  const client = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
  return {
    bedrock,
    client,
    stop: async () => {
      client.destroy();
      await bedrock.stop();
    },
  };
}

export const billed = (bedrock: LocalBedrock): string =>
  Money.fromPicoUsd(bedrock.bill().total.picoUsd).toUsdString();
