import {
  BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  InvokeModelCommand,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import {
  deriveClient,
  type Lever,
  leverPlugin,
  Money,
  NO_USAGE,
  type Receipt,
  receiptOf,
  settingsPlugin,
} from '@costkit/core';
import { memoryStore } from '@costkit/core/memory-store';
import { createManualClock, type LocalBedrock, type ManualClock, startLocalBedrock } from '@costkit/local';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type PromptCacheOptions, promptCachePlugin, withPromptCache } from '../src/index.js';
import { CLAUDE_IDS, NOVA_IDS, REFUSING_IDS } from './cache-point-checker.js';
import { acceptable, anthropicBody, novaBody } from './random-requests.js';
import { seededRandom, seededRequest } from './seeded-requests.js';

const SONNET = 'us.anthropic.claude-sonnet-5';
const NOVA = 'us.amazon.nova-pro-v1:0';
const SECOND = 1000;
const MINUTE = 60_000;

/** About `tokens` tokens; other words for every seed. */
function handbook(tokens: number, seed = 0): string {
  const sentence = `Rule ${seed}: a customer may return every product within thirty days of its delivery. `;
  return sentence.repeat(Math.ceil(tokens / 17));
}

let clock: ManualClock;
let bedrock: LocalBedrock;
let bare: BedrockRuntimeClient;

