import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { Money } from '@costkit/core';
import { type LocalBedrock, startLocalBedrock } from '@costkit/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TuneRetrievalOptions, tuneRetrieval } from '../src/index.js';
import { aCorpus } from './a-corpus.js';

let bedrock: LocalBedrock;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  bedrock = await startLocalBedrock({ tokenizer: { count: (text) => Math.ceil(text.length / 4) } });
  client = new BedrockRuntimeClient(bedrock.clientConfig);
});
afterAll(async () => {
  client.destroy();
  await bedrock.stop();
});

const source = aCorpus(5, 30);
const queries = [11, 47, 80, 133].map((rule) => {
  const document = `handbook/${Math.floor(rule / 30)}.md`;
  const { text = '' } = source.find(({ id }) => id === document) ?? {};
  const start = text.indexOf(`Rule ${rule} says`);
  return { query: `What does rule ${rule} say?`, evidence: [{ document, start, end: start + 40 }] };
});
const optionsOf = (more: Partial<TuneRetrievalOptions> = {}): TuneRetrievalOptions => ({
  client,
  source,
  queries,
  model: 'amazon.titan-embed-text-v2:0',
  dimensions: 256,
  answerModel: 'us.amazon.nova-2-lite-v1:0',
  targetRecall: 0.99,
  sizes: [60, 240],
  limits: [1, 4, 16],
  ...more,
});

describe('tuneRetrieval', () => {
  it('finds the cheapest choice that reaches the target, and says what that took', async () => {
    const before = bedrock.bill().total.picoUsd;
    const { best, choices, cost } = await tuneRetrieval(optionsOf());
    expect(cost?.equals(Money.fromPicoUsd(bedrock.bill().total.picoUsd - before))).toBe(true);
    expect(choices).toHaveLength(6);
    const enough = choices.filter(({ recall }) => recall >= 0.99);
    expect(best).toBe(enough[0]);
    for (const { costPerQuery } of enough)
      expect(costPerQuery?.compare(best?.costPerQuery as Money)).not.toBe(-1);
    // More chunks never hold less, and cost more.
    for (const size of [60, 240]) {
      const own = choices.filter(({ maxTokens }) => maxTokens === size);
      expect(own.map(({ limit }) => limit)).toEqual([1, 4, 16]);
      expect(own.map(({ recall }) => recall)).toEqual(own.map(({ recall }) => recall).sort());
    }
  });

  it('weighs a reranker by its price', async () => {
    const exact = {
      candidates: 100,
      rerank: (query: string, matches: readonly { text: string }[]) => {
        const rule = `Rule ${/\d+/.exec(query)?.[0]} says`;
        return Promise.resolve(
          [...matches].sort(
            (one, other) => Number(other.text.includes(rule)) - Number(one.text.includes(rule)),
          ) as never,
        );
      },
    };
    // Questions that share no word with the rules: the search finds them by chance.
    const puzzles = queries.map(({ evidence }, index) => ({
      query: `q${[11, 47, 80, 133][index]}`,
      evidence,
    }));
    const sizes = { sizes: [60], limits: [1, 100], queries: puzzles };
    const cheap = await tuneRetrieval(
      optionsOf({ ...sizes, rerankers: [{ ...exact, name: 'cheap', usdPerQuery: '0.000001' }] }),
    );
    expect(cheap.best).toMatchObject({ reranker: 'cheap', limit: 1, recall: 1 });
    const dear = await tuneRetrieval(
      optionsOf({ ...sizes, rerankers: [{ ...exact, name: 'dear', usdPerQuery: 1 }] }),
    );
    expect(dear.best).toMatchObject({ limit: 100, recall: 1 });
    expect(dear.best?.reranker).toBeUndefined();
  });

  it('has no best choice where none is good enough', async () => {
    const nowhere = queries.map(({ query }) => ({ query, evidence: [{ document: 'none.md' }] }));
    expect((await tuneRetrieval(optionsOf({ queries: nowhere, sizes: [240] }))).best).toBeUndefined();
  });

  it.each([
    [{ maxUsd: '0.000001' }, 'COSTKIT_EMBEDDINGS_TOO_EXPENSIVE'],
    [{ sizes: [] }, 'COSTKIT_INVALID_OPTION'],
    [{ limits: [0] }, 'COSTKIT_INVALID_OPTION'],
    [{ targetRecall: 2 }, 'COSTKIT_INVALID_OPTION'],
    [{ queries: [] }, 'COSTKIT_INVALID_OPTION'],
  ])('refuses %j before anything is paid', async (wrong, code) => {
    const before = bedrock.bill().lines.length;
    await expect(tuneRetrieval(optionsOf(wrong as never))).rejects.toMatchObject({ code });
    expect(bedrock.bill().lines.length).toBe(before);
  });
});
