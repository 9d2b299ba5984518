import { describe, expect, it } from 'vitest';
import { createRefusals, type Refusal, refusedPart } from './refusals.js';

const error = (name: string, message: string): Error => Object.assign(new Error(message), { name });
const MINUTE = 60_000;
const WRAPPED = 'The model returned the following errors: ';

/** Each text as it was recorded, and as the service may word it elsewhere or next year. */
const TEXTS: readonly (readonly [refusal: Refusal, name: string, recorded: string, ...others: string[]])[] = [
  [
    'messages',
    'ValidationException',
    'Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.',
    'A cachePoint must not follow a reasoning block.',
    `${WRAPPED}messages.4.content.1: cache_control cannot be set on thinking blocks.`,
  ],
  [
    'messages',
    'ValidationException',
    `${WRAPPED}messages.0.content.3.type: Field required`,
    'messages.0.content.3.type: Field required',
    `${WRAPPED}messages.12.content.0.type: field required, please reformat your input and try again.`,
  ],
  [
    'tools',
    'ValidationException',
    `${WRAPPED}Malformed input request: #/toolConfig/tools/18: extraneous key [cachePoint] is not permitted, please reformat your input and try again.`,
    'Malformed input request: #/toolConfig/tools/2: extraneous key [cachePoint] is not permitted',
    'cachePoint is not supported in toolConfig.tools[3].',
  ],
  [
    'messages',
    'ValidationException',
    `${WRAPPED}Malformed input request: #/messages/6/content/0: extraneous key [cachePoint] is not permitted, please reformat your input and try again.`,
    'Malformed input request: #/messages/6/content/0: extraneous key [cachePoint] is not permitted',
    'messages[6].content[0]: unexpected cachePoint.',
  ],
  [
    '1h',
    'ValidationException',
    'Extended TTL prompt caching is only supported for Anthropic models',
    'Extended TTL prompt caching is not supported for this model.',
    `${WRAPPED}extended ttl prompt-caching is unavailable`,
  ],
  [
    '1h',
    'ValidationException',
    `${WRAPPED}system.0.cache_control.ttl: Extra inputs are not permitted`,
    'system.0.cache_control.ttl: Extra inputs are not permitted',
    'cachePoint.ttl: 1h is not a valid value',
  ],
  [
    '1h',
    'ValidationException',
    `${WRAPPED}messages.3.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.`,
    "messages.0.content.0.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' cache_control block.",
    'A cache point with ttl 1h must precede those of 5m.',
  ],
  [
    'all',
    'ValidationException',
    'A maximum of 4 blocks with cache_control may be provided. Found 5.',
    `${WRAPPED}A maximum of 4 blocks with cache_control may be provided. Found 6.`,
    'Too many cache points: at most 4 are allowed.',
  ],
  [
    'all',
    'AccessDeniedException',
    'You invoked an unsupported model or your request did not allow prompt caching.',
    'You invoked an unsupported model, or prompt caching is not enabled for your account.',
    'Prompt-caching is not available for this model.',
  ],
  [
    'all',
    'ValidationException',
    'You invoked an unsupported model or your request did not allow prompt caching.',
    'This model does not support cachePoint.',
    'cache checkpoints are not supported by the provided model',
  ],
  [
    'messages',
    'ValidationException',
    'ContentBlock object at messages.0.content.0 can only set one of the following keys: text, image, cachePoint',
    'messages.2.content.1 can only set one of: cachePoint, text',
    'The content block messages[0] sets both text and cachePoint.',
  ],
];

describe('refusedPart', () => {
  it.each(TEXTS)('takes a text about %s for a refusal of it, in every wording', (refusal, name, ...texts) => {
    expect(texts).toHaveLength(3);
    expect(texts.map((text) => refusedPart(error(name, text)))).toEqual([refusal, refusal, refusal]);
  });

  it('takes no other error for one', () => {
    expect(refusedPart(error('ValidationException', 'The input is too long.'))).toBeUndefined();
    expect(
      refusedPart(error('AccessDeniedException', 'You do not have access to this model.')),
    ).toBeUndefined();
    expect(refusedPart(error('ThrottlingException', 'Too many cache points.'))).toBeUndefined();
    expect(refusedPart('cache point')).toBeUndefined();
  });
});

describe('createRefusals', () => {
  it('remembers what each model refused, for half an hour', () => {
    const refusals = createRefusals();
    refusals.remember('a', 'tools', 0);
    refusals.remember('a', '1h', 1);
    expect([...refusals.of('a', 29 * MINUTE)]).toEqual(['tools', '1h']);
    expect(refusals.of('a', 31 * MINUTE).size).toBe(0);
    expect(refusals.of('b', 0).size).toBe(0);
  });

  it('takes several refusals of one part, of requests that were on their way at once, for one', () => {
    const refusals = createRefusals();
    refusals.remember('a', 'messages', 0);
    refusals.remember('a', 'messages', 1);
    expect([...refusals.of('a', 2)]).toEqual(['messages']);
  });

  it('is bounded', () => {
    const refusals = createRefusals();
    for (let model = 0; model < 1000; model++) refusals.remember(`model ${model}`, 'all', 0);
    expect(refusals.of('model 0', 1).size).toBe(0);
    expect(refusals.of('model 999', 1).size).toBe(1);
  });
});
