import { AsyncLocalStorage } from 'node:async_hooks';

/** Calls that are on their way at the same time, and go on in the same order on every machine. */
export interface CallsAtOnce {
  /**
   * Makes calls at once. All have come to the wire, or wait for a batch job, before the first is answered; then they go
   * over the wire in their order, each once the one before has ended. While all that are left wait, time passes.
   *
   * @returns their results, in their order.
   */
  make<T>(calls: readonly (() => Promise<T>)[]): Promise<T[]>;
  /** Holds the current call at the wire until its turn; a call that was made alone goes on. */
  atWire(): Promise<void>;
  /** Says of the current call that it waits for a batch job. */
  waits(): void;
}

/** One of several calls. It moves, or it rests: held at the wire, waiting for a batch job, or ended. */
interface OneCall {
  /** Lets it go over the wire; `undefined` while it is not held there. */
  release: (() => void) | undefined;
  ended: boolean;
  /** Told when it comes to rest. */
  onRest: () => void;
}

/** Runs what sets a call in motion, and resolves when the call rests. */
function untilRest(call: OneCall, move: () => void): Promise<void> {
  return new Promise((resolve) => {
    call.onRest = resolve;
    move();
  });
}

/**
 * Makes calls run at once without leaving their order to sockets and timers: at any moment one of them moves, all others
 * rest. What a lever learns from an answer so comes to the next call on every machine alike.
 *
 * @param passTime - lets some time pass on the clock for which waiting calls wait.
 */
export function createCallsAtOnce(passTime: () => Promise<void>): CallsAtOnce {
  const current = new AsyncLocalStorage<OneCall>();

  const start = <T>(call: OneCall, make: () => Promise<T>): Promise<T> =>
    current.run(call, make).finally(() => {
      call.ended = true;
      call.onRest();
    });

  const goOn = async (calls: readonly OneCall[]): Promise<void> => {
    let left = calls;
    while (left.length > 0) {
      const next = left.find(({ release }) => release !== undefined);
      if (next === undefined) await passTime();
      else await untilRest(next, () => next.release?.());
      left = left.filter(({ ended }) => !ended);
    }
  };

  return {
    make: async <T>(makers: readonly (() => Promise<T>)[]): Promise<T[]> => {
      const calls: OneCall[] = [];
      const answers: Promise<T>[] = [];
      for (const make of makers) {
        const call: OneCall = { release: undefined, ended: false, onRest: () => undefined };
        calls.push(call);
        await untilRest(call, () => {
          const answer = start(call, make);
          // Thrown below, once no other call is left on its way.
          answer.catch(() => undefined);
          answers.push(answer);
        });
      }
      await goOn(calls);
      return Promise.all(answers);
    },
    atWire: async () => {
      const call = current.getStore();
      if (call === undefined) return;
      await new Promise<void>((resolve) => {
        call.release = () => {
          call.release = undefined;
          resolve();
        };
        call.onRest();
      });
    },
    waits: () => current.getStore()?.onRest(),
  };
}
