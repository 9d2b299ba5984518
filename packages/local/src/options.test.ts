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
      quotas: { '*': { requestsPerMinute: 1, tokensPerMinute: 2, tokensPerDay: 3 } },
      reservedModels: [],
      trouble: [{ operation: 'Converse', modelId: 'a', calls: [1], action: { type: 'hang' } }],
      tokenizer: { count: () => 1 },
      catalogue: new Map(),
      dataFolder: 'data',
      buckets: ['one'],
      logging: { folder: 'logs' },
      batch: { concurrency: 2 },
      customization: { timings: { trainingMs: 5 } },
      aliases: {},
      prompts: { arn: { modelId: 'a', text: 'b' } },
      promptRouters: { arn: ['a'] },
      guardrails: { gr: { policies: ['content'] } },
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
    ['customization', { timing: {} }],
    ['customization', { timings: { trainingHours: 5 } }],
    ['customization', { timings: { trainingMs: -5 } }],
    ['logging', 'logs'],
    ['logging', { folders: 'logs' }],
    ['quotas', { '*': { requestsPerSecond: 1 } }],
    ['quotas', { '*': { tokensPerMinute: -1 } }],
    ['trouble', [{ action: { type: 'explode' } }]],
    ['trouble', [{ operations: 'Converse', action: { type: 'hang' } }]],
    ['reservedModels', [5]],
    ['batch', { speed: 'fast' }],
    ['aliases', { arn: 5 }],
    ['prompts', { arn: { model: 'a' } }],
    ['promptRouters', { arn: [] }],
    ['guardrails', { gr: {} }],
    ['guardrails', { gr: { policies: ['contents'] } }],
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
