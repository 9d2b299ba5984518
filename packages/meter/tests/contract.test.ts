import { pluginContract } from '@costkit/testing';
import { describe, it } from 'vitest';
import { memorySink, withMeter } from '../src/index.js';

describe('meterPlugin', () => {
  const cases = pluginContract({
    name: 'meter',
    apply: (client, mode) =>
      withMeter(client, {
        mode,
        // A budget that blocks would rightly refuse what the suite sends without a price; this one watches.
        budgets: [{ name: 'daily', limitUsd: 1, period: 'day', onExceed: 'alert' }],
        breaker: { maxRepeats: 1_000 },
        sinks: [memorySink()],
      }),
    applyUnknownOption: (client) => withMeter(client, { nonsense: true } as never),
  });

  it.each(cases)('$name', ({ run }) => run());
});
