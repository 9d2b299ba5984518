import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { withOutputLimit } from '@costkit/output-limiter';
import { withPromptCache } from '@costkit/prompt-cache';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import type { Comparison } from './comparison.js';

const MESSAGES = 200;
const CHARACTERS = 100_000;
const SENTENCE = 'The parcel left the house on Monday and is on its way to the customer. ';

/** Turns by which the conversation grows before it is told anew. */
const GROWS_BY = 20;

/** A long conversation that grows by a turn with every call, as an application sends it: 200 messages on average. */
function conversation(): (turn: number) => ConverseCommandInput {
  const text = SENTENCE.repeat(Math.ceil(CHARACTERS / MESSAGES / SENTENCE.length));
  const messages = Array.from(
    { length: MESSAGES + GROWS_BY },
    (_, index): Message => ({
      role: index % 2 === 0 ? 'user' : 'assistant',
      content: [{ text: `Turn ${index}. ${text}` }],
    }),
  );
  return (turn) => ({
    modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    messages: messages.slice(0, MESSAGES - GROWS_BY + 1 + 2 * (turn % GROWS_BY)),
    inferenceConfig: { maxTokens: 1_000 },
  });
}

function bareClient(): BedrockRuntimeClient {
  const answer = jsonResponse(
    converseResponse({ text: 'On Monday.', usage: { inputTokens: 22_000, outputTokens: 12 } }),
  );
  return new BedrockRuntimeClient(
    fakeBedrockClientConfig(fakeRequestHandler({ handler: () => answer, keepRequests: 1 })),
  );
}

/** The most that both levers may add: 300 µs where the bare SDK takes 1,000 for a prompt of this size. */
const AT_MOST_RATIO = 1 + 300 / 1_000;

/** What prompt caching and output limits add to one `send()` of a long conversation. */
export function comparisons(): readonly Comparison[] {
  const bare = bareClient();
  const wrapped = withOutputLimit(withPromptCache(bareClient()), { maxTokens: 400, brevity: true });
  const input = conversation();
  let turn = 0;
  const next = (): ConverseCommand => {
    turn += 1;
    return new ConverseCommand(input(turn));
  };
  return [
    {
      title: `send a conversation of ${MESSAGES} messages and 100 kB`,
      baseline: 'bare SDK',
      cases: {
        'bare SDK': () => bare.send(next()),
        'prompt cache and output limit': () => wrapped.send(next()),
      },
      limits: [{ case: 'prompt cache and output limit', atMostRatio: AT_MOST_RATIO }],
    },
  ];
}
