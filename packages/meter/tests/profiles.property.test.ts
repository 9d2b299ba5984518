import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { profileName } from '../src/profiles/profile-owner.js';

const LITE = 'us.amazon.nova-lite-v1:0';
const odd = fc.constantFrom('a', 'Z', '0', '-', '_', ' ', ':', '.', '/', 'ä', '漢', '😀', '\n');

describe('profileName', () => {
  it('is a name that Bedrock takes, and always the same, whatever the owner is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: odd, minLength: 1, maxLength: 90 }), (name) => {
        const made = profileName({ tags: { team: 'a' }, models: [], name }, LITE);
        expect(made).toMatch(/^([0-9a-zA-Z][ _-]?)+$/);
        expect(made.length).toBeLessThanOrEqual(64);
        expect(profileName({ tags: { team: 'b' }, models: [], name }, LITE)).toBe(made);
      }),
    );
  });
});
