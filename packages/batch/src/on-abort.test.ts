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
