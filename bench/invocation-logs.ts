import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type LoggedCall, logRecord } from '../packages/insights/tests/traffic/log-record.js';
import { type Random, randomOf } from '../packages/insights/tests/traffic/random.js';

const START = Date.UTC(2026, 9, 1);
const HOUR_MS = 3_600_000;
/** Thirty days: Bedrock writes a folder an hour. */
const HOURS = 720;
const SYLLABLES = 'an ba co de er fi go ha in ja ku le mo na or pe qui re su ta un ve wi xa yo za'.split(' ');
const TEXT_CHARACTERS = 4_000_000;

/** What was written. */
export interface WrittenLogs {
  readonly records: number;
  /** Unpacked. */
  readonly bytes: number;
  readonly packedBytes: number;
}

/** Text as even as that of people for gzip: words of which a few make up most; each passage is another. */
function textOf(random: Random): (tokens: number) => string {
  const word = (): string =>
    Array.from({ length: random.whole(1, 4) }, () => SYLLABLES[random.whole(0, SYLLABLES.length - 1)]).join(
      '',
    );
  const vocabulary = Array.from({ length: 8_000 }, word);
  const words: string[] = [];
  for (let length = 0; length < TEXT_CHARACTERS; ) {
    const next = vocabulary[Math.floor(vocabulary.length * random.next() ** 3)] ?? '';
    words.push(random.next() < 0.08 ? `${next}.\n` : next);
    length += next.length + 1;
  }
  const text = words.join(' ');
  return (tokens) => {
    const from = random.whole(0, text.length - 4 * tokens - 1);
    return text.slice(from, from + 4 * tokens);
  };
}

/** A call with the answer that its record holds. */
type Answered = LoggedCall & { readonly answer: object };
type Workload = (at: number) => Answered;

const turn = (text: string, role = 'user'): object => ({ role, content: [{ text }] });
const US = 'us.anthropic.claude-sonnet-5-5';
const tool = (name: string, description: string): object => ({
  toolSpec: {
    name,
    description,
    inputSchema: { json: { type: 'object', properties: { id: { type: 'string' } } } },
  },
});

/** Six applications of an account, by the share of the calls that each makes. */
function workloadsOf(random: Random): readonly (readonly [share: number, workload: Workload])[] {
  const text = textOf(random);
  const [manual, rules, persona] = [text(1_200), text(300), text(500)];
  const tools = ['order', 'parcel', 'refund', 'person'].map((name) => tool(`find_${name}`, text(40)));
  const converse = (answer: string, usage: object, output: number): object => ({
    output: { message: turn(answer, 'assistant') },
    stopReason: 'end_turn',
    usage,
    metrics: { latencyMs: 300 + 9 * output },
  });
  const usageOf = (inputTokens: number, outputTokens: number, cacheReadInputTokens = 0): object => ({
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + cacheReadInputTokens,
    ...(cacheReadInputTokens === 0 ? {} : { cacheReadInputTokens, cacheWriteInputTokens: 0 }),
  });
  return [
    [
      // Conversations with tools and a cached manual.
      0.3,
      (at) => {
        const turns = 2 * random.whole(0, 4) + 1;
        const messages = Array.from({ length: turns }, (_, index) =>
          turn(
            text(index % 2 === 0 ? random.whole(20, 120) : random.whole(80, 250)),
            index % 2 === 0 ? 'user' : 'assistant',
          ),
        );
        const [input, output] = [90 * turns, random.whole(80, 250)];
        return {
          at,
          modelId: US,
          feature: 'support',
          operation: 'ConverseStream',
          input,
          output,
          cacheRead: 1_500,
          body: {
            system: [{ text: manual }, { cachePoint: { type: 'default' } }],
            messages,
            toolConfig: { tools },
            inferenceConfig: { maxTokens: 800 },
          },
          answer: converse(text(output), usageOf(input, output, 1_500), output),
        };
      },
    ],
    [
      // Questions over passages that a search has found.
      0.2,
      (at) => {
        const [passages, output] = [random.whole(1_000, 2_500), random.whole(100, 300)];
        return {
          at,
          modelId: US,
          feature: 'search',
          operation: 'InvokeModel',
          input: passages + 300,
          output,
          body: {
            anthropic_version: 'bedrock-2023-05-31',
            max_tokens: 600,
            system: rules,
            messages: [{ role: 'user', content: `${text(passages)}\n\n${text(30)}` }],
          },
          answer: {
            id: `msg_${random.id()}`,
            type: 'message',
            role: 'assistant',
            content: [{ type: 'text', text: text(output) }],
            stop_reason: 'end_turn',
            usage: { input_tokens: passages + 300, output_tokens: output },
          },
        };
      },
    ],
    [
      // Short labels, by nobody's name.
      0.25,
      (at) => {
        const input = random.whole(150, 400);
        return {
          at,
          modelId: 'us.amazon.nova-2-lite-v1:0',
          feature: undefined,
          input: input + 300,
          output: 4,
          body: {
            system: [{ text: rules }],
            messages: [turn(text(input))],
            inferenceConfig: { maxTokens: 10 },
          },
          answer: converse('refund', usageOf(input + 300, 4), 4),
        };
      },
    ],
    [
      // Drafts, as a stream: the record has its events.
      0.15,
      (at) => {
        const [input, output] = [random.whole(300, 900), random.whole(100, 400)];
        const deltas = Array.from({ length: Math.ceil(output / 10) }, () => ({
          type: 'content_block_delta',
          index: 0,
          delta: { type: 'text_delta', text: text(10) },
        }));
        const metrics = {
          inputTokenCount: input,
          outputTokenCount: output,
          invocationLatency: 300 + 9 * output,
        };
        return {
          at,
          modelId: 'global.anthropic.claude-haiku-5-5',
          feature: 'drafts',
          operation: 'InvokeModelWithResponseStream',
          input,
          output,
          body: {
            anthropic_version: 'bedrock-2023-05-31',
            max_tokens: 2_000,
            system: [{ type: 'text', text: persona }],
            messages: [{ role: 'user', content: [{ type: 'text', text: text(input) }] }],
          },
          answer: [
            {
              type: 'message_start',
              message: { role: 'assistant', usage: { input_tokens: input, output_tokens: 1 } },
            },
            ...deltas,
            { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: output } },
            { type: 'message_stop', 'amazon-bedrock-invocationMetrics': metrics },
          ],
        };
      },
    ],
    [
      // Passages that are embedded.
      0.1,
      (at) => {
        const input = random.whole(200, 400);
        return {
          at,
          modelId: 'amazon.titan-embed-text-v2:0',
          feature: 'index',
          operation: 'InvokeModel',
          input,
          output: 0,
          body: { inputText: text(input), dimensions: 256 },
          answer: {
            embedding: Array.from({ length: 256 }, () => random.next() - 0.5),
            inputTextTokenCount: input,
          },
        };
      },
    ],
  ];
}

