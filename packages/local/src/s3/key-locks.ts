/** Orders the writes to one key, and tells a conditional write when the key was deleted under it. */
export interface KeyLocks {
  /** Runs `task` when every earlier task of this key has ended. */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result>;
  /** Opens a ticket for a conditional write; close it when the write has ended. */
  open(key: string): WriteTicket;
  /** Marks every open ticket of the key: its object has been deleted meanwhile. */
  markDeleted(key: string): void;
}

/** A conditional write that is under way. */
interface WriteTicket {
  /** Whether the object was deleted since the ticket was opened. */
  readonly deletedMeanwhile: boolean;
  close(): void;
}

/** Starts an empty set of locks. */
export const createKeyLocks = (): KeyLocks => {
  const tails = new Map<string, Promise<unknown>>();
  const tickets = new Map<string, Set<{ deletedMeanwhile: boolean }>>();

  return {
    run: async (key, task) => {
      const before = tails.get(key);
      const current = before === undefined ? task() : before.then(task, task);
      tails.set(key, current);
      try {
        return await current;
      } finally {
        if (tails.get(key) === current) tails.delete(key);
      }
    },
    open: (key) => {
      const state = { deletedMeanwhile: false };
      const open = tickets.get(key) ?? new Set();
      open.add(state);
      tickets.set(key, open);
      return {
        get deletedMeanwhile() {
          return state.deletedMeanwhile;
        },
        close: () => {
          open.delete(state);
          if (open.size === 0 && tickets.get(key) === open) tickets.delete(key);
        },
      };
    },
    markDeleted: (key) => {
      for (const state of tickets.get(key) ?? []) state.deletedMeanwhile = true;
    },
  };
};
