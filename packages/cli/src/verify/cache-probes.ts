import {
  type CachePointBlock,
  ConverseCommand,
  type ConverseCommandInput,
  type ConverseCommandOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { type Facts, outcomeOf, type Probe, type ProbeBench } from './probe.js';
import { saltedPrompt } from './salted-prompt.js';
import { ANSWER_TOKENS } from './usage-probes.js';

const point = (ttl?: '1h'): { cachePoint: CachePointBlock } => ({
  cachePoint: { type: 'default', ...(ttl === undefined ? {} : { ttl }) },
});
const user = (text: string): NonNullable<ConverseCommandInput['messages']>[number] => ({
  role: 'user',
  content: [{ text }],
});

function send(
  { client, modelId }: ProbeBench,
  request: Partial<ConverseCommandInput>,
): Promise<ConverseCommandOutput> {
  return client.send(
    new ConverseCommand({
      modelId,
      messages: [user('Say yes.')],
      inferenceConfig: { maxTokens: ANSWER_TOKENS },
      ...request,
    }),
  );
}

const written = ({ usage }: ConverseCommandOutput): number => usage?.cacheWriteInputTokens ?? 0;
const read = ({ usage }: ConverseCommandOutput): number => usage?.cacheReadInputTokens ?? 0;

const hasExplicitCache: Probe['appliesTo'] = ({ capabilities: { converse, cache } }) =>
  converse && cache?.explicit === true;

const minTokensOf = ({ model }: ProbeBench): number => model.capabilities.cache?.minTokens ?? 0;

/** Where cache points may stand, from how many tokens on, and what they count. */
export const CACHE_PROBES: readonly Probe[] = [
  {
    name: 'write, then read',
    about: 'the same long system prompt behind a cache point, twice',
    appliesTo: hasExplicitCache,
    ask: (bench) => {
      const system = [{ text: saltedPrompt(bench.salt, minTokensOf(bench)) }, point()];
      return outcomeOf(
        async () => [await send(bench, { system }), await send(bench, { system })] as const,
        ([first, second]): Facts => ({
          firstWrites: written(first) > 0,
          secondReadsAll: read(second) === written(first),
          secondWritesNothing: written(second) === 0,
          inputIsTheRest: (second.usage?.inputTokens ?? 0) < read(second),
          countsByTtl: (first.usage?.cacheDetails ?? []).length > 0,
        }),
      );
    },
  },
  {
    name: 'too few tokens',
    about: 'a cache point behind a third of the fewest tokens that can be cached',
    appliesTo: hasExplicitCache,
    ask: (bench) => {
      // Plain English has more than three characters a token: this stays below whatever the tokenizer.
      const text = saltedPrompt(bench.salt, minTokensOf(bench)).slice(0, minTokensOf(bench));
      return outcomeOf(
        () => send(bench, { system: [{ text }, point()] }),
        (output) => ({ writes: written(output) > 0 }),
      );
    },
  },
  {
    name: 'five cache points',
    about: 'one more than the most that are allowed',
    appliesTo: hasExplicitCache,
    ask: (bench) =>
      outcomeOf(
        () =>
          send(bench, { system: [1, 2, 3, 4, 5].flatMap((part) => [{ text: `Part ${part}.` }, point()]) }),
        () => ({}),
      ),
  },
  {
    name: 'an hour after five minutes',
    about: 'a cache point of one hour behind one of five minutes',
    appliesTo: (model) => hasExplicitCache(model) && model.capabilities.cache?.ttls.includes('1h') === true,
    ask: (bench) =>
      outcomeOf(
        () =>
          send(bench, {
            system: [{ text: 'Answer with one word.' }, point()],
            messages: [{ role: 'user', content: [{ text: 'Say yes.' }, point('1h')] }],
          }),
        () => ({}),
      ),
  },
  {
    name: 'a cache point among tools',
    about: 'a cache point behind a tool',
    appliesTo: (model) => hasExplicitCache(model) && model.capabilities.tools,
    ask: (bench) =>
      outcomeOf(
        () =>
          send(bench, {
            toolConfig: {
              tools: [
                { toolSpec: { name: 'clock', inputSchema: { json: { type: 'object', properties: {} } } } },
                point(),
              ],
            },
          }),
        () => ({}),
      ),
  },
  {
    name: 'a cache point without a cache',
    about: 'a cache point for a model that has no prompt cache',
    appliesTo: ({ capabilities: { converse, systemPrompts, cache } }) =>
      converse && systemPrompts && cache === undefined,
    ask: (bench) =>
      outcomeOf(
        () => send(bench, { system: [{ text: 'Answer with one word.' }, point()] }),
        () => ({}),
      ),
  },
];
