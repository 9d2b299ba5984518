import {
  type BedrockRuntimeClient,
  ConverseCommand,
  type ConverseCommandInput,
  type Message,
} from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, deriveClient, InvalidOptionError, Money, type Receipt } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { outputLimitPlugin, type WindowOptions, withOutputLimit } from '../src/index.js';
import { answeringBedrock, byCharacters } from './answering-bedrock.js';

const SONNET = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const UNCACHED = 'meta.llama3-3-70b-instruct-v1:0';
const SENTENCE = 'The parcel left the house on Monday and is on its way to the customer. ';

const local = answeringBedrock(byCharacters, () => SENTENCE.repeat(10));

const point = { cachePoint: { type: 'default' as const } };
const user = (text: string): Message => ({ role: 'user', content: [{ text }] });

/** Marks the last two user turns, as an application does that caches its conversations. */
function marked(messages: readonly Message[]): Message[] {
  const ends = messages.flatMap(({ role }, index) => (role === 'user' ? [index] : [])).slice(-2);
  return messages.map((message, index) =>
    ends.includes(index) ? { ...message, content: [...(message.content ?? []), point] } : message,
  );
}

/** Conversations do not share what is cached. */
let talks = 0;

interface Talk {
  readonly receipts: readonly Receipt[];
  /** Dollars, by the server's bill. */
  readonly usd: number;
  /** Messages of each request, as the server saw them. */
  readonly sent: readonly (readonly Message[])[];
}

/** A conversation of some 400 tokens a turn; what the client is given grows whatever it leaves out. */
async function talk(client: BedrockRuntimeClient, turns: number, modelId: string = SONNET): Promise<Talk> {
  const [billed, seen] = [local.bedrock.bill().total.usd, local.bedrock.requests().length];
  talks += 1;
  const messages: Message[] = [];
  const { receipts } = await collectReceipts(async () => {
    for (let turn = 0; turn < turns; turn += 1) {
      messages.push(user(`Talk ${talks}, question ${turn}. ${SENTENCE.repeat(20)}`));
      const input: ConverseCommandInput = {
        modelId,
        messages: modelId === SONNET ? marked(messages) : [...messages],
      };
      const { output } = await client.send(new ConverseCommand(input));
      messages.push(output?.message as Message);
    }
  });
  return {
    receipts,
    usd: local.bedrock.bill().total.usd - billed,
    sent: local.bedrock
      .requests()
      .slice(seen)
      .map(({ body }) => (body as { messages: Message[] }).messages),
  };
}

const windowed = (window: WindowOptions, mode: 'enforce' | 'observe' = 'enforce'): BedrockRuntimeClient =>
  deriveClient(local.bare, outputLimitPlugin({ window, learn: false, mode }));
const said = (receipts: readonly Receipt[], action: string): Receipt[] =>
  receipts.filter(({ decisions }) => decisions.some((decision) => decision.action === action));

/** Trims a little, and so at nearly every turn: what it leaves is written anew again and again. */
const LITTLE: WindowOptions = { maxTokens: 3_000, cutBackTo: 0.95 };
/** Trims by enough to stay where it is for some turns. */
const MUCH: WindowOptions = { maxTokens: 3_000, cutBackTo: 0.6 };
const LEFT_OUT = 'left out earlier turns';
const KEPT_WHOLE = 'kept the conversation whole';

