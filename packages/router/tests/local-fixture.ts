import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import {
  type Clock,
  collectReceipts,
  deriveClient,
  Money,
  type Receipt,
  settingsPlugin,
  withTags,
} from '@costkit/core';
import { createManualClock, type LocalBedrockOptions, startLocalBedrock } from '@costkit/local';
import { type RouterOptions, withRouter } from '../src/index.js';
import { NOW, OPUS } from './call-fixture.js';
import { TIERS } from './fake-bedrock.js';

export const question = (text: string, more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: OPUS,
  messages: [{ role: 'user', content: [{ text }] }],
  inferenceConfig: { maxTokens: 300 },
  ...more,
});

/** What one call came to. */
export interface Sent {
  readonly receipt: Receipt;
  readonly text: string;
}

/** A local Bedrock on a clock that stands still unless it is moved, and routed clients for it. */
export async function startRouted(options: LocalBedrockOptions = {}) {
  let nowMs = NOW;
  const clock: Clock = { now: () => nowMs, monotonicMs: () => nowMs - NOW };
  const bedrock = await startLocalBedrock({ clock: createManualClock(NOW), ...options });
  // One attempt each: what the SDK repeats says nothing about the router.
  const bare = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
  const told = deriveClient(bare, settingsPlugin({ clock, models: options.aliases ?? {} }));
  let billedBefore = 0n;
  return {
    bedrock,
    client: told,
    bare,
    advance: (ms: number): void => {
      nowMs += ms;
    },
    routed: (routing: Partial<RouterOptions>) => withRouter(told, { tiers: TIERS, clock, ...routing }),
    /** Model ids, in the order in which they were asked. */
    asked: (): string[] =>
      bedrock.requests().flatMap(({ modelId }) => (modelId === undefined ? [] : [modelId])),
    /** What was billed since this was last asked. */
    billed: (): Money => {
      const total = bedrock.bill().total.picoUsd;
      const since = total - billedBefore;
      billedBefore = total;
      return Money.fromPicoUsd(since);
    },
    stop: async (): Promise<void> => {
      bare.destroy();
      await bedrock.stop();
    },
  };
}

/** Sends one question, streamed or not, and waits for its receipt. */
export async function send(
  client: BedrockRuntimeClient,
  input: ConverseCommandInput,
  { task, stream = false }: { readonly task?: string; readonly stream?: boolean } = {},
): Promise<Sent> {
  const { result, receipts } = await collectReceipts(() =>
    withTags(task === undefined ? {} : { task }, async () => {
      if (!stream) {
        const { output } = await client.send(new ConverseCommand(input));
        return output?.message?.content?.[0]?.text ?? '';
      }
      let text = '';
      const answer = await client.send(new ConverseStreamCommand(input));
      for await (const event of answer.stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
      return text;
    }),
  );
  const [receipt] = receipts;
  if (receipt === undefined) throw new Error('There is no receipt.');
  return { receipt, text: result };
}

/** A model that calls a tool until it has its answer. */
export const CALLS_A_TOOL: NonNullable<LocalBedrockOptions['models']>[string] = {
  kind: 'scripted',
  answer: ({ prompt }) =>
    JSON.stringify(prompt).includes('Rome')
      ? { parts: [{ type: 'text', text: 'In Rome.' }] }
      : { parts: [{ type: 'toolUse', name: 'find', input: { order: 7 } }] },
};

/** Asks a model that calls a tool, and brings it the result. */
export async function toolLoop(
  client: BedrockRuntimeClient,
  systemAt: (turn: number) => string = () => 'You find parcels.',
  modelId: string = OPUS,
) {
  const toolConfig = { tools: [{ toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } }] };
  const first: Message = { role: 'user', content: [{ text: 'Where is my parcel?' }] };
  const ask = (turn: number, messages: Message[]) =>
    client.send(new ConverseCommand({ modelId, toolConfig, system: [{ text: systemAt(turn) }], messages }));
  const called = (await ask(1, [first])).output?.message as Message;
  const results = (called.content ?? []).flatMap(({ toolUse }) =>
    toolUse === undefined
      ? []
      : [{ toolResult: { toolUseId: toolUse.toolUseId, content: [{ text: 'Rome' }] } }],
  );
  return ask(2, [first, called, { role: 'user', content: results }]);
}

/** What was decided, one line each. */
export const actions = ({ receipt }: Sent): string[] => receipt.decisions.map(({ action }) => action);
export const reasons = ({ receipt }: Sent): string =>
  receipt.decisions.map(({ reason }) => reason).join('\n');
