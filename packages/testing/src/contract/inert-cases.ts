import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { ConverseCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import type { ContractCase, PluginContractOptions } from './plugin-contract.js';
import { essence, SAMPLE_INPUT, SAMPLE_MODEL, sampleClient } from './samples.js';

const PROMPT_ARN = 'arn:aws:bedrock:us-east-1:123456789012:prompt/ABCDEFGHIJ:1';

const TOOL_USE = { toolUse: { toolUseId: 'one', name: 'find_order', input: { order: 'AB123456' } } };
const TOOL_RESULT = { toolResult: { toolUseId: 'one', content: [{ text: 'shipped' }] } };
const SIGNED = { reasoningContent: { reasoningText: { text: 'Let me see.', signature: 'c2lnbmVk' } } };
const GUARDED = { guardContent: { text: { text: 'my words', qualifiers: ['query'] } } };

type Json = { modelId?: string; messages: { role: string; content: object[] }[]; [key: string]: unknown };

async function sent(
  apply: PluginContractOptions['apply'],
  input: ConverseCommandInput,
): Promise<{ modelId: string | undefined; json: Json }> {
  const { client, handler } = sampleClient();
  await apply(client, 'enforce').send(new ConverseCommand(input));
  const request = handler.requests[0];
  return { modelId: request?.modelId, json: request?.json as Json };
}

const withoutPoints = (content: readonly object[]): readonly object[] =>
  content.filter((block) => !('cachePoint' in block));

/** Rules about requests that the service wants left as they are. */
export function inertCases({ apply }: PluginContractOptions): readonly ContractCase[] {
  return [
    {
      name: 'sends a prompt resource as it came: no cap, no system, no tools',
      run: async () => {
        const input: ConverseCommandInput = {
          modelId: PROMPT_ARN,
          promptVariables: { order: { text: 'AB123456' } },
        };
        const { client, handler } = sampleClient();
        await apply(client, 'enforce').send(new ConverseCommand(input));
        await client.send(new ConverseCommand(input));
        deepStrictEqual(essence(handler.requests[0]), essence(handler.requests[1]));
      },
    },
    {
      name: 'leaves guarded content and the message around it alone',
      run: async () => {
        const content = [{ text: 'Answer this:' }, GUARDED] as never;
        const { json } = await sent(apply, { ...SAMPLE_INPUT, messages: [{ role: 'user', content }] });
        deepStrictEqual(withoutPoints(json.messages.at(-1)?.content ?? []), content);
      },
    },
    {
      name: 'keeps the model and the signature of reasoning',
      run: async () => {
        const messages = [
          { role: 'user', content: [{ text: 'Where is my order?' }] },
          { role: 'assistant', content: [SIGNED, { text: 'Which one?' }] },
          { role: 'user', content: [{ text: 'AB123456' }] },
        ] as never;
        const { json, modelId } = await sent(apply, { ...SAMPLE_INPUT, messages });
        strictEqual(modelId, SAMPLE_MODEL);
        deepStrictEqual(withoutPoints(json.messages[1]?.content ?? []), [SIGNED, { text: 'Which one?' }]);
      },
    },
    {
      name: 'keeps the model, the pairs and the last message in the middle of a tool loop',
      run: async () => {
        const messages = [
          { role: 'user', content: [{ text: 'Where is my order?' }] },
          { role: 'assistant', content: [TOOL_USE] },
          { role: 'user', content: [TOOL_RESULT] },
        ] as never;
        const { json, modelId } = await sent(apply, { ...SAMPLE_INPUT, messages });
        strictEqual(modelId, SAMPLE_MODEL);
        deepStrictEqual(withoutPoints(json.messages[1]?.content ?? []), [TOOL_USE]);
        deepStrictEqual(withoutPoints(json.messages.at(-1)?.content ?? []), [TOOL_RESULT]);
      },
    },
    {
      name: 'never leaves the geography that the caller chose',
      run: async () => {
        const { modelId } = await sent(apply, SAMPLE_INPUT);
        ok(modelId?.startsWith('us.') === true, modelId);
      },
    },
    {
      name: 'sends on what no view can read',
      run: async () => {
        const { client, handler } = sampleClient();
        const strange = { modelId: 'acme.unheard-of-v1', messages: [{ role: 'user', content: [] }] } as never;
        await apply(client, 'enforce').send(new ConverseCommand(strange));
        await client.send(new ConverseCommand(strange));
        deepStrictEqual(essence(handler.requests[0]), essence(handler.requests[1]));
      },
    },
  ];
}
