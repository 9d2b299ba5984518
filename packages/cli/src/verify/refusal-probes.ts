import { ConverseCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { outcomeOf, type Probe, type ProbeBench } from './probe.js';
import { ANSWER_TOKENS } from './usage-probes.js';

type Change = Partial<Omit<ConverseCommandInput, 'modelId'>>;

/** A small request that the service is expected to refuse, or not. */
function refusal(name: string, about: string, change: Change | ((bench: ProbeBench) => Change)): Probe {
  return {
    name,
    about,
    appliesTo: ({ capabilities }) => capabilities.converse,
    ask: (bench) =>
      outcomeOf(
        () =>
          bench.client.send(
            new ConverseCommand({
              modelId: bench.modelId,
              messages: [{ role: 'user', content: [{ text: 'Say yes.' }] }],
              inferenceConfig: { maxTokens: ANSWER_TOKENS },
              ...(typeof change === 'function' ? change(bench) : change),
            }),
          ),
        () => ({}),
      ),
  };
}

const entries = (count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`tag-${index}`, 'verify']));

/** What is refused, and in which words. */
export const REFUSAL_PROBES: readonly Probe[] = [
  refusal('sixteen entries of metadata', 'requestMetadata with 16 entries', { requestMetadata: entries(16) }),
  refusal('seventeen entries of metadata', 'requestMetadata with 17 entries', {
    requestMetadata: entries(17),
  }),
  refusal('a long value of metadata', 'requestMetadata with a value of 257 characters', {
    requestMetadata: { tag: 'x'.repeat(257) },
  }),
  refusal('an empty text', 'a text block without text', {
    messages: [{ role: 'user', content: [{ text: '' }] }],
  }),
  refusal('two user messages', 'two messages of the user in a row', {
    messages: [
      { role: 'user', content: [{ text: 'Say yes.' }] },
      { role: 'user', content: [{ text: 'Or say no.' }] },
    ],
  }),
  refusal('no cap at all', 'maxTokens 0', { inferenceConfig: { maxTokens: 0 } }),
];
