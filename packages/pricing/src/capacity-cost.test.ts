import { describe, expect, it } from 'vitest';
import {
  type ProvisionedQuery,
  provisionedCostOf,
  provisionedHourlyRate,
  reservedHourlyRate,
} from './capacity-cost.js';
import { resolveModel } from './resolve-model.js';
import type { ResolvedModel } from './types.js';

describe('provisionedHourlyRate', () => {
  it.each<[ProvisionedQuery, string | undefined]>([
    [{ model: 'meta.llama3-1-70b-instruct-v1:0' }, '24'],
    [{ model: 'meta.llama3-1-70b-instruct-v1:0', commitment: 'OneMonth' }, '21.18'],
    [{ model: 'meta.llama3-1-70b-instruct-v1:0', commitment: 'SixMonths' }, '13.08'],
    [{ model: 'meta.llama3-1-70b-instruct-v1:0:128k' }, '24'],
    [{ model: 'cohere.embed-english-v3', commitment: 'OneMonth' }, '6.76'],
    [{ model: 'amazon.nova-canvas-v1:0', custom: true }, '60.5'],
    [{ model: 'amazon.nova-canvas-v1:0' }, undefined],
    [{ model: 'anthropic.claude-v2' }, undefined],
    [{ model: 'anthropic.claude-v2', commitment: 'OneMonth' }, '63'],
    [{ model: 'anthropic.claude-v2', commitment: 'OneMonth', region: 'eu-central-1' }, undefined],
    [{ model: 'anthropic.claude-3-7-sonnet-20250219-v1:0', commitment: 'OneMonth' }, undefined],
    [
      { model: 'anthropic.claude-3-7-sonnet-20250219-v1:0', commitment: 'OneMonth', region: 'us-west-2' },
      '158.4',
    ],
    [{ model: 'amazon.nova-pro-v1:0' }, undefined],
    [{ model: 'acme.super-1' }, undefined],
  ])('of %j is %s', (query, usd) => {
    expect(provisionedHourlyRate(query)?.toUsdString()).toBe(usd);
  });
});

describe('provisionedCostOf', () => {
  it('is units x hours x rate, called or not', () => {
    const model = resolveModel('meta.llama3-1-8b-instruct-v1:0') as ResolvedModel;
    expect(provisionedCostOf({ model, modelUnits: 2, hours: 730 })?.toUsdString()).toBe('35040');
    expect(provisionedCostOf({ model, modelUnits: 2, hours: 0 })?.toUsdString()).toBe('0');
  });

  it('is unknown, not zero, where AWS quotes on request', () => {
    expect(provisionedCostOf({ model: 'amazon.nova-pro-v1:0', modelUnits: 1, hours: 1 })).toBeUndefined();
  });

  it.each([{ modelUnits: -1 }, { modelUnits: 0.5 }, { hours: 1.5 }, { hours: Number.NaN }])(
    'refuses %j',
    (bad) => {
      const query = { model: 'meta.llama3-1-8b-instruct-v1:0', modelUnits: 1, hours: 1, ...bad };
      expect(() => provisionedCostOf(query)).toThrow(RangeError);
    },
  );
});

describe('reservedHourlyRate', () => {
  it('adds input and output capacity at the price of the scope', () => {
    const query = { commitment: 'OneMonth', inputKtpm: 100, outputKtpm: 10 } as const;
    expect(reservedHourlyRate({ model: 'us.anthropic.claude-sonnet-4-6', ...query })?.toUsdString()).toBe(
      '29.7',
    );
    expect(reservedHourlyRate({ model: 'global.anthropic.claude-sonnet-4-6', ...query })?.toUsdString()).toBe(
      '27',
    );
  });

  it('costs 10 % less for three months', () => {
    const query = {
      model: 'eu.anthropic.claude-haiku-4-5-20251001-v1:0',
      inputKtpm: 1_000,
      outputKtpm: 1_000,
    };
    expect(reservedHourlyRate({ ...query, commitment: 'OneMonth' })?.toUsdString()).toBe('396');
    expect(reservedHourlyRate({ ...query, commitment: 'ThreeMonths' })?.toUsdString()).toBe('356.4');
  });

  it('is unknown where nothing is listed', () => {
    const query = { commitment: 'OneMonth', inputKtpm: 100, outputKtpm: 10 } as const;
    expect(reservedHourlyRate({ model: 'us.amazon.nova-pro-v1:0', ...query })).toBeUndefined();
    expect(reservedHourlyRate({ model: 'acme.super-1', ...query })).toBeUndefined();
  });
});
