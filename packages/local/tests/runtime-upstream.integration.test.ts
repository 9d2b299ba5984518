import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type LocalBedrock, openAiCompatibleModel, startLocalBedrock } from '../src/index.js';
import { runtimeClient } from './_clients.js';

const MODEL = 'openai.gpt-oss-20b-1:0';

describe('openAiCompatibleModel', () => {
  let upstream: Server;
  let asked: Record<string, unknown>[];
  let answer: { status: number; chunks: string[] };
  let bedrock: LocalBedrock;
  let client: BedrockRuntimeClient;

  beforeEach(async () => {
    asked = [];
    upstream = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      asked.push({ ...JSON.parse(body), path: request.url, authorization: request.headers.authorization });
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      for (const chunk of answer.chunks) response.write(chunk);
      response.end();
    });
    await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}/v1/`;
    bedrock = await startLocalBedrock({
      models: { [MODEL]: openAiCompatibleModel({ baseUrl, model: 'tiny', apiKey: 'key' }) },
    });
    client = runtimeClient(bedrock, 'HTTP/2', { maxAttempts: 1 });
  });
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
    upstream.closeAllConnections();
    await new Promise((resolve) => upstream.close(resolve));
  });

  const input = {
    modelId: MODEL,
    system: [{ text: 'Be kind.' }],
    inferenceConfig: { maxTokens: 50, stopSequences: ['END'] },
    messages: [{ role: 'user' as const, content: [{ text: 'Hello there' }] }],
  };

  it('passes the request on and bills the reported output', async () => {
    answer = {
      status: 200,
      chunks: [
        JSON.stringify({
          choices: [{ message: { content: 'Hi you.', reasoning_content: 'Greet.' }, finish_reason: 'stop' }],
          usage: { completion_tokens: 31 },
        }),
      ],
    };
    const output = await client.send(new ConverseCommand(input));
    expect(output.output?.message?.content).toMatchObject([
      { reasoningContent: { reasoningText: { text: 'Greet.' } } },
      { text: 'Hi you.' },
    ]);
    expect(output.usage).toMatchObject({ inputTokens: 5, outputTokens: 31 });
    expect(asked).toEqual([
      {
        path: '/v1/chat/completions',
        authorization: 'Bearer key',
        model: 'tiny',
        stream: false,
        max_tokens: 50,
        stop: ['END'],
        messages: [
          { role: 'system', content: 'Be kind.' },
          { role: 'user', content: 'Hello there' },
        ],
      },
    ]);
  });

  it('streams what comes, whatever way it is cut', async () => {
    const event = (delta: object): string => `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`;
    const whole =
      event({ reasoning: 'Greet.' }) +
      event({ content: 'Hi ' }) +
      event({ content: 'you, Zoë.' }) +
      event({ tool_calls: [{ index: 0, function: { name: 'wave', arguments: '{"hand":' } }] }) +
      event({ tool_calls: [{ index: 0, function: { arguments: '"left"}' } }] }) +
      'data: [DONE]\n\n';
    answer = { status: 200, chunks: whole.match(/[\s\S]{1,17}/g) ?? [] };
    const { stream } = await client.send(new ConverseStreamCommand(input));
    let text = '';
    let toolInput = '';
    let stopReason: string | undefined;
    for await (const event of stream ?? []) {
      text += event.contentBlockDelta?.delta?.text ?? '';
      toolInput += event.contentBlockDelta?.delta?.toolUse?.input ?? '';
      stopReason ??= event.messageStop?.stopReason;
    }
    expect(text).toBe('Hi you, Zoë.');
    expect(JSON.parse(toolInput)).toEqual({ hand: 'left' });
    expect(stopReason).toBe('tool_use');
    expect(asked[0]).toMatchObject({ stream: true });
    expect(bedrock.bill().lines[0]).toMatchObject({ answerComplete: true });
  });

  it('passes tools and their results on', async () => {
    answer = { status: 200, chunks: [JSON.stringify({ choices: [{ message: { content: 'Sunny.' } }] })] };
    await client.send(
      new ConverseCommand({
        ...input,
        toolConfig: {
          tools: [
            {
              toolSpec: {
                name: 'weather',
                description: 'Tells it',
                inputSchema: { json: { type: 'object' } },
              },
            },
          ],
          toolChoice: { any: {} },
        },
        messages: [
          ...input.messages,
          {
            role: 'assistant',
            content: [{ toolUse: { toolUseId: 'a1', name: 'weather', input: { city: 'Ulm' } } }],
          },
          { role: 'user', content: [{ toolResult: { toolUseId: 'a1', content: [{ text: 'sun' }] } }] },
        ],
      }),
    );
    expect(asked[0]).toMatchObject({
      tool_choice: 'required',
      tools: [{ type: 'function', function: { name: 'weather', description: 'Tells it' } }],
      messages: [
        { role: 'system' },
        { role: 'user' },
        {
          role: 'assistant',
          tool_calls: [{ id: 'a1', function: { name: 'weather', arguments: '{"city":"Ulm"}' } }],
        },
        { role: 'tool', tool_call_id: 'a1', content: 'sun' },
      ],
    });
  });

  it('fails as a model fails when the server does, and bills nothing', async () => {
    answer = { status: 500, chunks: [] };
    await expect(client.send(new ConverseCommand(input))).rejects.toMatchObject({
      name: 'ModelErrorException',
      $metadata: { httpStatusCode: 424 },
    });
    await expect(client.send(new ConverseStreamCommand(input))).rejects.toMatchObject({
      name: 'ModelErrorException',
    });
    expect(bedrock.bill().lines).toEqual([]);
  });

  it.each([
    ['no URL', { baseUrl: 'nowhere', model: 'x' }],
    ['another machine', { baseUrl: 'https://models.example.com/v1', model: 'x' }],
  ])('refuses %s', (_, options) => {
    expect(() => openAiCompatibleModel(options)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });

  it('takes another machine when told so', () => {
    const options = { baseUrl: 'https://models.example.com/v1', model: 'x', allowRemote: true };
    expect(openAiCompatibleModel(options).kind).toBe('openai-compatible');
  });
});