describe('withOutputLimit with a window', () => {
  it('does not make a trim that would cost more, says so on the receipt, and costs what no window costs', async () => {
    const whole = await talk(local.bare, 7);
    const { receipts, usd, sent } = await talk(windowed(LITTLE), 7);
    expect(said(receipts, LEFT_OUT)).toEqual([]);
    expect(usd).toBeCloseTo(whole.usd, 10);
    expect(sent.at(-1)).toHaveLength(13);
    const [first] = said(receipts, KEPT_WHOLE);
    expect(first?.decisions[0]?.reason).toMatch(/would cost \$0\.\d+ more over \d+ requests to come/);
    // The same trims, made whatever they cost, are dearer: the lever was right.
    const always = await talk(windowed({ ...LITTLE, always: true }), 7);
    expect(said(always.receipts, LEFT_OUT).length).toBeGreaterThan(0);
    expect(always.usd).toBeGreaterThan(usd);
  });

  it('trims a long conversation in steps that pay, and costs less than whole and than always trimmed', async () => {
    const whole = await talk(local.bare, 18);
    const always = await talk(windowed({ ...MUCH, always: true }), 18);
    const { receipts, usd, sent } = await talk(windowed(MUCH), 18);
    expect(usd).toBeLessThan(whole.usd);
    expect(usd).toBeLessThan(always.usd);
    expect(said(receipts, KEPT_WHOLE).length).toBeGreaterThan(0);
    const trimmed = said(receipts, LEFT_OUT);
    expect(trimmed.length).toBeGreaterThan(3);
    // Once made, a cut stays, and it moves a few times only.
    expect(said(receipts.slice(receipts.indexOf(trimmed[0] as Receipt)), LEFT_OUT)).toHaveLength(
      receipts.length - receipts.indexOf(trimmed[0] as Receipt),
    );
    const seconds = sent.map((messages) => JSON.stringify(messages[2]?.content?.[0]));
    const moves = seconds.slice(3).filter((second, index) => second !== seconds[index + 2]).length;
    expect(moves).toBeGreaterThan(0);
    expect(moves).toBeLessThan(7);
    expect(Money.sum(receipts.map(({ cost }) => cost as Money)).usd).toBeCloseTo(usd, 10);
  });

  it('trims at once where nothing is cached, and counts what was not sent in the baseline', async () => {
    const whole = await talk(local.bare, 12, UNCACHED);
    const { receipts, usd } = await talk(windowed({ maxTokens: 2_000 }), 12, UNCACHED);
    expect(said(receipts, KEPT_WHOLE)).toEqual([]);
    expect(usd).toBeLessThan(0.7 * whole.usd);
    const last = receipts.at(-1) as Receipt;
    expect(last.baselineQuality).toBe('estimated');
    const baseline = Money.sum(receipts.map((receipt) => receipt.baseline as Money)).usd;
    expect(baseline / whole.usd).toBeGreaterThan(0.9);
    expect(baseline / whole.usd).toBeLessThan(1.1);
    const saving = last.decisions[0]?.estimatedSaving?.usd as number;
    expect(saving / (last.saved?.usd as number)).toBeCloseTo(1, 2);
  });

  it.each([
    ['turns that earlier cuts left out', {}],
    ['notes, and what they cost', { summarize: { maxTokens: 400 } }],
  ])('says of each request what it saves, with %s', async (_, options) => {
    const { receipts } = await talk(windowed({ maxTokens: 2_000, ...options }), 12, UNCACHED);
    const cuts = receipts.filter(({ decisions }) => decisions[0]?.estimatedSaving !== undefined);
    expect(cuts.length).toBeGreaterThan(3);
    expect(cuts.some(({ attempts }) => attempts.length > 1)).toBe('summarize' in options);
    for (const { decisions, saved } of cuts)
      expect((decisions[0]?.estimatedSaving?.usd ?? 0) / (saved?.usd ?? 0)).toBeCloseTo(1, 1);
  });

  it.each([
    ['read and written at full price', UNCACHED, { maxTokens: 2_000, summarize: { maxTokens: 400 } }],
    ['behind a cache', SONNET, { maxTokens: 3_000, cutBackTo: 0.3, summarize: { maxTokens: 400 } }],
  ])('claims in observe no more than enforce does with summaries %s', async (_, modelId, window) => {
    const claimed = async (mode: 'enforce' | 'observe'): Promise<number> => {
      const { receipts } = await talk(windowed(window, mode), 20, modelId);
      const savings = receipts.flatMap(({ decisions }) => decisions[0]?.estimatedSaving?.usd ?? []);
      expect(savings.length).toBeGreaterThan(3);
      return savings.reduce((sum, usd) => sum + usd, 0);
    };
    const [observed, enforced] = [await claimed('observe'), await claimed('enforce')];
    expect(observed).toBeLessThanOrEqual(enforced);
    // A summary may be shorter than the longest.
    expect(enforced - observed).toBeLessThan(0.01);
  });

  it('changes nothing in observe, and says what it would have left out', async () => {
    const { receipts, sent } = await talk(windowed({ maxTokens: 2_000 }, 'observe'), 12, UNCACHED);
    expect(sent.at(-1)).toHaveLength(23);
    expect(said(receipts, `would have ${LEFT_OUT}`).length).toBeGreaterThan(3);
    expect(receipts.every(({ saved }) => saved?.usd === 0)).toBe(true);
  });

  describe('and summaries', () => {
    const CHEAP = 'us.amazon.nova-micro-v1:0';
    const summarising: WindowOptions = { maxTokens: 3_000, cutBackTo: 0.3, summarize: { maxTokens: 100 } };

    it('puts notes in the place of turns, once for each step, and costs less than the conversation as it is', async () => {
      const whole = await talk(local.bare, 30);
      const { receipts, usd, sent } = await talk(windowed(summarising), 30);
      expect(usd).toBeLessThan(whole.usd);
      const summarised = said(receipts, 'summarised earlier turns');
      expect(summarised.length).toBeGreaterThan(5);
      const paid = receipts.filter(({ attempts }) => attempts.length > 1);
      expect(paid.length).toBeGreaterThan(0);
      expect(paid.length).toBeLessThan(12);
      // Written by the conversation's own model, which reads nearly all of it from the cache.
      const note = paid[0]?.attempts[0];
      expect(note).toMatchObject({ purpose: 'check', modelId: SONNET });
      expect(note?.usage.cacheRead).toBeGreaterThan(10 * (note?.usage.input ?? 0));
      const last = sent.at(-1) as readonly Message[];
      expect(last.map(({ role }) => role)).toEqual(
        last.map((_, index) => (index % 2 === 0 ? 'user' : 'assistant')),
      );
      expect(JSON.stringify(last).match(/Notes on earlier turns/g)).toHaveLength(1);
      expect(Money.sum(receipts.map(({ cost }) => cost as Money)).usd).toBeCloseTo(usd, 10);
    });

    it('has a cheaper model write them where that costs less, and passes notes on to the next notes', async () => {
      const { receipts } = await talk(
        windowed({ ...summarising, cached: false, summarize: { models: [CHEAP], maxTokens: 100 } }),
        20,
      );
      const notes = receipts.flatMap(({ attempts }) => attempts.filter(({ purpose }) => purpose === 'check'));
      expect(notes.length).toBeGreaterThan(1);
      expect(notes.every(({ modelId }) => modelId === CHEAP)).toBe(true);
      const asked = local.bedrock
        .requests()
        .map(({ body }) => JSON.stringify(body))
        .filter((body) => body.includes('Summarise what was said'));
      expect(asked[0]).not.toContain('Notes on earlier turns');
      expect(asked[1]).toContain('Notes on earlier turns');
    });

    it('makes no cut whose summary costs more than it saves, and says so', async () => {
      const { receipts, sent } = await talk(windowed({ ...summarising, summarize: { maxTokens: 4_000 } }), 8);
      expect(sent.at(-1)).toHaveLength(15);
      expect(said(receipts, KEPT_WHOLE).at(-1)?.decisions[0]?.reason).toContain('and a summary be paid');
    });

    it("sends the caller's own request where nobody writes the summary", async () => {
      const client = windowed({
        ...summarising,
        always: true,
        cached: false,
        summarize: { models: [CHEAP] },
      });
      local.bedrock.addTrouble({
        modelId: CHEAP,
        action: { type: 'error', code: 'AccessDeniedException', message: 'No access.' },
      });
      const { receipts, sent } = await talk(client, 8);
      expect(sent.at(-1)).toHaveLength(15);
      expect(receipts.at(-1)?.decisions[0]?.reason).toContain('Nobody has written the summary');
      // Once for each cut, not with every request.
      const refused = local.bedrock.requests().filter(({ status }) => status === 403).length;
      expect(refused).toBeLessThan(said(receipts, KEPT_WHOLE).length);
      expect(receipts.every(({ error }) => error === undefined)).toBe(true);
    });
  });

  it('leaves guarded content alone', async () => {
    const client = windowed({ maxTokens: 10, always: true });
    const messages: Message[] = [
      user('One.'),
      { role: 'assistant', content: [{ text: 'Two.' }] },
      { role: 'user', content: [{ text: 'Three.' }] },
      { role: 'assistant', content: [{ text: 'Four.' }] },
      { role: 'user', content: [{ guardContent: { text: { text: 'Five.' } } }] },
    ];
    await client.send(new ConverseCommand({ modelId: SONNET, messages }));
    expect(local.bedrock.requests()[0]?.body).toMatchObject({ messages: { length: 5 } });
  });

  it.each([{}, { maxTokens: 0 }, { maxTokens: 9, cutBackTo: 2 }, { maxTokens: 9, turns: 3 }, 5])(
    'refuses %o at construction',
    (window) => {
      expect(() => withOutputLimit(local.bare, { window: window as WindowOptions })).toThrow(
        InvalidOptionError,
      );
    },
  );
});
