import { pluginContract } from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { checkOptions, deriveClient, isMode, type LeverMode, leverPlugin } from '../src/index.js';

interface NothingOptions {
  readonly mode?: LeverMode;
}

/** A plugin with a lever in every slot that does nothing: what core itself does to a call. */
function nothingPlugin(options: NothingOptions) {
  checkOptions<NothingOptions>('nothing', options, { mode: isMode });
  const mode = options.mode ?? 'observe';
  return leverPlugin('nothing', [
    ...(['receipt', 'shape', 'route'] as const).map((slot) => ({
      name: 'nothing',
      slot,
      mode,
      around: ((view, _, next) => next(view)) satisfies import('../src/index.js').Lever['around'],
    })),
    { name: 'nothing', slot: 'fit', mode, fit: (view) => ({ view, decisions: [] }) },
  ]);
}

describe('leverPlugin', () => {
  const cases = pluginContract({
    name: 'nothing',
    apply: (client, mode) => deriveClient(client, nothingPlugin({ mode })),
    applyUnknownOption: (client) => deriveClient(client, nothingPlugin({ nonsense: true } as never)),
  });

  it.each(cases)('$name', ({ run }) => run());

  it('has a suite worth the name', () => {
    expect(cases.length).toBeGreaterThan(20);
  });
});
