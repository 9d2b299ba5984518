import { describe, expect, it } from 'vitest';
import { aCall, aView } from '../tests/a-call.js';
import type { CallState } from './call-state.js';
import { Transmission } from './transmission.js';

const named = (name: string, httpStatusCode?: number): Error =>
  Object.assign(new Error('prompt in a message'), {
    name,
    ...(httpStatusCode === undefined ? {} : { $metadata: { httpStatusCode } }),
  });

const transmissionOf = (call: CallState): Transmission =>
  new Transmission({ call, view: aView(), purpose: 'answer', region: undefined, levers: [] });

const lose = (transmission: Transmission, error: Error): Promise<unknown> =>
  transmission.send(() => Promise.reject(error)).catch(() => undefined);

const errorsOf = (call: CallState): (string | undefined)[] => call.attempts.map(({ error }) => error);

describe('Transmission', () => {
  it('books each time that may be billed, and none that was refused', async () => {
    const call = await aCall();
    const transmission = transmissionOf(call);
    const timeout = named('TimeoutError');
    for (const error of [timeout, named('ThrottlingException', 429), timeout])
      await lose(transmission, error);
    transmission.fail(timeout);
    expect(errorsOf(call)).toEqual(['TimeoutError', 'TimeoutError']);
  });

  it('books nothing for a caller who gives up before anything is sent', async () => {
    const call = await aCall();
    transmissionOf(call).fail(named('AbortError'));
    expect(call.attempts).toEqual([]);
  });

  it.each([
    ['nothing where it was refused the last time', named('ThrottlingException', 429), []],
    ['once what may be billed of the last time', named('TimeoutError'), ['AbortError']],
  ])('books %s, for a caller who gives up before the next', async (_, last, booked) => {
    const caller = new AbortController();
    const call = await aCall(aView(), {}, { signal: caller.signal });
    const transmission = transmissionOf(call);
    await lose(transmission, last);
    caller.abort();
    await lose(transmission, named('AbortError'));
    transmission.fail(named('AbortError'));
    expect(errorsOf(call)).toEqual(booked);
  });

  it('books what was answered, whatever becomes of the answer', async () => {
    const call = await aCall();
    const transmission = transmissionOf(call);
    await transmission.send(() => Promise.resolve({ output: {} }));
    transmission.fail(named('TypeError'));
    expect(call.attempts).toMatchObject([{ error: 'TypeError', quality: 'estimated', complete: false }]);
  });
});
