import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBoundedQueue } from './bounded-queue.js';

describe('createBoundedQueue', () => {
  it('is a queue of the newest items, whatever comes and goes', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.option(fc.nat()), { maxLength: 40 }),
        (size, steps) => {
          const queue = createBoundedQueue<number>(size);
          const model: number[] = [];
          for (const step of steps) {
            if (step === null) {
              if (model.length > 0) queue.shift();
              model.shift();
            } else {
              expect(queue.push(step)).toBe(model.length === size ? model.shift() : undefined);
              model.push(step);
            }
            expect(queue.first()).toBe(model[0]);
          }
        },
      ),
    );
  });
});