/** Draws one of several by its share. */
function draw(workloads: ReturnType<typeof workloadsOf>, random: Random): Workload {
  let left = random.next();
  const [first] = workloads;
  for (const [share, workload] of workloads) {
    left -= share;
    if (left < 0) return workload;
  }
  return (first as NonNullable<typeof first>)[1];
}

/**
 * Writes a month of invocation logs as Bedrock lays them out: a gzipped file of JSON lines an hour, until so many bytes
 * (unpacked) or records are there. All of it follows from the seed.
 */
export async function writeInvocationLogs(
  folder: string,
  amount: { readonly bytes: number } | { readonly records: number },
  seed = 1,
): Promise<WrittenLogs> {
  const random = randomOf(seed);
  const workloads = workloadsOf(random);
  const pack = promisify<string, { level: number }, Buffer>(gzip);
  const isHourFull = (records: number, bytes: number): boolean =>
    'bytes' in amount ? bytes >= amount.bytes / HOURS : records >= amount.records / HOURS;
  let written = { records: 0, bytes: 0, packedBytes: 0 };
  const writeHour = async (hour: number, lines: string): Promise<void> => {
    const packed = await pack(lines, { level: 1 });
    const date = new Date(START + hour * HOUR_MS).toISOString().slice(0, 13).replaceAll(/[-T]/g, '/');
    const path = join(
      folder,
      `AWSLogs/123456789012/BedrockModelInvocationLogs/us-east-1/${date}/${random.id()}.json.gz`,
    );
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, packed);
    written = { ...written, packedBytes: written.packedBytes + packed.length };
  };
  let before: Promise<void> = Promise.resolve();
  for (let hour = 0; hour < HOURS; hour += 1) {
    const lines: string[] = [];
    let length = 0;
    for (let at = START + hour * HOUR_MS; !isHourFull(lines.length, length); at += 2_000) {
      const { answer, ...call } = draw(workloads, random)(Math.min(at, START + (hour + 1) * HOUR_MS - 1));
      const record = logRecord({ ...call, role: `role-${random.whole(0, 20)}` }, random.id());
      const output = {
        outputContentType: 'application/json',
        outputBodyJson: answer,
        outputTokenCount: call.output,
      };
      const line = `${JSON.stringify({ ...record, output })}\n`;
      lines.push(line);
      length += line.length;
    }
    written = { ...written, records: written.records + lines.length, bytes: written.bytes + length };
    // One hour is packed while the next is made.
    await before;
    before = writeHour(hour, lines.join(''));
  }
  await before;
  return written;
}