beforeEach(async () => {
  clock = createManualClock(Date.parse('2026-11-22T00:00:00Z'));
  // Counting exactly takes most of the time, and what is placed does not depend on it.
  bedrock = await startLocalBedrock({ clock, tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
  bare = new BedrockRuntimeClient({ ...bedrock.clientConfig, maxAttempts: 1 });
});
afterEach(async () => {
  bare.destroy();
  await bedrock.stop();
});

const onTestTime = settingsPlugin({ clock: { now: () => clock.now(), monotonicMs: () => clock.now() } });
const cached = (options: PromptCacheOptions = {}): BedrockRuntimeClient =>
  deriveClient(bare, onTestTime, promptCachePlugin(options));

const ask = (system: string, question: string, modelId: string = SONNET): ConverseCommandInput => ({
  modelId,
  system: [{ text: system }],
  messages: [{ role: 'user', content: [{ text: question }] }],
});

async function receiptFor(client: BedrockRuntimeClient, input: ConverseCommandInput): Promise<Receipt> {
  const output = await client.send(new ConverseCommand(input));
  await clock.advance(SECOND);
  return receiptOf(output) as Receipt;
}

/** A conversation of a number of turns, with waits between them. */
async function converse(
  client: BedrockRuntimeClient,
  turns: number,
  gapMs: number,
  modelId: string = SONNET,
): Promise<Receipt[]> {
  const messages: Message[] = [];
  const receipts: Receipt[] = [];
  for (let turn = 0; turn < turns; turn++) {
    messages.push({ role: 'user', content: [{ text: `Question ${turn}. ${handbook(300, turn)}` }] });
    const input = { modelId, system: [{ text: handbook(1500) }], messages: structuredClone(messages) };
    const output = await client.send(new ConverseCommand(input));
    messages.push(output.output?.message as Message);
    const receipt = receiptOf(output);
    if (receipt !== undefined) receipts.push(receipt);
    await clock.advance(gapMs);
  }
  return receipts;
}

const pointsSent = (): number =>
  bedrock
    .requests()
    .reduce(
      (sum, { body }) => sum + (JSON.stringify(body).match(/"cachePoint"|"cache_control"/g)?.length ?? 0),
      0,
    );

const billed = (): number => bedrock.bill().lines.reduce((sum, line) => sum + Number(line.picoUsd), 0);

describe('withPromptCache', () => {
  it('writes a system prompt once and reads it from then on', async () => {
    const client = cached();
    const first = await receiptFor(client, ask(handbook(3000), 'May I return a hat?'));
    const second = await receiptFor(client, ask(handbook(3000), 'May I return a coat?'));
    expect(first.usage.cacheWrite5m).toBeGreaterThan(2500);
    expect(first.saved?.usd).toBeLessThan(0);
    expect(second.usage).toMatchObject({ cacheRead: first.usage.cacheWrite5m, cacheWrite5m: 0 });
    expect(second.saved?.usd).toBeGreaterThan(0);
    expect(second.decisions).toEqual([
      expect.objectContaining({ lever: 'prompt-cache', mode: 'enforce', action: 'placed 1 cache point' }),
    ]);
  });

  it.each([
    ['the same picture', () => 1, true],
    ['another picture each time', (call: number) => call, false],
  ])('caches what stands behind a picture as often as both come again: %s', async (_, pictureOf, isRead) => {
    const client = cached();
    const receipts: Receipt[] = [];
    for (let call = 0; call < 6; call++) {
      const image = {
        format: 'png' as const,
        source: { bytes: new Uint8Array(2_000).fill(pictureOf(call)) },
      };
      const content = [{ image }, { text: handbook(3000) }, { text: `Question ${call}?` }];
      receipts.push(await receiptFor(client, { modelId: SONNET, messages: [{ role: 'user', content }] }));
    }
    const { usage } = receipts.at(-1) as Receipt;
    expect(usage.cacheRead > 2_500).toBe(isRead);
    expect(receipts.filter(({ usage: { cacheWrite5m } }) => cacheWrite5m > 0)).toHaveLength(isRead ? 1 : 0);
  });

  it('estimates the saving of each call near what the bill says', async () => {
    const client = cached();
    // Before it has answered, the model is believed to count half as many tokens again as it does here.
    for (let call = 0; call < 5; call++) await receiptFor(client, ask(handbook(400, call), 'zero'));
    for (const question of ['one', 'two', 'three']) {
      const { saved, decisions } = await receiptFor(client, ask(handbook(3000), question));
      expect(decisions[0]?.estimatedSaving?.usd).toBeCloseTo(saved?.usd as number, 3);
    }
  });

  it('reads nearly all of a growing conversation', async () => {
    const receipts = await converse(cached(), 12, 20_000);
    for (const { usage } of receipts.slice(2)) {
      const prompt = usage.input + usage.cacheRead + usage.cacheWrite5m;
      // What is new in a turn is the last answer and the question: some 480 tokens.
      expect(prompt - usage.cacheRead).toBeLessThan(550);
      expect(usage.input).toBe(0);
    }
  });

  it('reads what the turn before wrote when more than 20 blocks lie between', async () => {
    const client = cached();
    const messages: Message[] = [];
    const receipts: Receipt[] = [];
    const tools = [
      { toolSpec: { name: 'look', description: handbook(1500), inputSchema: { json: { type: 'object' } } } },
    ];
    for (let turn = 0; turn < 4; turn++) {
      const ids = Array.from({ length: 15 }, (_, index) => `call-${turn}-${index}`);
      if (turn > 0) {
        messages.push({
          role: 'assistant',
          content: ids.map((toolUseId) => ({ toolUse: { toolUseId, name: 'look', input: {} } })),
        });
        messages.push({
          role: 'user',
          content: ids.map((toolUseId) => ({
            toolResult: { toolUseId, content: [{ text: handbook(40, turn) }] },
          })),
        });
      } else messages.push({ role: 'user', content: [{ text: 'Look everywhere.' }] });
      receipts.push(
        await receiptFor(client, {
          modelId: SONNET,
          toolConfig: { tools },
          messages: structuredClone(messages),
        }),
      );
    }
    const [, second, third, fourth] = receipts.map(({ usage }) => usage);
    const prompt = (usage: Receipt['usage'] | undefined): number =>
      (usage?.input ?? 0) + (usage?.cacheRead ?? 0) + (usage?.cacheWrite5m ?? 0);
    expect(third?.cacheRead).toBe(prompt(second));
    expect(fourth?.cacheRead).toBe(prompt(third));
  });

  it('stops writing prompts that never come again', async () => {
    const client = cached();
    const receipts: Receipt[] = [];
    for (let index = 0; index < 40; index++)
      receipts.push(await receiptFor(client, ask(handbook(2000, index), 'Summarise.')));
    const wrote = receipts.filter(({ usage }) => usage.cacheWrite5m > 0);
    expect(wrote.length).toBeGreaterThan(0);
    expect(wrote.length).toBeLessThan(8);
    expect(receipts.slice(8).every(({ usage }) => usage.cacheWrite5m === 0)).toBe(true);
  });

  it('caches a prompt again as soon as it is seen to repeat', async () => {
    const client = cached();
    for (let index = 0; index < 20; index++)
      await receiptFor(client, ask(handbook(2000, index), 'Summarise.'));
    const receipts: Receipt[] = [];
    for (const question of ['one', 'two', 'three'])
      receipts.push(await receiptFor(client, ask(handbook(3000, 99), question)));
    expect(receipts.map(({ usage }) => [usage.cacheWrite5m > 0, usage.cacheRead > 0])).toEqual([
      [false, false],
      [true, false],
      [false, true],
    ]);
  });

  it('caches the stable part of a system prompt whose end changes with every call', async () => {
    const client = cached();
    const receipts: Receipt[] = [];
    for (let index = 0; index < 20; index++) {
      receipts.push(
        await receiptFor(client, {
          modelId: SONNET,
          system: [{ text: handbook(3000) }, { text: `It is minute ${index}. ${handbook(200, index)}` }],
          messages: [{ role: 'user', content: [{ text: 'And now?' }] }],
        }),
      );
    }
    const late = receipts.slice(10).map(({ usage }) => usage);
    expect(late.every(({ cacheRead }) => cacheRead > 2500)).toBe(true);
    expect(late.every(({ cacheWrite5m }) => cacheWrite5m === 0)).toBe(true);
  });

  it('caches documents that several questions share', async () => {
    const client = cached();
    const receipts: Receipt[] = [];
    for (const question of ['one', 'two', 'three', 'four']) {
      receipts.push(
        await receiptFor(client, {
          modelId: SONNET,
          messages: [{ role: 'user', content: [{ text: handbook(4000) }, { text: question }] }],
        }),
      );
    }
    expect(receipts.map(({ usage }) => usage.cacheRead > 3000)).toEqual([false, false, true, true]);
  });

  it('chooses an hour when calls come every ten minutes, and costs less than never or always 5 minutes', async () => {
    const costOf = async (client: BedrockRuntimeClient): Promise<number> => {
      const before = billed();
      for (let index = 0; index < 20; index++) {
        const output = await client.send(new ConverseCommand(ask(handbook(3000), `Question ${index}`)));
        if (client === automatic && index >= 10)
          expect(receiptOf(output)?.usage.cacheRead).toBeGreaterThan(2500);
        await clock.advance(10 * MINUTE);
      }
      await clock.advance(120 * MINUTE);
      return billed() - before;
    };
    const automatic = cached();
    const learned = await costOf(automatic);
    expect(learned).toBeLessThan(await costOf(bare));
    expect(learned).toBeLessThan(await costOf(cached({ expectReuse: true, ttl: '5m' })));
    expect(learned).toBeLessThan(1.35 * (await costOf(cached({ expectReuse: true, ttl: '1h' }))));
  });

  it('leaves calls that come every two hours uncached', async () => {
    const client = cached();
    const receipts: Receipt[] = [];
    for (let index = 0; index < 12; index++) {
      receipts.push(await receiptFor(client, ask(handbook(3000), `Question ${index}`)));
      await clock.advance(120 * MINUTE);
    }
    expect(receipts.slice(6).every(({ usage }) => usage.cacheWrite5m + usage.cacheWrite1h === 0)).toBe(true);
  });

  it('always caches on Nova, where a write costs nothing', async () => {
    const client = cached();
    const receipts: Receipt[] = [];
    for (let index = 0; index < 20; index++)
      receipts.push(await receiptFor(client, ask(handbook(3000, index), 'Hello?', NOVA)));
    expect(receipts.every(({ usage }) => usage.cacheWrite5m > 0)).toBe(true);
    expect(receipts.every(({ saved }) => (saved as Money).usd > 0)).toBe(true);
  });

  it('stays within the 20K tokens that Nova caches', async () => {
    const client = cached();
    for (let index = 0; index < 3; index++) {
      const { usage } = await receiptFor(client, {
        modelId: NOVA,
        system: [{ text: handbook(5000) }],
        messages: [{ role: 'user', content: [{ text: handbook(30_000) }, { text: `Question ${index}` }] }],
      });
      expect(usage.cacheRead + usage.cacheWrite5m).toBeGreaterThan(4000);
    }
  });

  it("honours the caller's own points and adds to them", async () => {
    const client = cached();
    const messages: Message[] = [{ role: 'user', content: [{ text: 'Hello.' }] }];
    const system = [
      { text: handbook(3000) },
      { cachePoint: { type: 'default' as const, ttl: '1h' as const } },
    ];
    let usage: Receipt['usage'] | undefined;
    for (let turn = 0; turn < 4; turn++) {
      const output = await client.send(
        new ConverseCommand({ modelId: SONNET, system, messages: structuredClone(messages) }),
      );
      usage = receiptOf(output)?.usage;
      messages.push(output.output?.message as Message, {
        role: 'user',
        content: [{ text: handbook(400, turn) }],
      });
    }
    expect(usage?.cacheRead).toBeGreaterThan(3000);
    expect(usage?.cacheWrite5m).toBeGreaterThan(300);
    expect(bedrock.requests()[0]?.body).toMatchObject({ system });
  });

  it("leaves a caller's points alone that the model refuses, so that the caller sees the refusal", async () => {
    const input = {
      ...ask(handbook(3000), 'Hello?', NOVA),
      toolConfig: {
        tools: [
          { toolSpec: { name: 'look', inputSchema: { json: { type: 'object' } } } },
          { cachePoint: { type: 'default' as const } },
        ],
      },
    };
    await expect(cached().send(new ConverseCommand(input))).rejects.toThrow('extraneous key [cachePoint]');
  });

  it("removes a caller's points when another model is called that refuses them, and says so", async () => {
    const reroute = leverPlugin('router', [
      {
        name: 'router',
        slot: 'route',
        mode: 'enforce',
        around: (view, _call, next) => next(view.withModel('meta.llama3-3-70b-instruct-v1:0')),
      },
    ]);
    const client = deriveClient(bare, reroute, promptCachePlugin());
    const input = ask('Be brief.', 'Hello?');
    const receipt = await receiptFor(client, {
      ...input,
      system: [...(input.system ?? []), { cachePoint: { type: 'default' } }],
    });
    expect(receipt.servedModel).toBe('meta.llama3-3-70b-instruct-v1:0');
    expect(receipt.decisions.find(({ lever }) => lever === 'prompt-cache')?.action).toBe(
      'removed 1 cache point',
    );
  });

  it('adds nothing for models without a prompt cache, and says why', async () => {
    for (const modelId of ['meta.llama3-3-70b-instruct-v1:0', 'moonshotai.kimi-k3']) {
      const { decisions } = await receiptFor(cached(), ask(handbook(3000), 'Hello?', modelId));
      expect(decisions).toEqual([
        expect.objectContaining({ action: 'left alone', reason: expect.stringContaining(modelId) }),
      ]);
    }
    expect(pointsSent()).toBe(0);
  });

  it('changes nothing in observe, and says what it would have saved', async () => {
    const estimated: Receipt[] = await converse(cached({ mode: 'observe' }), 8, 20_000);
    expect(pointsSent()).toBe(0);
    const would = Money.sum(estimated.map(({ decisions }) => decisions[0]?.estimatedSaving ?? Money.zero));
    const uncached = billed();
    const real = await converse(cached(), 8, 20_000);
    const saved = uncached - (billed() - uncached);
    expect(saved).toBeGreaterThan(0);
    expect(would.usd).toBeGreaterThan((0.9 * saved) / 1e12);
    expect(would.usd).toBeLessThan((1.1 * saved) / 1e12);
    expect(real.at(-1)?.decisions[0]?.mode).toBe('enforce');
  });

  it('does nothing when off', async () => {
    const { decisions } = await receiptFor(cached({ mode: 'off' }), ask(handbook(3000), 'Hello?'));
    expect(decisions).toEqual([]);
    expect(pointsSent()).toBe(0);
  });

  it('works on streams, on Anthropic Messages bodies and on Nova bodies', async () => {
    const client = cached();
    for (const question of ['one', 'two']) {
      const stream = await client.send(new ConverseStreamCommand(ask(handbook(3000), question)));
      for await (const _ of stream.stream ?? []);
      if (question === 'two') expect(receiptOf(stream)?.usage.cacheRead).toBeGreaterThan(2500);
      const claude = await client.send(
        new InvokeModelCommand({
          modelId: 'us.anthropic.claude-sonnet-5-5',
          body: JSON.stringify({
            anthropic_version: 'bedrock-2023-05-31',
            max_tokens: 100,
            system: handbook(3000),
            messages: [{ role: 'user', content: question }],
          }),
        }),
      );
      if (question === 'two') expect(receiptOf(claude)?.usage.cacheRead).toBeGreaterThan(2500);
      const nova = await client.send(
        new InvokeModelCommand({
          modelId: NOVA,
          body: JSON.stringify({
            schemaVersion: 'messages-v1',
            system: [{ text: handbook(3000) }],
            messages: [{ role: 'user', content: [{ text: question }] }],
          }),
        }),
      );
      if (question === 'two') expect(receiptOf(nova)?.usage.cacheRead).toBeGreaterThan(2500);
    }
  });

  it('does not take parallel first calls for a cache that fails', async () => {
    const client = cached();
    const questions = Array.from({ length: 12 }, (_, index) => `Question ${index}`);
    await Promise.all(questions.map((question) => receiptFor(client, ask(handbook(3000), question))));
    const { usage } = await receiptFor(client, ask(handbook(3000), 'The last one'));
    expect(usage.cacheRead).toBeGreaterThan(2500);
  });

  it('writes once for parallel first calls on one prefix, and costs less than twelve writes', async () => {
    const client = cached();
    const questions = Array.from({ length: 12 }, (_, index) => `Question ${index}`);
    const answers = await Promise.all(
      questions.map((question) => client.send(new ConverseCommand(ask(handbook(3000), question)))),
    );
    const usages = answers.map((answer) => receiptOf(answer)?.usage);
    expect(usages.filter((usage) => (usage?.cacheWrite5m ?? 0) > 0)).toHaveLength(1);
    expect(billed()).toBeLessThanOrEqual(Number(receiptOf(answers[0] as object)?.baseline?.picoUsd) * 12.4);
    expect((await receiptFor(client, ask(handbook(3000), 'The last one'))).usage.cacheRead).toBeGreaterThan(
      2500,
    );
  });

  it('begins with what another process has learned', async () => {
    const store = memoryStore({ now: () => clock.now() });
    const before = cached({ store });
    for (const question of ['one', 'two', 'three']) await receiptFor(before, ask(handbook(3000), question));
    await clock.advance(11 * SECOND);
    await receiptFor(before, ask(handbook(3000), 'four'));
    const { usage, decisions } = await receiptFor(cached({ store }), ask(handbook(3000), 'five'));
    expect(usage.cacheRead).toBeGreaterThan(2500);
    expect(decisions[0]?.reason).toContain('are cached already');
    expect(await store.get('costkit:prompt-cache')).not.toContain('customer');
  });

  it('does not count on a cache that a request was to write which never went out', async () => {
    let hasRoom = false;
    const budget: Lever = {
      name: 'budget',
      slot: 'fit',
      mode: 'enforce',
      failsClosed: true,
      fit: () => {
        if (!hasRoom) throw new Error('no room');
        return undefined;
      },
    };
    const client = deriveClient(cached(), leverPlugin('budget', [budget]));
    const input = ask(handbook(2000), 'Hats?');
    await expect(client.send(new ConverseCommand(input))).rejects.toThrow('no room');
    hasRoom = true;
    const receipt = await receiptFor(client, input);
    expect(receipt.usage.cacheWrite5m).toBeGreaterThan(1_500);
    expect(receipt.decisions[0]?.reason).toContain('none of them is cached yet');
  });

  it('does not count on a cache that a batch job was to write, which has none', async () => {
    let waits = true;
    const batch: Lever = {
      name: 'batch',
      slot: 'attempt',
      mode: 'enforce',
      around: async (view, call, next) => {
        if (!waits) return next(view);
        const plain = view.withCachePoints([]);
        call.book({ view: plain, usage: { ...NO_USAGE, input: 3_000 }, startedAt: call.startedAt });
        return { output: { $metadata: {} }, view: undefined };
      },
    };
    const client = deriveClient(cached(), leverPlugin('batch', [batch]));
    expect((await receiptFor(client, ask(handbook(3000), 'one'))).mode).toBe('batch');
    waits = false;
    const receipt = await receiptFor(client, ask(handbook(3000), 'two'));
    expect(receipt.usage.cacheWrite5m).toBeGreaterThan(2_500);
    expect(receipt.decisions[0]?.reason).toContain('none of them is cached yet');
  });

  it('places points from the first call on when reuse is expected', async () => {
    const client = cached({ expectReuse: true });
    for (let index = 0; index < 12; index++) {
      const { usage } = await receiptFor(client, ask(handbook(2000, index), 'Summarise.'));
      expect(usage.cacheWrite5m).toBeGreaterThan(1500);
    }
  });

  it('is sugar for the plugin on a derived client', async () => {
    const client = withPromptCache(bare);
    expect(client).toBeInstanceOf(BedrockRuntimeClient);
    await receiptFor(client, ask(handbook(3000), 'Hello?'));
    expect(pointsSent()).toBe(1);
    await bare.send(new ConverseCommand(ask(handbook(3000), 'Hello?')));
    expect(pointsSent()).toBe(1);
    expect(() => withPromptCache(client)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_ALREADY_APPLIED' }),
    );
  });

  it('rejects options that do not exist', () => {
    expect(() => withPromptCache(bare, { ttl: '2h' as '1h' })).toThrow(
      'costkit prompt-cache: option "ttl" must be one of',
    );
    expect(() => promptCachePlugin({ maxPoints: 3 } as PromptCacheOptions)).toThrow(
      'option "maxPoints" is unknown',
    );
  });

  it.each([
    [
      'ValidationException',
      'Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.',
    ],
    [
      'AccessDeniedException',
      'You invoked an unsupported model or your request did not allow prompt caching.',
    ],
    [
      'ValidationException',
      'The model returned the following errors: messages.0.content.3.type: Field required',
    ],
  ])(
    'sends a request again without points when the service refuses them with %s, and waits before it tries again',
    async (code, message) => {
      bedrock.addTrouble({ calls: [1], action: { type: 'error', code, message } });
      const client = cached();
      const { decisions, cost, saved, usage } = await receiptFor(client, ask(handbook(3000), 'one'));
      expect(decisions.map(({ action }) => action)).toEqual([
        'placed 1 cache point',
        'repaired',
        'left alone',
      ]);
      expect(usage.cacheWrite5m).toBe(0);
      expect([cost?.usd, saved?.usd]).toEqual([billed() / 1e12, 0]);
      expect(bedrock.requests().map(({ status }) => status)).toEqual([expect.any(Number), 200]);
      expect((await receiptFor(client, ask(handbook(3000), 'two'))).usage.cacheWrite5m).toBe(0);
      expect(pointsSent()).toBe(1);
      await clock.advance(31 * MINUTE);
      const { usage: later } = await receiptFor(client, ask(handbook(3000), 'three'));
      expect(later.cacheWrite5m + later.cacheWrite1h).toBeGreaterThan(2500);
    },
  );

  it('leaves out only the refused part where several requests at once are refused for it', async () => {
    const message =
      'Malformed input request: #/toolConfig/tools/1: extraneous key [cachePoint] is not permitted';
    bedrock.addTrouble({ calls: [1, 2], action: { type: 'error', code: 'ValidationException', message } });
    const toolSpec = { name: 'find', description: handbook(1500), inputSchema: { json: {} } };
    const withTool = (question: string): ConverseCommandInput => ({
      ...ask(handbook(2000), question),
      toolConfig: { tools: [{ toolSpec }] },
    });
    const client = cached({ expectReuse: true });
    await Promise.all(['one', 'two'].map((question) => receiptFor(client, withTool(question))));
    const { usage } = await receiptFor(client, withTool('three'));
    expect(usage.cacheWrite5m).toBeGreaterThan(3_000);
  });

  it("goes on for others where a caller's own points are refused", async () => {
    const client = cached();
    const message = 'Cache point cannot be inserted after reasoning block.';
    bedrock.addTrouble({ calls: [1, 2], action: { type: 'error', code: 'ValidationException', message } });
    const own = ask(handbook(3000), 'one');
    const tools = [
      { toolSpec: { name: 'find', inputSchema: { json: {} } } },
      { cachePoint: { type: 'default' } },
    ];
    const input = { ...own, toolConfig: { tools } } as ConverseCommandInput;
    await expect(client.send(new ConverseCommand(input))).rejects.toThrow(message);
    expect(bedrock.requests()).toHaveLength(2);
    const { usage } = await receiptFor(client, ask(handbook(3000), 'two'));
    expect(usage.cacheWrite5m).toBeGreaterThan(2_500);
  });

  it('passes other refusals on, and refusals of requests without points of its own', async () => {
    const refusal = {
      type: 'error',
      code: 'ValidationException',
      message: 'Cache point is not allowed.',
    } as const;
    bedrock.addTrouble({ calls: [1], action: { ...refusal, message: 'The input is too long.' } });
    await expect(cached().send(new ConverseCommand(ask(handbook(3000), 'one')))).rejects.toThrow(
      'The input is too long.',
    );
    bedrock.addTrouble({ calls: [1], action: refusal });
    await expect(cached().send(new ConverseCommand(ask('Be brief.', 'one')))).rejects.toThrow(
      'Cache point is not allowed.',
    );
    expect(bedrock.requests()).toHaveLength(2);
  });

  it('never makes a request fail that the service takes without it', async () => {
    let sent = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...CLAUDE_IDS, ...NOVA_IDS, ...REFUSING_IDS),
        fc.nat(),
        fc.nat(2),
        async (modelId, seed, shape) => {
          const plain = acceptable(seededRequest(seededRandom(seed)));
          const command = (): ConverseCommand | InvokeModelCommand => {
            if (shape === 1 && modelId.startsWith('anthropic'))
              return new InvokeModelCommand({ modelId, body: JSON.stringify(anthropicBody(plain)) });
            if (shape === 1 && modelId.startsWith('amazon'))
              return new InvokeModelCommand({ modelId, body: JSON.stringify(novaBody(plain)) });
            return new ConverseCommand({ modelId, ...plain } as ConverseCommandInput);
          };
          const accepted = await bare.send(command() as ConverseCommand).then(
            () => true,
            () => false,
          );
          fc.pre(accepted);
          sent += 1;
          const client = cached({ expectReuse: true });
          await client.send(command() as ConverseCommand);
          await client.send(command() as ConverseCommand);
        },
      ),
      { numRuns: 30 },
    );
    expect(sent).toBe(30);
    expect(pointsSent()).toBeGreaterThan(20);
  }, 60_000);
});
