import { describe, expect, it } from 'vitest';
import { aCall } from '../tests/a-call.js';
import { perCall } from './per-call.js';

describe('perCall', () => {
  it('makes a thing once for each call', async () => {
    let made = 0;
    const notes = perCall(() => {
      made += 1;
      return { number: made };
    });
    const [one, other] = [await aCall(), await aCall()];
    expect(notes(one)).toBe(notes(one));
    expect(notes(other)).not.toBe(notes(one));
    expect(made).toBe(2);
  });

  it('hands the call to what makes the thing, and keeps the things of two levers apart', async () => {
    const call = await aCall();
    const ids = perCall(({ id }) => ({ id }));
    const others = perCall(() => ({ id: 'other' }));
    expect([ids(call).id, others(call).id]).toEqual([call.id, 'other']);
  });
});
