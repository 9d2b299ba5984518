import { pluginContract } from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { withRouter } from '../src/index.js';

// The suite asks Opus 4.6; everything that may move moves to Haiku.
const TIERS = [
  { name: 'cheap', modelId: 'us.anthropic.claude-haiku-4-5-20251001-v1:0' },
  { name: 'strong', modelId: 'us.anthropic.claude-opus-4-6-v1' },
];

describe('routerPlugin', () => {
  const cases = pluginContract({
    name: 'router',
    apply: (client, mode) => withRouter(client, { tiers: TIERS, rules: [{ when: {}, tier: 'cheap' }], mode }),
    applyUnknownOption: (client) => withRouter(client, { tiers: TIERS, nonsense: true } as never),
  });

  it.each(cases)('$name', ({ run }) => run());
});

describe('routerPlugin with a cascade', () => {
  // A cascade holds a stream back until its check has decided: that is what it is asked for.
  const held = [
    'hands a chunk on before the next one has come',
    'stops the server when the consumer leaves after three chunks',
  ];
  const cases = pluginContract({
    name: 'router',
    apply: (client, mode) => withRouter(client, { tiers: TIERS, cascade: { check: () => true }, mode }),
    applyUnknownOption: (client) =>
      withRouter(client, { tiers: TIERS, cascade: { check: () => true, nonsense: 1 } } as never),
  });
  const kept = cases.filter(({ name }) => !held.includes(name));

  it('is held to all rules but two', () => {
    expect(kept).toHaveLength(cases.length - held.length);
  });

  it.each(kept)('$name', ({ run }) => run());
});
