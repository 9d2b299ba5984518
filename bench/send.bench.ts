import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { type Tags, withTags } from '@costkit/core';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import { ChatBedrockConverse } from '@langchain/aws';
import { HumanMessage, SystemMessage } from '@langchain/core/messages';
import { costkit } from 'costkit';
import type { Comparison } from './comparison.js';

const STRONG = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const CHEAP = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const SENTENCE = 'The customer is entitled to a refund within thirty days of delivery, receipts included. ';

const SYSTEM_PROMPT = SENTENCE.repeat(Math.ceil(10_000 / SENTENCE.length));
const QUESTION = 'Can I return a lamp that I have used?';

/** A system prompt of 10 kB with a question behind it, as a support application sends it. */
const INPUT: ConverseCommandInput = {
  modelId: STRONG,
  system: [{ text: SYSTEM_PROMPT }],
  messages: [{ role: 'user', content: [{ text: QUESTION }] }],
  inferenceConfig: { maxTokens: 1_000 },
};

function bareClient(): BedrockRuntimeClient {
  const answer = jsonResponse(
    converseResponse({
      text: 'Yes, within thirty days.',
      usage: { inputTokens: 2_000, outputTokens: 12 },
    }),
  );
  const handler = fakeRequestHandler({ handler: () => answer, keepRequests: 1 });
  return new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
}

/** Every lever enforcing: a policy, three budgets, cache planning, a cap for the task, the ledger. */
function wrappedClient(tags: Tags): BedrockRuntimeClient {
  return costkit(bareClient(), {
    tags,
    router: {
      tiers: [
        { name: 'cheap', modelId: CHEAP },
        { name: 'strong', modelId: STRONG },
      ],
      policy: {
        version: 1,
        createdAt: '2026-11-01',
        tasks: { support: { tier: 'cheap' }, legal: { tier: 'strong' } },
      },
      mode: 'enforce',
    },
    promptCache: { mode: 'enforce' },
    outputLimit: { mode: 'enforce', maxTokens: 400, brevity: true },
    meter: {
      mode: 'enforce',
      budgets: [
        { name: 'account', limitUsd: 1_000_000, period: 'month', onExceed: 'block' },
        { name: 'team', limitUsd: 100_000, period: 'day', per: 'team', onExceed: 'block' },
        {
          name: 'support',
          limitUsd: 100_000,
          period: 'hour',
          match: { feature: 'support' },
          onExceed: 'alert',
        },
      ],
    },
  });
}

/** A peer: what a framework that people put around the same client costs them. */
function langChain(): () => Promise<unknown> {
  const model = new ChatBedrockConverse({
    model: STRONG,
    region: 'us-east-1',
    maxTokens: 1_000,
    client: bareClient() as never,
  });
  return () => model.invoke([new SystemMessage(SYSTEM_PROMPT), new HumanMessage(QUESTION)]);
}

/**
 * The most that all levers together may take: 50 µs where the bare SDK takes 235, which is where that bar was set.
 * Machines differ by more than a factor of four.
 */
const AT_MOST_RATIO = 1 + 50 / 235;

/** What `costkit(client)` adds to one `send()`. The network is replaced, everything else of the SDK runs. */
export function comparisons(): readonly Comparison[] {
  const bare = bareClient();
  const tags = { task: 'support', feature: 'support', team: 'helpdesk' };
  const wrapped = wrappedClient(tags);
  const scoped = wrappedClient({});
  return [
    {
      title: 'send a Converse request with a prompt of 10 kB',
      baseline: 'bare SDK',
      cases: {
        'bare SDK': () => bare.send(new ConverseCommand(INPUT)),
        'costkit(client), every lever enforcing': () => wrapped.send(new ConverseCommand(INPUT)),
        'the same, tags from withTags': () => withTags(tags, () => scoped.send(new ConverseCommand(INPUT))),
        'ChatBedrockConverse of LangChain': langChain(),
      },
      limits: [{ case: 'costkit(client), every lever enforcing', atMostRatio: AT_MOST_RATIO }],
    },
  ];
}
