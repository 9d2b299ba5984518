import { describe, expect, it } from 'vitest';
import { converseView, fakeCall, NOW } from '../tests/call-fixture.js';
import { createRefusals, errorName, isRecoverable, REFUSAL_HOLD_MS } from './refusals.js';

const named = (name: string): Error => Object.assign(new Error('scripted'), { name });
const served = (name: string): Error => Object.assign(named(name), { $fault: 'client' });
const inTask = (task: string) => fakeCall(converseView(), { task });

describe('createRefusals', () => {
  it('remembers for every task that a model cannot be called', () => {
    const refusals = createRefusals();
    refusals.note('haiku', named('AccessDeniedException'), inTask('faq'));
    expect(refusals.recent('haiku', inTask('sum'))).toBe('AccessDeniedException');
    expect(refusals.recent('sonnet', inTask('faq'))).toBeUndefined();
  });

  it('remembers for one task that a model takes no such request', () => {
    const refusals = createRefusals();
    refusals.note('haiku', named('ValidationException'), inTask('faq'));
    expect(refusals.recent('haiku', inTask('faq'))).toBe('ValidationException');
    expect(refusals.recent('haiku', inTask('sum'))).toBeUndefined();
  });

  it('forgets after a while', () => {
    const refusals = createRefusals();
    const call = inTask('faq');
    refusals.note('haiku', named('ResourceNotFoundException'), call);
    call.nowMs = NOW + REFUSAL_HOLD_MS - 1;
    expect(refusals.recent('haiku', call)).toBe('ResourceNotFoundException');
    call.nowMs += 1;
    expect(refusals.recent('haiku', call)).toBeUndefined();
  });

  it.each(['ThrottlingException', 'InternalServerException'])('does not hold %s against a model', (name) => {
    const refusals = createRefusals();
    refusals.note('haiku', named(name), inTask('faq'));
    expect(refusals.recent('haiku', inTask('faq'))).toBeUndefined();
  });
});

describe('isRecoverable', () => {
  it.each(['ThrottlingException', 'AccessDeniedException', 'ModelTimeoutException', 'ExceptionOfTomorrow'])(
    'says yes to %s',
    (name) => {
      expect(isRecoverable(served(name), inTask('faq'))).toBe(true);
    },
  );

  it.each(['AbortError', 'TimeoutError', 'BudgetExceededError', 'TypeError'])('says no to %s', (name) => {
    expect(isRecoverable(named(name), inTask('faq'))).toBe(false);
  });

  it.each([undefined, null, 'text'])('says no to %s', (thrown) => {
    expect(isRecoverable(thrown, inTask('faq'))).toBe(false);
  });

  it('says no once the caller has aborted', () => {
    const call = fakeCall(converseView(), {}, { signal: AbortSignal.abort() });
    expect(isRecoverable(served('ThrottlingException'), call)).toBe(false);
  });
});

describe('errorName', () => {
  it('names what is thrown, errors or not', () => {
    expect(errorName(named('X'))).toBe('X');
    expect(errorName('text')).toBe('string');
    expect(errorName(undefined)).toBe('undefined');
  });
});
