import { onAbort } from './on-abort.js';

/** Room for jobs of one model. */
export interface JobSlots {
  /**
   * Waits for room, in turn.
   *
   * @param most - jobs that may be on their way at the same time.
   * @returns gives the room back.
   */
  take(most: number, signal: AbortSignal): Promise<() => void>;
}

const slotsOfClients = new WeakMap<object, Map<string, JobSlots>>();

/**
 * The room that all batches of a client share: an account may have so many jobs of a model on their way, whichever
 * batch they belong to, and as many again of another model (General Reference, Bedrock quotas).
 */
export function jobSlotsOf(client: object, model: string): JobSlots {
  let ofModels = slotsOfClients.get(client);
  if (ofModels === undefined) {
    ofModels = new Map();
    slotsOfClients.set(client, ofModels);
  }
  let slots = ofModels.get(model);
  if (slots === undefined) {
    slots = createJobSlots();
    ofModels.set(model, slots);
  }
  return slots;
}

function createJobSlots(): JobSlots {
  let taken = 0;
  const queue: { readonly most: number; readonly begin: () => void }[] = [];
  const serve = (): void => {
    for (let next = queue[0]; next !== undefined && taken < next.most; next = queue[0]) {
      queue.shift();
      taken += 1;
      next.begin();
    }
  };
  return {
    take: (most, signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason);
          return;
        }
        const leave = (): void => {
          queue.splice(queue.indexOf(waiter), 1);
          reject(signal.reason);
          serve();
        };
        const waiter = {
          most,
          begin: () => {
            stay();
            let given = false;
            resolve(() => {
              if (given) return;
              given = true;
              taken -= 1;
              serve();
            });
          },
        };
        const stay = onAbort(signal, leave);
        queue.push(waiter);
        serve();
      }),
  };
}
