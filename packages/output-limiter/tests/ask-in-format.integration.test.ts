import { BedrockRuntimeClient, ConverseCommand, type Message } from '@aws-sdk/client-bedrock-runtime';
import { InvalidOptionError } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AnswerFormatError, askInFormat } from '../src/output.js';

const SCHEMA = {
  type: 'object',
  properties: {
    customerName: { type: 'string' },
    orderLines: {
      type: 'array',
      items: { type: 'object', properties: { articleNumber: { type: 'integer' } } },
    },
  },
  required: ['customerName', 'orderLines'],
};
const LONG = { customerName: 'Ada', orderLines: [{ articleNumber: 17 }, { articleNumber: 18 }] };
const SHORT = { a: 'Ada', b: [{ a: 17 }, { a: 18 }] };

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
beforeEach(async () => {
  bedrock = await startLocalBedrock({
    tokenizer: { count: (text) => Math.ceil(text.length / 4) },
    models: {
      '*': {
        kind: 'by the form',
        answer: ({ prompt }) => ({
          parts:
            prompt.toolSpecs.length > 0
              ? [{ type: 'toolUse', name: 'answer', input: SHORT }]
              : [{ type: 'text', text: JSON.stringify(SHORT) }],
        }),
      },
    },
  });
  client = new BedrockRuntimeClient(bedrock.clientConfig);
});
afterEach(async () => {
  client.destroy();
  await bedrock.stop();
});

const messages: Message[] = [{ role: 'user', content: [{ text: 'What did Ada order?' }] }];

describe('askInFormat', () => {
  it.each([
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'structuredOutput'],
    ['us.amazon.nova-lite-v1:0', 'forcedTool'],
    ['us.anthropic.claude-sonnet-5', 'offeredTool'],
  ])('asks %s by %s, in short names, and reads the answer under its long ones', async (modelId, by) => {
    const request = { modelId, messages };
    const asked = askInFormat(request, SCHEMA);
    expect(asked.by).toBe(by);
    const output = await client.send(new ConverseCommand(asked.input));
    expect(asked.read(output)).toEqual(LONG);
    const body = JSON.stringify(bedrock.requests()[0]?.body);
    // The long names stand in the schema once, as descriptions, and in no answer.
    expect(body.match(/articleNumber/g)).toHaveLength(1);
    expect(JSON.stringify(output.output)).not.toContain('articleNumber');
    expect(request).toEqual({ modelId, messages });
  });

  it('says so where an answer has no such form, without a word of it', () => {
    const { read } = askInFormat({ modelId: 'us.amazon.nova-lite-v1:0', messages }, SCHEMA);
    const cut = { output: { message: { content: [{ text: 'Ada ordered' }] } } };
    expect(() => read(cut)).toThrow(AnswerFormatError);
    expect(() => read({})).toThrow('the answer is not in the form that was asked for');
  });

  it.each([
    [{ modelId: 'nobody.knows', messages }, SCHEMA],
    [
      {
        modelId: 'us.amazon.nova-lite-v1:0',
        messages,
        toolConfig: { tools: [{ toolSpec: { name: 'look', inputSchema: { json: {} } } }] },
      },
      SCHEMA,
    ],
    [{ modelId: 'us.amazon.nova-lite-v1:0', messages }, { $ref: '#/all' }],
  ])('refuses %o with %o', (input, schema) => {
    expect(() => askInFormat(input, schema)).toThrow(InvalidOptionError);
  });
});
