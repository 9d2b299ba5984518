import { pluginContract } from '@costkit/testing';
import { describe, it } from 'vitest';
import { withPromptCache } from '../src/index.js';

describe('promptCachePlugin', () => {
  const cases = pluginContract({
    name: 'prompt-cache',
    apply: (client, mode) => withPromptCache(client, { mode, expectReuse: true }),
    applyUnknownOption: (client) => withPromptCache(client, { nonsense: true } as never),
  });

  it.each(cases)('$name', ({ run }) => run());
});
