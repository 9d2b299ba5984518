import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { checkOwners, profileName } from './profile-owner.js';

const LITE = 'us.amazon.nova-lite-v1:0';

describe('profileName', () => {
  it('keeps long names apart', () => {
    const name = 'x'.repeat(80);
    const of = (model: string): string => profileName({ tags: {}, models: [], name }, model);
    expect(of(LITE)).not.toBe(of('us.amazon.nova-pro-v1:0'));
  });
});

describe('checkOwners', () => {
  it('takes owners whose profiles have names of their own', () => {
    expect(() =>
      checkOwners([
        { tags: { team: 'a' }, models: [LITE, 'amazon.nova-lite-v1:0'] },
        { tags: { team: 'b' }, models: [LITE], name: 'Team B' },
      ]),
    ).not.toThrow();
  });

  it.each([
    [{ tags: {}, models: [LITE] }],
    [{ tags: { 'aws:team': 'a' }, models: [LITE] }],
    [{ tags: { team: 'ä' }, models: [LITE] }],
    [{ tags: { team: 5 }, models: [LITE] }],
    [{ tags: { team: 'x'.repeat(257) }, models: [LITE] }],
    [{ tags: { team: 'a' }, models: [] }],
    [{ tags: { team: 'a' }, models: ['acme.nope'] }],
    [{ tags: { team: 'a' } }],
    [{ models: [LITE] }],
    [{ tags: { team: 'a' }, models: [LITE], name: '' }],
    [{ tags: { team: 'a' }, models: [LITE], owner: 'a' }],
    [{ tags: { team: 'a' }, models: [LITE, LITE] }],
    [
      { tags: { team: 'a b' }, models: [LITE] },
      { tags: { team: 'a-b' }, models: [LITE] },
    ],
  ])('refuses %j', (...owners) => {
    expect(() => checkOwners(owners as never)).toThrow(InvalidOptionError);
  });
});
