import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { examplesFromLogs, type LeftOut, type TrainingExample } from '../src/distillation.js';

const NOVA = 'us.amazon.nova-pro-v1:0';
const LLAMA = 'us.meta.llama3-3-70b-instruct-v1:0';
const MISTRAL = 'mistral.mistral-large-2402-v1:0';
const CLAUDE = 'us.anthropic.claude-sonnet-5-5';
const GPT = 'openai.gpt-oss-120b-1:0';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-logged-bodies-'));
});
afterEach(() => rm(folder, { recursive: true }));

interface Logged {
  readonly modelId: string;
  readonly request: unknown;
  readonly answer?: unknown;
  readonly operation?: string;
  readonly errorCode?: string;
}

const record = ({ modelId, request, answer, operation = 'InvokeModel', errorCode }: Logged): object => ({
  schemaType: 'ModelInvocationLog',
  requestId: 'r',
  operation,
  modelId,
  errorCode,
  input: { inputBodyJson: request },
  output: { outputBodyJson: answer },
});

interface Read {
  readonly examples: readonly TrainingExample[];
  readonly leftOut: readonly LeftOut[];
}

async function read(source: string, teacher: string): Promise<Read> {
  const examples: TrainingExample[] = [];
  const leftOut: LeftOut[] = [];
  const options = { teacher, onLeftOut: (why: LeftOut) => void leftOut.push(why) };
  for await (const one of examplesFromLogs(source, options)) examples.push(one);
  return { examples, leftOut };
}

async function readLog(text: string, teacher: string, name = 'log.json'): Promise<Read> {
  await writeFile(join(folder, name), name.endsWith('.gz') ? gzipSync(text) : text);
  return read(join(folder, name), teacher);
}

const readOne = (logged: Logged, teacher = logged.modelId): Promise<Read> =>
  readLog(JSON.stringify(record(logged)), teacher);

const blocks = (text: string): object[] => [{ text }];
const user = (text: string): object => ({ role: 'user', content: blocks(text) });
const ASKED = { system: blocks('Be short.'), messages: [user('Hi')] };
const EXPECTED = {
  task: 'untagged',
  system: 'Be short.',
  turns: [{ role: 'user', text: 'Hi' }],
  answer: 'Hello.',
};
const llamaPrompt = (begin: string, start: string, end: string, eot: string): string =>
  `${begin}${start}system${end}\n\nBe short.${eot}${start}user${end}\n\nHi${eot}${start}assistant${end}\n\n`;
const LLAMA_3 = llamaPrompt('<|begin_of_text|>', '<|start_header_id|>', '<|end_header_id|>', '<|eot_id|>');
const LLAMA_4 = llamaPrompt('<|begin_of_text|>', '<|header_start|>', '<|header_end|>', '<|eot|>');

