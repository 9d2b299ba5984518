/**
 * Conversations over InvokeModel and InvokeModelWithResponseStream, in Anthropic Messages bodies, with the real SDK.
 * @module
 */
import {
  type BedrockRuntimeClient,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, Money, type Receipt } from '@costkit/core';
import type { LocalBedrock } from '@costkit/local';
import { anthropicBody } from './anthropic-body.js';

export const SONNET = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';

/** The last two turns of the user end with a cache point. */
function marked(messages: readonly Message[]): Message[] {
  const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2);
  return messages.map((message, index) =>
    ends.includes(index)
      ? { ...message, content: [...(message.content ?? []), { cachePoint: { type: 'default' as const } }] }
      : message,
  );
}

export type Json = Readonly<Record<string, unknown>>;
export interface OwnMessage {
  readonly role: string;
  readonly content: string | readonly Json[];
}
export interface OwnBody {
  readonly messages: readonly OwnMessage[];
  readonly tools?: readonly Json[];
}

export interface Talk {
  readonly receipts: readonly Receipt[];
  /** By the server's bill. */
  readonly usd: number;
  /** Whether the receipts say the same, to the last digit. */
  readonly isBilled: boolean;
  /** Bodies, as the server saw them. */
  readonly sent: readonly OwnBody[];
  /** Messages of each, without cache points. */
  readonly texts: readonly (readonly string[])[];
  /** Bodies, as the caller sent them. */
  readonly own: readonly Json[];
  readonly messages: Message[];
}

export interface TalkOptions {
  /** What the user says, turn by turn; later requests have earlier answers. */
  readonly turns: readonly (readonly Message[])[];
  readonly messages?: Message[];
  readonly cached?: boolean;
  readonly streaming?: boolean;
  readonly more?: Json;
}

/** Holds a conversation; what the client is given grows whatever it sends. */
export async function talk(
  bedrock: LocalBedrock,
  client: BedrockRuntimeClient,
  options: TalkOptions,
): Promise<Talk> {
  const { turns, messages = [], cached = true, streaming = false, more = {} } = options;
  const [before, seen] = [bedrock.bill().total, bedrock.requests().length];
  const own: Json[] = [];
  const { receipts } = await collectReceipts(async () => {
    for (const turn of turns) {
      messages.push(...turn);
      const body = anthropicBody(cached ? marked(messages) : messages, more, { plain: !cached });
      own.push(body);
      const input = { modelId: SONNET, body: JSON.stringify(body) };
      const text = streaming
        ? await streamedText(client, input)
        : answerText((await client.send(new InvokeModelCommand(input))).body);
      messages.push({ role: 'assistant', content: [{ text }] });
    }
  });
  const sent = bedrock
    .requests()
    .slice(seen)
    .map(({ body }) => body as unknown as OwnBody);
  const after = bedrock.bill().total;
  return {
    receipts,
    usd: after.usd - before.usd,
    isBilled: dollars(receipts, 'cost').picoUsd === after.picoUsd - before.picoUsd,
    sent,
    texts: sent.map((body) => body.messages.map(plainText)),
    own,
    messages,
  };
}

const answerText = (body: Uint8Array): string =>
  (JSON.parse(new TextDecoder().decode(body)) as { content: { text: string }[] }).content
    .map(({ text }) => text)
    .join('');

async function streamedText(
  client: BedrockRuntimeClient,
  input: { readonly modelId: string; readonly body: string },
): Promise<string> {
  const { body = [] } = await client.send(new InvokeModelWithResponseStreamCommand(input));
  let text = '';
  for await (const { chunk } of body as AsyncIterable<{ chunk?: { bytes?: Uint8Array } }>) {
    const { delta } = JSON.parse(new TextDecoder().decode(chunk?.bytes)) as { delta?: { text?: string } };
    text += delta?.text ?? '';
  }
  return text;
}

const plainText = ({ role, content }: OwnMessage): string =>
  JSON.stringify([
    role,
    typeof content === 'string' ? content : content.map(({ cache_control: _, ...block }) => block),
  ]);

/** Receipts with a decision. */
export const said = (receipts: readonly Receipt[], action: string): Receipt[] =>
  receipts.filter(({ decisions }) => decisions.some((decision) => decision.action === action));
export const dollars = (receipts: readonly Receipt[], of: 'cost' | 'baseline'): Money =>
  Money.sum(receipts.map((receipt) => receipt[of] as Money));
