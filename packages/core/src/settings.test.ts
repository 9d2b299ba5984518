import { describe, expect, it } from 'vitest';
import { settingsPlugin } from './lever-plugin.js';

describe('settingsPlugin', () => {
  it.each([
    ['an unknown setting', { tag: {} }],
    ['a clock without durations', { clock: { now: Date.now } }],
    ['models that are no texts', { models: { 'arn:x': 5 } }],
    ['tags that are no texts', { tags: { team: undefined } }],
    ['names that are no list', { metadataTags: 'team' }],
    ['overrides that are no list', { priceOverrides: {} }],
    ['a malformed override', { priceOverrides: [{ model: 'amazon.*', multiplier: '1/2' }] }],
    ['an override of no model', { priceOverrides: [{ model: 'acme.*', multiplier: '0.5' }] }],
  ])('refuses %s when it is given, not at the first call', (_, settings) => {
    expect(() => settingsPlugin(settings as never)).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });

  it('takes settings that are undefined for absent', () => {
    expect(() => settingsPlugin({ tags: undefined } as never)).not.toThrow();
  });
});
