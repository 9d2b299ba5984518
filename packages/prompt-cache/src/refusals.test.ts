import { describe, expect, it } from 'vitest';
import { createRefusals, refusesCachePoints } from './refusals.js';

const error = (message: string, name = 'ValidationException'): Error =>
  Object.assign(new Error(message), { name });

describe('refusesCachePoints', () => {
  it.each([
    'Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.',
    'The model returned the following errors: messages.0.content.3.type: Field required',
    'The model returned the following errors: Malformed input request: #/toolConfig/tools/18: extraneous key [cachePoint] is not permitted, please reformat your input and try again.',
    'Extended TTL prompt caching is only supported for Anthropic models',
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    "The model returned the following errors: messages.3.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
  ])('knows: %s', (message) => {
    expect(refusesCachePoints(error(message))).toBe(true);
  });

  it('knows the refusal of a model without a prompt cache, under both names', () => {
    const message = 'You invoked an unsupported model or your request did not allow prompt caching.';
    expect(refusesCachePoints(error(message, 'AccessDeniedException'))).toBe(true);
    expect(refusesCachePoints(error(message))).toBe(true);
  });

  it('leaves other errors alone', () => {
    expect(refusesCachePoints(error('The provided model identifier is invalid.'))).toBe(false);
    expect(refusesCachePoints(error('messages.0.content.3.text: Field required'))).toBe(false);
    expect(refusesCachePoints(error('cache point', 'ThrottlingException'))).toBe(false);
    expect(refusesCachePoints('cache point')).toBe(false);
    expect(refusesCachePoints(undefined)).toBe(false);
  });
});

describe('createRefusals', () => {
  it('remembers a model for half an hour', () => {
    const refusals = createRefusals();
    refusals.remember('one', 0);
    expect([refusals.has('one', 1_799_999), refusals.has('one', 1_800_000), refusals.has('two', 0)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('stays small', () => {
    const refusals = createRefusals();
    for (let index = 0; index < 101; index++) refusals.remember(`model ${index}`, 0);
    expect(refusals.has('model 0', 1)).toBe(false);
    expect(refusals.has('model 100', 1)).toBe(true);
  });
});
