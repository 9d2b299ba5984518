import { describe, expect, it } from 'vitest';
import { HAIKU, NOW, OPUS } from '../tests/call-fixture.js';
import { compileOptions } from './compile-options.js';
import type { RouterOptions } from './types.js';

const TIERS = [
  { name: 'cheap', modelId: HAIKU },
  { name: 'strong', modelId: OPUS },
];
const check = (): boolean => true;
const policy = { version: 1, createdAt: '2026-11-21', tasks: {} };
const compile = (options: object) =>
  compileOptions({
    tiers: TIERS,
    clock: { now: () => NOW, monotonicMs: () => 0 },
    ...options,
  } as RouterOptions);

describe('compileOptions', () => {
  it('fills in what is left out', () => {
    expect(compile({})).toMatchObject({
      rules: [],
      policy: undefined,
      cascade: undefined,
      fallback: true,
      mode: 'enforce',
    });
    expect(compile({ cascade: { check } }).cascade).toMatchObject({
      cheap: { name: 'cheap' },
      strong: undefined,
      includeDraft: false,
      onBudgetExceeded: 'fail',
    });
  });

  it.each<[string, object, string]>([
    ['an unknown option', { tier: [] }, 'tier'],
    ['tiers that are no list', { tiers: 'cheap' }, 'tiers'],
    ['an unknown mode', { mode: 'on' }, 'mode'],
    ['scopes that are no scopes', { allowedScopes: ['us'] }, 'allowedScopes'],
    ['profiles that are a list', { profiles: [] }, 'profiles'],
    ['a word for a boolean', { fallback: 'no' }, 'fallback'],
    ['a rule that is no object', { rules: ['cheap'] }, 'rules[0]'],
    ['a rule without condition', { rules: [{ tier: 'cheap' }] }, 'rules[0].when'],
    [
      'a rule with an unknown field',
      { rules: [{ when: {}, tier: 'cheap', priority: 1 }] },
      'rules[0].priority',
    ],
    ['a rule without tier', { rules: [{ when: {} }] }, 'rules[0].tier'],
    ['a rule for an unknown tier', { rules: [{ when: {}, tier: 'huge' }] }, 'rules[0].tier'],
    ['a store that is a text', { store: 'redis' }, 'store'],
    ['a key of the store that is empty', { storeKey: '' }, 'storeKey'],
    ['a share above 1', { cascade: { check, escalationShare: 2 } }, 'cascade.escalationShare'],
    [
      'a share that is no number',
      { cascade: { check, escalationShare: { faq: '0.5' } } },
      'cascade.escalationShare',
    ],
    ['a cascade without check', { cascade: {} }, 'cascade.check'],
    ['a check that is no function', { cascade: { check: true } }, 'cascade.check'],
    ['an unknown cascade option', { cascade: { check, judge: 1 } }, 'cascade.judge'],
    [
      'an unknown way out of a budget',
      { cascade: { check, onBudgetExceeded: 'draft' } },
      'cascade.onBudgetExceeded',
    ],
    ['one cascade tier', { cascade: { check, tiers: ['cheap'] } }, 'cascade.tiers'],
    ['three cascade tiers', { cascade: { check, tiers: ['cheap', 'strong', 'cheap'] } }, 'cascade.tiers'],
    ['cascade tiers that do not exist', { cascade: { check, tiers: ['cheap', 'huge'] } }, 'cascade.tiers[1]'],
    [
      'cascade tiers the wrong way round',
      { cascade: { check, tiers: ['strong', 'cheap'] } },
      'cascade.tiers',
    ],
    ['an unknown cascade condition', { cascade: { check, when: { tasks: 'x' } } }, 'cascade.when.tasks'],
  ])('refuses %s', (_name, options, option) => {
    expect(() => compile(options)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }),
    );
  });

  it.each<[string, object, string]>([
    ['an unknown field', { ...policy, tiers: [] }, 'tiers'],
    ['an unknown tier', { ...policy, tasks: { faq: { tier: 'huge' } } }, 'tasks.faq.tier'],
    ['an unknown floor', { ...policy, tasks: { faq: { tier: 'cheap', floor: 'huge' } } }, 'tasks.faq.floor'],
    [
      'a floor above the tier',
      { ...policy, tasks: { faq: { tier: 'cheap', floor: 'strong' } } },
      'tasks.faq.floor',
    ],
    ['an unknown default', { ...policy, default: 'huge' }, 'default'],
  ])('refuses a policy with %s', (_name, given, path) => {
    expect(() => compile({ policy: given })).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_POLICY', path }),
    );
  });
});
