import { pluginContract } from '@costkit/testing';
import { describe, it } from 'vitest';
import { withOutputLimit } from '../src/index.js';

describe('outputLimitPlugin', () => {
  const cases = pluginContract({
    name: 'output-limiter',
    apply: (client, mode) => withOutputLimit(client, { mode, maxTokens: 500, brevity: true }),
    applyUnknownOption: (client) => withOutputLimit(client, { nonsense: true } as never),
  });

  it.each(cases)('$name', ({ run }) => run());
});
