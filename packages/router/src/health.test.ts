import { describe, expect, it } from 'vitest';
import { createHealth, saysOutOfService } from './health.js';

const SECOND = 1_000;

describe('createHealth', () => {
  it('leaves a model alone after three failures in a row, and not after two', () => {
    const health = createHealth();
    health.failed('a', 'ThrottlingException', 0);
    health.failed('a', 'ThrottlingException', 0);
    expect(health.reasonToAvoid('a', 0)).toBeUndefined();
    health.answered('a');
    health.failed('a', 'ThrottlingException', 0);
    expect(health.reasonToAvoid('a', 0)).toBeUndefined();
    health.failed('a', 'ThrottlingException', 0);
    health.failed('a', 'ThrottlingException', 0);
    expect(health.reasonToAvoid('a', 29 * SECOND)).toBe('is out of service (ThrottlingException)');
    expect(health.reasonToAvoid('b', 0)).toBeUndefined();
  });

  it('lets one call try it when the time is over, and takes twice the time where that fails', () => {
    const health = createHealth();
    for (let failure = 0; failure < 3; failure += 1) health.failed('a', 'X', 0);
    expect(health.reasonToAvoid('a', 30 * SECOND)).toBeUndefined();
    expect(health.reasonToAvoid('a', 30 * SECOND)).toBe('is out of service (X)');
    health.failed('a', 'X', 31 * SECOND);
    expect(health.isAvoided('a', 90 * SECOND)).toBe(true);
    expect(health.reasonToAvoid('a', 91 * SECOND)).toBeUndefined();
  });

  it('comes back after two answers, and one failure between them counts', () => {
    const health = createHealth();
    for (let failure = 0; failure < 3; failure += 1) health.failed('a', 'X', 0);
    health.reasonToAvoid('a', 30 * SECOND);
    health.answered('a');
    expect(health.reasonToAvoid('a', 30 * SECOND)).toBeUndefined();
    health.failed('a', 'X', 30 * SECOND);
    expect(health.isAvoided('a', 89 * SECOND)).toBe(true);
    health.reasonToAvoid('a', 90 * SECOND);
    health.answered('a');
    health.answered('a');
    health.failed('a', 'X', 91 * SECOND);
    expect(health.reasonToAvoid('a', 91 * SECOND)).toBeUndefined();
  });

  it('takes no longer where many calls fail at once', () => {
    const health = createHealth();
    for (let failure = 0; failure < 20; failure += 1) health.failed('a', 'X', 0);
    expect(health.isAvoided('a', 30 * SECOND)).toBe(false);
    // Of twenty that fail beside the one that tries it, one counts.
    health.reasonToAvoid('a', 30 * SECOND);
    for (let failure = 0; failure < 20; failure += 1) health.failed('a', 'X', 30 * SECOND);
    expect(health.isAvoided('a', 89 * SECOND)).toBe(true);
    expect(health.isAvoided('a', 90 * SECOND)).toBe(false);
  });

  it('never leaves a model alone for more than five minutes', () => {
    const health = createHealth();
    let now = 0;
    for (let failure = 0; failure < 20; failure += 1) {
      health.failed('a', 'X', now);
      now += 300 * SECOND;
      expect(health.isAvoided('a', now)).toBe(false);
      health.reasonToAvoid('a', now);
    }
  });
});

describe('saysOutOfService', () => {
  it.each([
    ['ThrottlingException', true],
    ['ServiceUnavailableException', true],
    ['InternalServerException', true],
    ['ValidationException', false],
    ['AccessDeniedException', false],
    ['TimeoutError', false],
  ])('%s: %s', (name, expected) => expect(saysOutOfService(name)).toBe(expected));
});
