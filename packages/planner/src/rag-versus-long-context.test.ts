import { describe, expect, it } from 'vitest';
import type { RagVersusLongContextOptions } from './rag-options.js';
import { ragVersusLongContext } from './rag-versus-long-context.js';

const BASE: RagVersusLongContextOptions = {
  // $3 in, $15 out, $0.30 read, $3.75 and $6 written, per million.
  model: 'global.anthropic.claude-sonnet-4-5-20250929-v1:0',
  corpusTokens: 60_000,
  questionsPerMonth: 1_000,
  questionTokens: 0,
  outputTokens: 0,
  retrieval: {
    // $0.02 per million.
    embeddingModel: 'amazon.titan-embed-text-v2:0',
    chunkTokens: 500,
    chunksPerQuestion: 8,
    storeUsdPerMonth: 100,
  },
};
const compare = (change: Partial<RagVersusLongContextOptions> = {}) =>
  ragVersusLongContext({ ...BASE, ...change });

describe('ragVersusLongContext', () => {
  it('adds up retrieval: answers, embeddings, store and fees; the first index apart', () => {
    const { retrieval } = compare({
      questionTokens: 1_000,
      outputTokens: 100,
      retrieval: {
        ...BASE.retrieval,
        churnPerMonth: 0.5,
        overlapShare: 0.2,
        usdPerThousandQuestions: 2,
      },
    });
    expect(retrieval.answers?.toUsdString()).toBe('16.5');
    expect(retrieval.firstIndex?.toUsdString()).toBe('0.0015');
    expect(retrieval.embeddings?.toUsdString()).toBe('0.02075');
    expect(retrieval.fees.toUsdString()).toBe('2');
    expect(retrieval.perMonth?.toUsdString()).toBe('118.52075');
    expect(retrieval.perQuestion?.toUsdString()).toBe('0.11852075');
  });

  it('retrieves no more than there is', () => {
    expect(compare({ corpusTokens: 1_000 }).retrieval.answers?.toUsdString()).toBe('3');
  });

  it('caches the long context as arrivals allow', () => {
    const seldom = compare({ questionsPerMonth: 73 });
    expect(seldom.longContext).toMatchObject({ ttl: 'none', hitShare: 0, fits: true });
    expect(seldom.longContext.perMonth?.toUsdString()).toBe('13.14');
    // Twelve an hour, one every five minutes: 1 − e^−1 read within five minutes, all but e^−12 within an hour.
    const often = compare({ questionsPerMonth: 8_760 });
    expect(often.longContext.ttl).toBe('1h');
    expect(often.longContext.hitShare).toBeCloseTo(1 - Math.exp(-12), 9);
    expect(often.longContext.perMonth?.usd).toBeCloseTo(8_760 * 0.06 * (0.3 + 5.7 * Math.exp(-12)), 6);
    expect(often.longContext.uncached.perMonth?.toUsdString()).toBe('1576.8');
    const spread = compare({ questionsPerMonth: 8_760, corpora: 1_000 });
    expect(spread.longContext.ttl).toBe('none');
    const inOfficeHours = compare({ questionsPerMonth: 1_000, activeHoursPerMonth: 160 });
    expect(inOfficeHours.longContext.hitShare).toBeGreaterThan(compare().longContext.hitShare);
  });

  it('says where the lines cross, and that they do', () => {
    const { byQuestions, cheaper } = compare({ questionsPerMonth: 100 });
    expect(cheaper).toBe('long context');
    expect(byQuestions).toHaveLength(1);
    const at = byQuestions[0]?.value ?? 0;
    expect(byQuestions[0]).toMatchObject({ cheaperBelow: 'long context', cheaperAbove: 'retrieval' });
    expect(compare({ questionsPerMonth: at - 1 }).cheaper).toBe('long context');
    expect(compare({ questionsPerMonth: at }).cheaper).toBe('retrieval');
  });

  it('finds the long context cheaper again where the cache becomes warm', () => {
    const { byQuestions } = compare({
      corpusTokens: 20_000,
      retrieval: { ...BASE.retrieval, storeUsdPerMonth: 2 },
    });
    expect(byQuestions.map(({ cheaperAbove }) => cheaperAbove)).toEqual(['retrieval', 'long context']);
    const [, back] = byQuestions;
    const warm = compare({
      corpusTokens: 20_000,
      retrieval: { ...BASE.retrieval, storeUsdPerMonth: 2 },
      questionsPerMonth: back!.value! + 1,
    });
    expect(warm.cheaper).toBe('long context');
    expect(warm.longContext.ttl).not.toBe('none');
  });

  it('says which corpus is too large to be worth it', () => {
    const { byCorpus } = compare();
    const at = byCorpus[0]?.value ?? 0;
    expect(compare({ corpusTokens: at - 1 }).cheaper).toBe('long context');
    expect(compare({ corpusTokens: at }).cheaper).toBe('retrieval');
  });

  it('gives a long context no price where it does not fit', () => {
    const { longContext, cheaper, byQuestions, missing } = compare({ corpusTokens: 5_000_000 });
    expect(longContext).toMatchObject({ perMonth: undefined, perQuestion: undefined, fits: false });
    expect(cheaper).toBeUndefined();
    expect(byQuestions).toEqual([]);
    expect(missing.join()).toContain('context window');
  });

  it('knows nothing of quality unless somebody has measured it', () => {
    expect(compare().quality).toBe('unknown');
    const quality = { retrieval: 0.81, longContext: 0.84, source: 'our 200 questions' };
    expect(compare({ quality }).quality).toEqual(quality);
  });

  it('says what has no price', () => {
    const { cheaper, missing } = compare({ region: 'cn-north-1', model: 'amazon.nova-lite-v1:0' });
    expect(cheaper).toBeUndefined();
    expect(missing).toContain('the price of amazon.nova-lite-v1:0');
  });

  it('draws both lines', () => {
    const { curve } = compare({ questionsPerMonth: 0 });
    expect(curve[0]?.questions).toBe(0);
    expect(
      curve.every(({ longContext, retrieval }) => longContext !== undefined && retrieval !== undefined),
    ).toBe(true);
    expect(compare({ questionsPerMonth: 0 }).retrieval.perQuestion).toBeUndefined();
  });

  it.each<[string, object]>([
    ['retrieval', { retrieval: undefined }],
    ['retrieval.chunkTokens', { retrieval: { ...BASE.retrieval, chunkTokens: 0 } }],
    ['retrieval.overlapShare', { retrieval: { ...BASE.retrieval, overlapShare: 1 } }],
    [
      'retrieval.embeddingModel',
      { retrieval: { ...BASE.retrieval, embeddingModel: 'amazon.nova-lite-v1:0' } },
    ],
    ['quality.source', { quality: { retrieval: 1, longContext: 1 } }],
    ['corpusTokens', { corpusTokens: -1 }],
    ['corpora', { corpora: 0 }],
    ['activeHoursPerMonth', { activeHoursPerMonth: 0 }],
  ])('names %s when it is wrong', (option, wrong) => {
    expect(() => compare(wrong)).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }));
  });
});
