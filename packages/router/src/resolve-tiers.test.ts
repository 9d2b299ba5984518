import { type CatalogueModel, listModels } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { NOW } from '../tests/call-fixture.js';
import { resolveTiers } from './resolve-tiers.js';
import type { RouterTier, RouterWarning } from './types.js';

const clockAt = (now: number) => ({ now: () => now, monotonicMs: () => 0 });

function resolve(tiers: unknown, now: number = NOW) {
  const warnings: RouterWarning[] = [];
  return {
    tiers: resolveTiers(tiers as RouterTier[], clockAt(now), (warning) => warnings.push(warning)),
    warnings,
  };
}

const MS_PER_DAY = 86_400_000;
const callable = (model: CatalogueModel): boolean => model.kind === 'text' && model.profiles.includes('us');
const ending = listModels().find((model) => callable(model) && model.lifecycle.endOfLife !== undefined);
const endOfLife = Date.parse(ending?.lifecycle.endOfLife ?? '');
const endingTier = { name: 'old', modelId: `us.${ending?.id}` };

describe('resolveTiers', () => {
  it('looks the models up, in the order of the ladder', () => {
    const { tiers, warnings } = resolve([
      { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
      { name: 'strong', modelId: 'global.anthropic.claude-opus-5-5' },
    ]);
    expect(
      tiers.map(({ name, index, resolved }) => [name, index, resolved.model.id, resolved.scope]),
    ).toEqual([
      ['cheap', 0, 'anthropic.claude-haiku-5-5', 'geo:us'],
      ['strong', 1, 'anthropic.claude-opus-5-5', 'global'],
    ]);
    expect(warnings).toEqual([]);
  });

  const haiku = 'us.anthropic.claude-haiku-5-5';
  it.each([
    ['no list', { cheap: haiku }, 'tiers'],
    ['an empty list', [], 'tiers'],
    ['an entry that is nothing', [null], 'tiers[0]'],
    ['a tier without name', [{ modelId: haiku }], 'tiers[0].name'],
    ['a tier without model', [{ name: 'cheap' }], 'tiers[0].modelId'],
    ['an unknown field', [{ name: 'cheap', modelId: haiku, weight: 1 }], 'tiers[0].weight'],
    [
      'a name twice',
      [
        { name: 'a', modelId: haiku },
        { name: 'a', modelId: 'us.anthropic.claude-opus-5-5' },
      ],
      'tiers[1].name',
    ],
    [
      'a model twice',
      [
        { name: 'a', modelId: haiku },
        { name: 'b', modelId: haiku },
      ],
      'tiers[1].modelId',
    ],
    ['a model for embeddings', [{ name: 'a', modelId: 'amazon.titan-embed-text-v2:0' }], 'tiers[0].modelId'],
  ])('refuses %s', (_name, tiers, option) => {
    expect(() => resolve(tiers)).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }));
  });

  it('refuses a model that the catalogue does not know', () => {
    expect(() => resolve([{ name: 'cheap', modelId: 'us.anthropic.claude-haiku-99' }])).toThrow(
      expect.objectContaining({ code: 'COSTKIT_UNKNOWN_MODEL', modelId: 'us.anthropic.claude-haiku-99' }),
    );
  });

  it('refuses a model on the day of its end of life and after', () => {
    expect(() => resolve([endingTier], endOfLife)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_MODEL_END_OF_LIFE', modelId: ending?.id }),
    );
    expect(() => resolve([endingTier], endOfLife + MS_PER_DAY)).toThrow(/whose end of life was/);
  });

  it('warns in the last 180 days and not before', () => {
    const near = resolve([endingTier], endOfLife - 180 * MS_PER_DAY);
    expect(near.warnings.map(({ code }) => code)).toEqual(['COSTKIT_MODEL_END_OF_LIFE']);
    expect(near.warnings[0]?.message).toContain(`whose end of life is ${ending?.lifecycle.endOfLife}`);
    const far = resolve([endingTier], endOfLife - 181 * MS_PER_DAY);
    expect(far.warnings.map(({ code }) => code)).not.toContain('COSTKIT_MODEL_END_OF_LIFE');
  });
});