describe('bodies of the invocation log', () => {
  it.each<readonly [what: string, logged: Logged]>([
    [
      'Nova',
      { modelId: NOVA, request: ASKED, answer: { output: { message: { content: blocks('Hello.') } } } },
    ],
    [
      'Nova, streamed',
      {
        modelId: NOVA,
        operation: 'InvokeModelWithResponseStream',
        request: { ...ASKED, schemaVersion: 'messages-v1' },
        answer: [
          { messageStart: { role: 'assistant' } },
          { contentBlockDelta: { delta: { text: 'Hel' } } },
          { contentBlockDelta: { delta: { text: 'lo.' } } },
          { messageStop: { stopReason: 'end_turn' } },
        ],
      },
    ],
    [
      'Converse, as events',
      {
        modelId: NOVA,
        operation: 'ConverseStream',
        request: ASKED,
        answer: [
          { contentBlockDelta: { delta: { reasoningContent: { text: 'They greet.' } } } },
          { contentBlockDelta: { delta: { text: 'Hello.' } } },
          { messageStop: { stopReason: 'end_turn' } },
        ],
      },
    ],
    [
      'Converse, as the text of its JSON',
      {
        modelId: NOVA,
        operation: 'Converse',
        request: JSON.stringify(ASKED),
        answer: JSON.stringify({ output: { message: { content: blocks('Hello.') } } }),
      },
    ],
    [
      'Llama 3',
      { modelId: LLAMA, request: { prompt: LLAMA_3 }, answer: { generation: 'Hello.', stop_reason: 'stop' } },
    ],
    ['Llama 4', { modelId: LLAMA, request: { prompt: LLAMA_4 }, answer: { generation: 'Hello.' } }],
    [
      'Llama, streamed',
      {
        modelId: LLAMA,
        request: { prompt: LLAMA_3 },
        answer: [
          { generation: 'Hel', stop_reason: null },
          { generation: 'lo.', stop_reason: 'stop', 'amazon-bedrock-invocationMetrics': {} },
        ],
      },
    ],
    [
      'Llama 2',
      {
        modelId: LLAMA,
        request: { prompt: '<s>[INST] <<SYS>>\nBe short.\n<</SYS>>\n\nHi [/INST]' },
        answer: { generation: 'Hello.' },
      },
    ],
    [
      'Mistral',
      {
        modelId: MISTRAL,
        request: { prompt: '<s>[INST] <<SYS>>Be short.<</SYS>>Hi [/INST]' },
        answer: { outputs: [{ text: 'Hello.', stop_reason: 'stop' }] },
      },
    ],
    [
      'Mistral, streamed',
      {
        modelId: MISTRAL,
        request: { prompt: '<s>[INST]<<SYS>>Be short.<</SYS>>Hi[/INST]' },
        answer: [
          { outputs: [{ text: 'Hel', stop_reason: null }] },
          { outputs: [{ text: 'lo.', stop_reason: 'stop' }] },
        ],
      },
    ],
    [
      'Mistral chat',
      {
        modelId: MISTRAL,
        request: {
          messages: [
            { role: 'system', content: 'Be short.' },
            { role: 'user', content: 'Hi' },
          ],
        },
        answer: { choices: [{ message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }] },
      },
    ],
    [
      "OpenAI's format, streamed",
      {
        modelId: GPT,
        request: {
          messages: [
            { role: 'developer', content: 'Be short.' },
            { role: 'user', content: 'Hi' },
          ],
        },
        answer: [
          { choices: [{ delta: { reasoning: 'They greet.' } }] },
          { choices: [{ delta: { content: 'Hello.' }, finish_reason: 'stop' }] },
        ],
      },
    ],
    [
      'Anthropic, streamed',
      {
        modelId: CLAUDE,
        request: {
          anthropic_version: 'bedrock-2023-05-31',
          system: 'Be short.',
          messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
        },
        answer: [
          { type: 'message_start', message: {} },
          { type: 'content_block_delta', delta: { type: 'thinking_delta', thinking: 'They greet.' } },
          { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Hello.' } },
          { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
        ],
      },
    ],
    [
      'Titan',
      {
        modelId: 'amazon.titan-text-express-v1',
        request: { inputText: 'Hi' },
        answer: { results: [{ outputText: 'Hello.', completionReason: 'FINISH' }] },
      },
    ],
  ])('of %s give a conversation and its answer', async (what, logged) => {
    const { examples, leftOut } = await readOne(logged);
    expect(examples).toEqual([what === 'Titan' ? { ...EXPECTED, system: '' } : EXPECTED]);
    expect(leftOut).toEqual([]);
  });

  it.each<readonly [what: string, request: object, why: LeftOut]>([
    ['tools', { ...ASKED, toolConfig: { tools: [{ toolSpec: { name: 't' } }] } }, 'tools'],
    ['media', { messages: [{ role: 'user', content: [{ image: {} }] }] }, 'media'],
    ['two turns of the user', { messages: [user('Hi'), user('Hi')] }, 'turns'],
    ['no text', { messages: [user(' ')] }, 'empty'],
  ])('leaves out requests with %s, and says so', async (_, request, why) => {
    expect(await readOne({ modelId: NOVA, request })).toEqual({ examples: [], leftOut: [why] });
  });

  it.each<readonly [what: string, modelId: string, request: object, why: LeftOut]>([
    ['images beside a prompt', LLAMA, { prompt: LLAMA_3, images: ['aGk='] }, 'media'],
    ['another template', MISTRAL, { prompt: '<|im_start|>user\nHi<|im_end|>' }, 'format'],
    ['a speaker that is a tool', LLAMA, { prompt: LLAMA_3.replace('user', 'ipython') }, 'format'],
    ['half a template', MISTRAL, { prompt: '<s>[INST] Hi' }, 'format'],
    ['text for a vector', 'amazon.titan-embed-text-v2:0', { inputText: 'Hi' }, 'format'],
    [
      'a history where no view looks',
      'cohere.command-r-v1:0',
      { message: 'Hi', chat_history: [{}] },
      'format',
    ],
    ['no model that is known', 'arn:of-nobody', { words: 'Hi' }, 'format'],
  ])('leaves out %s, and says so', async (_, modelId, request, why) => {
    expect(await readOne({ modelId, request }, NOVA)).toEqual({ examples: [], leftOut: [why] });
  });

  it('keeps the conversations of raw prompts, and takes a text without a template as a turn', async () => {
    const said = await readOne({
      modelId: MISTRAL,
      request: { prompt: '<s>[INST] Hi [/INST] Hello.</s>[INST] Who are you? [/INST]' },
      answer: { outputs: [{ text: ' A model.' }] },
    });
    expect(said.examples).toEqual([
      {
        task: 'untagged',
        system: '',
        turns: [
          { role: 'user', text: 'Hi' },
          { role: 'assistant', text: 'Hello.' },
          { role: 'user', text: 'Who are you?' },
        ],
        answer: 'A model.',
      },
    ]);
    const plain = await readOne({ modelId: LLAMA, request: { prompt: ' Say hi. ' } });
    expect(plain.examples).toEqual([
      { task: 'untagged', system: '', turns: [{ role: 'user', text: 'Say hi.' }] },
    ]);
  });

  it.each<readonly [what: string, answer: unknown]>([
    ['was cut', { stopReason: 'max_tokens', output: { message: { content: blocks('Hel') } } }],
    [
      'a guardrail stopped',
      { stopReason: 'guardrail_intervened', output: { message: { content: blocks('No.') } } },
    ],
    ['calls a tool', { output: { message: { content: [{ toolUse: { name: 't', input: {} } }] } } }],
    [
      'was cut in a stream',
      [{ contentBlockDelta: { delta: { text: 'Hel' } } }, { messageStop: { stopReason: 'max_tokens' } }],
    ],
    ['has no end', [{ contentBlockDelta: { delta: { text: 'Hel' } } }]],
    ['is no JSON', 'Hello.'],
    ['is not there', undefined],
  ])('learns no answer that %s', async (_, answer) => {
    const { answer: _known, ...expected } = EXPECTED;
    expect(
      (await readOne({ modelId: NOVA, operation: 'Converse', request: ASKED, answer })).examples,
    ).toEqual([expected]);
  });

  it('joins what the application began of the answer with the rest', async () => {
    const { examples } = await readOne({
      modelId: NOVA,
      operation: 'Converse',
      request: { ...ASKED, messages: [user('Hi'), { role: 'assistant', content: blocks('{"say":') }] },
      answer: { output: { message: { content: blocks('"hello"}') } } },
    });
    expect(examples).toEqual([{ ...EXPECTED, answer: '{"say":"hello"}' }]);
  });

  it('reads exports of CloudWatch: lines with a time, and documents of events', async () => {
    const answer = { output: { message: { content: blocks('Hello.') } } };
    const line = JSON.stringify(record({ modelId: NOVA, request: ASKED, answer }));
    const events = { events: [{ message: line }, { message: line }], searchedLogStreams: [] };
    for (const [name, text, count] of [
      ['000000.gz', `2026-10-20T10:00:00.000Z ${line}\n2026-10-20T10:00:01Z ${line}\n`, 2],
      ['events.json', JSON.stringify(events, null, 4), 2],
      ['events.json', JSON.stringify(events), 2],
    ] as const) {
      expect((await readLog(text, NOVA, name)).examples, name).toHaveLength(count);
    }
    await expect(readLog('{"events": [{"message": "secret"}]}', NOVA)).rejects.toThrow(
      /^costkit planner: message 1 of /,
    );
  });

  it('finds bodies that stand beside their records, and says where there is none', async () => {
    const hour = join(folder, 'AWSLogs/1/BedrockModelInvocationLogs/us-east-1/2026/10/20/10');
    await mkdir(join(hour, 'data'), { recursive: true });
    const at = (name: string): string => `s3://logs/AWSLogs/1/BedrockModelInvocationLogs/data/${name}`;
    const kept = (id: string): string =>
      JSON.stringify({
        operation: 'Converse',
        modelId: NOVA,
        input: { inputBodyS3Path: at(`${id}_input.json.gz`) },
        output: { outputBodyS3Path: at(`${id}_output.json.gz`) },
      });
    const failed = JSON.stringify({
      operation: 'Converse',
      modelId: NOVA,
      errorCode: 'ThrottlingException',
      input: {},
    });
    await writeFile(
      join(hour, 'a.json.gz'),
      gzipSync([kept('a'), kept('gone'), kept('half'), failed].join('\n')),
    );
    await writeFile(join(hour, 'data', 'a_input.json.gz'), gzipSync(JSON.stringify(ASKED)));
    const answer = { output: { message: { content: blocks('Hello.') } } };
    await writeFile(join(hour, 'data', 'a_output.json.gz'), gzipSync(JSON.stringify(answer)));
    await writeFile(
      join(hour, 'data', 'half_input.json.gz'),
      gzipSync(JSON.stringify(ASKED)).subarray(0, 20),
    );
    for (const source of [folder, join(hour, 'a.json.gz')]) {
      expect(await read(source, NOVA)).toEqual({ examples: [EXPECTED], leftOut: ['noBody', 'noBody'] });
    }
  });
});
