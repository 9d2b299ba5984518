import { type CatalogueModel, listModels, resolveModel, type Usage } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { NO_USAGE, normaliseUsage, promptTokens, type ReportedUsage, sumUsage } from './usage.js';

const model = (id: string): CatalogueModel => {
  const resolved = resolveModel(id);
  if (resolved === undefined) throw new Error(`no model ${id}`);
  return resolved.model;
};

const OPUS = model('anthropic.claude-opus-5-5');
// By its facts, not by its name: a family that reports input with the cache in it, and writes for 30 minutes.
const GROSS = listModels().find(
  ({ usageSemantics, capabilities }) =>
    usageSemantics === 'gross' && capabilities.cache?.ttls.includes('30m') === true,
) as CatalogueModel;
const usage = (parts: Partial<Usage>): Usage => ({ ...NO_USAGE, ...parts });

interface Case {
  readonly name: string;
  readonly reported: ReportedUsage;
  readonly model?: CatalogueModel;
  readonly usage: Partial<Usage>;
  readonly certain?: boolean;
}

const CASES: readonly Case[] = [
  {
    name: 'a call without a cache',
    reported: { input: 7, output: 3, total: 10 },
    usage: { input: 7, output: 3 },
  },
  {
    // Recorded: inputTokens 22, cacheWrite 2492, output 13, totalTokens 2527.
    name: 'a net report with its identity',
    reported: { input: 22, output: 13, total: 2527, cacheRead: 0, cacheWrite: 2492 },
    usage: { input: 22, output: 13, cacheWrite5m: 2492 },
  },
  {
    name: 'a write split by time to live',
    reported: {
      input: 9,
      output: 5,
      total: 44,
      cacheRead: 0,
      cacheWrite: 30,
      writes: { '5m': 10, '1h': 20 },
    },
    usage: { input: 9, output: 5, cacheWrite5m: 10, cacheWrite1h: 20 },
  },
  {
    name: 'details that do not add up to the write: the write counts',
    reported: { input: 9, output: 5, cacheWrite: 30, writes: { '1h': 50 } },
    usage: { input: 9, output: 5, cacheWrite1h: 30 },
  },
  {
    name: 'a gross report whose total says so, whatever the family',
    reported: { input: 5000, output: 10, total: 5010, cacheRead: 3000, cacheWrite: 1000 },
    usage: { input: 1000, output: 10, cacheRead: 3000, cacheWrite5m: 1000 },
  },
  {
    // Recorded by three projects: input 12401, read 8367, write 4032, the total counts the cache twice.
    name: 'a gross report whose total counts the cache twice, by the family',
    reported: {
      input: 12_401,
      output: 50,
      total: 12_401 + 50 + 8367 + 4032,
      cacheRead: 8367,
      cacheWrite: 4032,
    },
    model: GROSS,
    usage: { input: 2, output: 50, cacheRead: 8367, cacheWrite30m: 4032 },
    certain: false,
  },
  {
    // The same family without streaming: input 2, write 4993.
    name: 'a net report of a family that is gross elsewhere',
    reported: { input: 2, output: 5, total: 5000, cacheRead: 0, cacheWrite: 4993 },
    model: GROSS,
    usage: { input: 2, output: 5, cacheWrite30m: 4993 },
  },
  {
    name: 'a family that writes for 30 minutes only',
    reported: { input: 5010, output: 5, total: 5015, cacheRead: 0, cacheWrite: 5000 },
    model: GROSS,
    usage: { input: 10, output: 5, cacheWrite30m: 5000 },
  },
  {
    name: 'counts that contradict each other: read as net, and said to be unsure',
    reported: { input: 500, output: 5, total: 777, cacheRead: 100, cacheWrite: 0 },
    model: OPUS,
    usage: { input: 500, output: 5, cacheRead: 100 },
    certain: false,
  },
  {
    name: 'a body whose format is inclusive',
    reported: { input: 1000, output: 20, total: 1020, cacheRead: 300, inclusive: true },
    model: GROSS,
    usage: { input: 700, output: 20, cacheRead: 300 },
  },
  {
    name: 'a format that is known not to be inclusive, of a gross family',
    reported: { input: 700, output: 20, cacheRead: 300, inclusive: false },
    model: GROSS,
    usage: { input: 700, output: 20, cacheRead: 300 },
  },
  {
    name: 'headers without a total',
    reported: { input: 700, output: 20, cacheRead: 300, cacheWrite: undefined },
    model: OPUS,
    usage: { input: 700, output: 20, cacheRead: 300 },
  },
  {
    name: 'nothing at all',
    reported: {},
    usage: {},
  },
  {
    name: 'counts that are no counts',
    reported: { input: -5, output: Number.NaN, cacheRead: Number.POSITIVE_INFINITY, cacheWrite: 1.9 },
    usage: { cacheWrite5m: 1 },
  },
];

describe('normaliseUsage', () => {
  it.each(CASES)('reads $name', ({ reported, model: of, usage: expected, certain = true }) => {
    expect(normaliseUsage(reported, of)).toEqual({ usage: usage(expected), certain });
  });
});

describe('sumUsage', () => {
  it('adds kind by kind, and units by name', () => {
    expect(
      sumUsage([
        usage({ input: 1, output: 2, units: { image: 1 } }),
        usage({ input: 10, cacheRead: 5, cacheWrite5m: 1, cacheWrite1h: 2, cacheWrite30m: 3 }),
        usage({ units: { image: 2, videoSecond: 4 } }),
      ]),
    ).toEqual({
      input: 11,
      output: 2,
      cacheRead: 5,
      cacheWrite5m: 1,
      cacheWrite1h: 2,
      cacheWrite30m: 3,
      units: { image: 3, videoSecond: 4 },
    });
    expect(sumUsage([])).toEqual(NO_USAGE);
  });
});

describe('promptTokens', () => {
  it('counts all input, however it was billed', () => {
    const all = { input: 1, output: 99, cacheRead: 2, cacheWrite5m: 3, cacheWrite1h: 4, cacheWrite30m: 5 };
    expect(promptTokens(all)).toBe(15);
  });
});
