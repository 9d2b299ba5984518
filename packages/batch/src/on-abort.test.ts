import { getEventListeners } from 'node:events';
import { expect, it } from 'vitest';
import { onAbort } from './on-abort.js';

it('has one listener a signal, calls all that wait, and none that was taken back', () => {
  const abort = new AbortController();
  const other = new AbortController();
  const called: number[] = [];
  const back = Array.from({ length: 100 }, (_, at) => onAbort(abort.signal, () => called.push(at)));
  onAbort(other.signal, () => called.push(-1));
  expect(getEventListeners(abort.signal, 'abort')).toHaveLength(1);
  for (const takeBack of back.slice(2)) takeBack();
  abort.abort();
  expect(called).toEqual([0, 1]);
});

it('does not call one that another takes back while the signal aborts, as the platform would not', () => {
  const abort = new AbortController();
  const called: string[] = [];
  onAbort(abort.signal, () => takeBack());
  const takeBack = onAbort(abort.signal, () => called.push('taken back'));
  onAbort(abort.signal, () => called.push('left'));
  abort.abort();
  expect(called).toEqual(['left']);
});
