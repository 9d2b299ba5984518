import {
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  CountTokensCommand,
  type TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import { type Facts, outcomeOf, type Probe, type ProbeBench } from './probe.js';

/** The most that an answer may have: what is asked for is longer. */
export const ANSWER_TOKENS = 8;

const question = ({ modelId, salt }: Pick<ProbeBench, 'modelId' | 'salt'>): ConverseCommandInput => ({
  modelId,
  messages: [{ role: 'user', content: [{ text: `Write the numbers from 1 to 100 as words. (${salt})` }] }],
  inferenceConfig: { maxTokens: ANSWER_TOKENS },
});

/** The members of an object that have a value, in one text. */
const membersOf = (value: object | undefined): string =>
  Object.entries(value ?? {})
    .filter(([, member]) => member !== undefined)
    .map(([name]) => name)
    .sort()
    .join(' ');

function usageFacts(usage: TokenUsage | undefined): Facts {
  const { inputTokens = 0, outputTokens = 0, totalTokens = 0 } = usage ?? {};
  const { cacheReadInputTokens = 0, cacheWriteInputTokens = 0 } = usage ?? {};
  return {
    usage: membersOf(usage),
    totalIsSum: totalTokens === inputTokens + outputTokens + cacheReadInputTokens + cacheWriteInputTokens,
    withinCap: outputTokens <= ANSWER_TOKENS,
  };
}

/** How answers are counted. */
export const USAGE_PROBES: readonly Probe[] = [
  {
    name: 'usage of an answer',
    about: 'Converse with a cap: what usage has, and why the answer ended',
    appliesTo: ({ capabilities }) => capabilities.converse,
    ask: (bench) =>
      outcomeOf(
        () => bench.client.send(new ConverseCommand(question(bench))),
        ({ usage, stopReason = 'none' }) => ({ ...usageFacts(usage), stopReason }),
      ),
  },
  {
    name: 'usage of a stream',
    about: 'ConverseStream with a cap: which events come, and what the last one counts',
    appliesTo: ({ capabilities }) => capabilities.converse && capabilities.streaming,
    ask: (bench) =>
      outcomeOf(
        () => bench.client.send(new ConverseStreamCommand(question(bench))),
        async ({ stream }) => {
          const kinds = new Set<string>();
          let [usage, stopReason, last]: [TokenUsage | undefined, string, string] = [
            undefined,
            'none',
            'none',
          ];
          for await (const event of stream ?? []) {
            last = Object.keys(event)[0] ?? 'none';
            kinds.add(last);
            usage = event.metadata?.usage ?? usage;
            stopReason = event.messageStop?.stopReason ?? stopReason;
          }
          // Some models open a text block with an event of its own, and some do not: no cost depends on it.
          kinds.delete('contentBlockStart');
          return { ...usageFacts(usage), stopReason, events: [...kinds].join(' '), last };
        },
      ),
  },
  {
    name: 'count before the call',
    about: 'CountTokens against the usage of the same request',
    appliesTo: ({ capabilities }) => capabilities.countTokens && capabilities.converse,
    ask: async (bench) => {
      const request = question(bench);
      const { messages } = request;
      return outcomeOf(
        async () => ({
          counted: await bench.client.send(
            new CountTokensCommand({ modelId: bench.model.id, input: { converse: { messages } } }),
          ),
          answered: await bench.client.send(new ConverseCommand(request)),
        }),
        ({ counted, answered }) => ({ countIsUsage: counted.inputTokens === answered.usage?.inputTokens }),
      );
    },
  },
  {
    name: 'flex tier',
    about: 'Converse with service tier flex: which tier has served',
    appliesTo: ({ capabilities }) => capabilities.converse && capabilities.tiers.includes('flex'),
    ask: (bench) =>
      outcomeOf(
        () => bench.client.send(new ConverseCommand({ ...question(bench), serviceTier: { type: 'flex' } })),
        ({ serviceTier }) => ({ servedTier: serviceTier?.type ?? 'none' }),
      ),
  },
];
