import { describe, expect, it } from 'vitest';
import { proseModel } from './models/prose-model.js';
import { checkOptions, type LocalBedrockOptions } from './options.js';

describe('checkOptions', () => {
  it('takes every option it names', () => {
    const options: Required<LocalBedrockOptions> = {
      port: 0,
      host: 'localhost',
      region: 'us-gov-west-1',
      accountId: '000000000000',
      clock: { now: () => 0, sleep: async () => undefined },
      models: { '*': proseModel() },
      seed: 'x',
      implicitCacheHitRate: 0.5,
      quotas: {},
      reservedModels: [],
      trouble: [],
      tokenizer: { count: () => 1 },
      catalogue: new Map(),
      dataFolder: 'data',
      buckets: ['one'],
      logging: { folder: 'logs' },
      batch: {},
      aliases: {},
      promptRouters: {},
      frameIntervalMs: 5,
      mostRequestRecords: 1,
    };
    expect(() => checkOptions(options)).not.toThrow();
    expect(() => checkOptions({})).not.toThrow();
  });

  it.each<[string, unknown]>([
    ['prot', 8080],
    ['port', 70_000],
    ['port', '8080'],
    ['host', '0.0.0.0'],
    ['host', '192.168.1.5'],
    ['region', 'Ohio'],
    ['accountId', '42'],
    ['clock', { now: 5 }],
    ['models', { a: {} }],
    ['seed', ''],
    ['implicitCacheHitRate', 1.5],
    ['tokenizer', {}],
    ['catalogue', {}],
    ['frameIntervalMs', -1],
    ['mostRequestRecords', 0],
    ['trouble', {}],
    ['buckets', 'one'],
    ['logging', 'logs'],
  ])('refuses %s: %j', (option, value) => {
    expect(() => checkOptions({ [option]: value })).toThrow(
      expect.objectContaining({
        name: 'LocalBedrockError',
        code: 'COSTKIT_INVALID_OPTION',
        message: expect.stringContaining(`option "${option}"`),
      }),
    );
  });
});
