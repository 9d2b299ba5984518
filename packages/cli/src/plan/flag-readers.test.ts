import { describe, expect, it } from 'vitest';
import { readLevers, readNumber, readNumbersByName, readPools } from './flag-readers.js';

describe('readNumber', () => {
  it.each([
    ['12000', 12_000],
    ['1,250,000', 1_250_000],
    ['0.3', 0.3],
    ['1e6', 1e6],
  ])('reads %s', (text, number) => {
    expect(readNumber(text)).toBe(number);
  });

  it.each(['', ' ', 'many', '1,2', 'NaN', 'Infinity', '3$'])('refuses "%s"', (text) => {
    expect(() => readNumber(text)).toThrow('is no number');
  });
});

describe('readNumbersByName', () => {
  it('reads pairs, names with colons among them', () => {
    expect(readNumbersByName(['amazon.nova-lite-v1:0=0.4', 'batch=1'])).toEqual({
      'amazon.nova-lite-v1:0': 0.4,
      batch: 1,
    });
    expect(() => readNumbersByName('batch')).toThrow('is no pair');
  });
});

describe('readLevers', () => {
  it('reads savings', () => {
    expect(readLevers('routing=0.6')).toEqual([{ name: 'routing', savedShare: 0.6 }]);
  });
});

describe('readPools', () => {
  it('reads credits with and without an end', () => {
    expect(readPools(['Activate=25,000@24', 'POC=10000'])).toEqual([
      { name: 'Activate', usd: 25_000, expiresInMonths: 24 },
      { name: 'POC', usd: 10_000 },
    ]);
    expect(() => readPools('Activate')).toThrow('is no pool');
  });
});
