import { BedrockClient } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { S3Client } from '@aws-sdk/client-s3';
import { bulkInvoker, memoryJournal } from '@costkit/batch';
import { Money } from '@costkit/core';
import { createQueryEmbedder, memoryStore, syncEmbeddings } from '@costkit/embeddings';
import { createManualClock, type LocalBedrock, type LocalModel, startLocalBedrock } from '@costkit/local';
import { createMeter } from '@costkit/meter';
import { fitChunks } from '@costkit/output-limiter';
import { describe, expect, it } from 'vitest';

const TITAN = 'amazon.titan-embed-text-v2:0';
const NOVA = 'us.amazon.nova-2-lite-v1:0';
const tokenizer = { count: (text: string) => Math.ceil(text.length / 4) };
const picoUsd = (bedrock: LocalBedrock): bigint => bedrock.bill().total.picoUsd;

/** Knows what stands in its prompt, and nothing else. */
const reader: LocalModel = {
  kind: 'scripted',
  answer: ({ userText }) => {
    const code = /vault of the Meridian is opened by (\d+)/.exec(userText)?.[1];
    return { parts: [{ type: 'text', text: code ?? 'It does not say.' }] };
  },
};

const SUBJECTS = ['harbour', 'engine', 'crew', 'cargo', 'weather', 'route', 'galley', 'radio'];
/** About 50,000 tokens, one sentence of which is asked for. */
const logbook = Array.from({ length: 310 }, (_, day) => {
  const entries = Array.from(
    { length: 9 },
    (__, entry) =>
      `The ${SUBJECTS[(day + entry) % 8]} was looked after by officer ${day * 9 + entry}, who wrote ${(day * 31 + entry * 7) % 97} lines about it.`,
  );
  if (day === 171) entries.push('The vault of the Meridian is opened by 4711, said the captain.');
  return `## Day ${day}\n\n${entries.join(' ')}\n`;
}).join('\n');

describe('a document of 50,000 tokens', { timeout: 60_000 }, () => {
  it('answers from 2,000 of them, and the bill says what that is worth', async () => {
    const bedrock = await startLocalBedrock({ tokenizer, models: { [NOVA]: reader } });
    const client = new BedrockRuntimeClient(bedrock.clientConfig);
    const question = 'By which number is the vault of the Meridian opened?';
    const ask = async (context: string): Promise<{ answer: string; inputTokens: number; cost: bigint }> => {
      const before = picoUsd(bedrock);
      const { output, usage } = await client.send(
        new ConverseCommand({
          modelId: NOVA,
          messages: [{ role: 'user', content: [{ text: `${context}\n\n${question}` }] }],
        }),
      );
      const answer = output?.message?.content?.[0]?.text ?? '';
      return { answer, inputTokens: usage?.inputTokens ?? 0, cost: picoUsd(bedrock) - before };
    };
    const whole = await ask(logbook);
    expect(whole.answer).toBe('4711');
    expect(whole.inputTokens).toBeGreaterThan(50_000);

    const before = picoUsd(bedrock);
    const vectors = { model: TITAN, dimensions: 256 };
    const sink = memoryStore();
    const source = [{ id: 'logbook.md', text: logbook }];
    const { embedded } = await syncEmbeddings({ client, ...vectors, source, sink });
    expect(embedded.cost?.equals(Money.fromPicoUsd(picoUsd(bedrock) - before))).toBe(true);
    const { embed, space } = createQueryEmbedder({ client, ...vectors });
    const found = await sink.query(await embed(question), { space, limit: 30 });
    const chunks = fitChunks(found, { maxTokens: 2_000, query: question, countTokens: tokenizer.count });
    const fitted = await ask(chunks.map(({ text }) => text).join('\n\n'));
    expect(fitted.answer).toBe('4711');
    expect(fitted.inputTokens).toBeLessThan(2_100);
    // The first question pays for the vectors of all of the document, and is cheaper all the same.
    const first = picoUsd(bedrock) - before;
    expect(first).toBeLessThan(whole.cost);
    expect(Number(fitted.cost) / Number(whole.cost)).toBeLessThan(0.06);
    client.destroy();
    await bedrock.stop();
  });
});

describe('syncEmbeddings with other levers', { timeout: 60_000 }, () => {
  const source = Array.from({ length: 120 }, (_, index) => ({
    id: `${index}`,
    text: `Article ${index} of the rules.`,
  }));

  it.each([
    [TITAN, 256, 'measured'],
    // Counts in a header of single calls, which a file of answers has none of.
    ['amazon.nova-2-multimodal-embeddings-v1:0', 256, 'estimated'],
  ])('embeds with %s by a batch job at half the price', async (model, dimensions, quality) => {
    const clock = createManualClock(Date.parse('2026-11-28T00:00:00Z'));
    const bedrock = await startLocalBedrock({ tokenizer, clock, buckets: ['vectors'] });
    const [runtime, control] = [
      new BedrockRuntimeClient(bedrock.clientConfig),
      new BedrockClient(bedrock.clientConfig),
    ];
    const s3 = new S3Client(bedrock.s3ClientConfig);
    const bulk = bulkInvoker({
      bedrock: control,
      s3,
      bucket: 'vectors',
      roleArn: 'arn:aws:iam::123456789012:role/batch',
      journal: memoryJournal(),
      clock: { now: () => clock.now(), sleep: (ms) => clock.advance(ms) },
    });
    const sink = memoryStore();
    const report = await syncEmbeddings({ client: runtime, bulk, model, dimensions, source, sink });
    const { lines } = bedrock.bill();
    expect(lines).toHaveLength(120);
    expect(lines.every(({ mode }) => mode.batch)).toBe(true);
    expect(report.embedded.quality).toBe(quality);
    if (quality === 'measured')
      expect(report.embedded.cost?.equals(Money.fromPicoUsd(picoUsd(bedrock)))).toBe(true);
    expect(await syncEmbeddings({ client: runtime, bulk, model, dimensions, source, sink })).toMatchObject({
      unchanged: 120,
    });
    // Too few for a job.
    await syncEmbeddings({
      client: runtime,
      bulk,
      model,
      dimensions,
      source: [...source, { id: 'new', text: 'One more.' }],
      sink,
    });
    expect(bedrock.bill().lines.at(-1)?.mode.batch).toBe(false);
    for (const client of [runtime, control, s3]) client.destroy();
    await bedrock.stop();
  });

  it('begins nothing that a budget has no room for', async () => {
    const bedrock = await startLocalBedrock({ tokenizer });
    const client = new BedrockRuntimeClient(bedrock.clientConfig);
    const budgetOf = (limitUsd: number) =>
      createMeter({ budgets: [{ name: 'vectors', limitUsd, period: 'total', onExceed: 'block' }] });
    const sync = { client, model: TITAN, source, sink: memoryStore() };
    await expect(syncEmbeddings({ ...sync, budget: budgetOf(0.000001) })).rejects.toMatchObject({
      code: 'COSTKIT_BUDGET_EXCEEDED',
    });
    expect(bedrock.requests()).toHaveLength(0);
    const meter = budgetOf(1);
    await syncEmbeddings({ ...sync, budget: meter });
    expect(
      (await meter.remaining('vectors')).equals(Money.fromUsd(1).minus(Money.fromPicoUsd(picoUsd(bedrock)))),
    ).toBe(true);
    client.destroy();
    await bedrock.stop();
  });
});
