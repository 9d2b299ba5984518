import { pluginContract } from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { type CostkitConfig, costkit } from '../src/index.js';

/** Every lever that needs no account, enforcing. */
const CONFIG: CostkitConfig = {
  router: {
    tiers: [
      { name: 'small', modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
      { name: 'strong', modelId: 'us.anthropic.claude-opus-4-6-v1' },
    ],
    rules: [{ when: {}, tier: 'small' }],
  },
  promptCache: { expectReuse: true },
  outputLimit: { maxTokens: 500, brevity: true },
  meter: {
    budgets: [{ name: 'all', limitUsd: 100, period: 'day', onExceed: 'alert' }],
    maxOutputTokens: 1_000,
  },
};

describe('costkit', () => {
  const cases = pluginContract({
    name: 'router',
    apply: (client, mode) => costkit(client, { ...CONFIG, mode }),
    applyUnknownOption: (client) => costkit(client, { nonsense: true } as never),
  });

  it.each(cases)('$name', ({ run }) => run());

  it('holds with no configuration at all', async () => {
    for (const { name, run } of pluginContract({
      name: 'meter',
      apply: (client, mode) => costkit(client, { mode }),
      applyUnknownOption: (client) => costkit(client, { router: { nonsense: true } } as never),
    })) {
      await expect(run(), name).resolves.toBeUndefined();
    }
  });
});
