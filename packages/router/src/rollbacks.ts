import type { CompiledPolicy } from './compile-policy.js';

/** Tasks that a policy may no longer move, because what was lost there has drifted above the bar. */
export interface Rollbacks {
  /** Why the task stays, under this policy; another policy begins anew. */
  of(task: string, policy: CompiledPolicy): string | undefined;
  rollBack(task: string, policy: CompiledPolicy, why: string): void;
  /** Every task that stays under a policy, and why. */
  tasksOf(policy: CompiledPolicy): ReadonlyMap<string, string>;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** Makes an empty memory. */
export function createRollbacks(): Rollbacks {
  const rolledBack = new WeakMap<CompiledPolicy, Map<string, string>>();
  return {
    of: (task, policy) => rolledBack.get(policy)?.get(task),
    tasksOf: (policy) => rolledBack.get(policy) ?? NONE,
    rollBack: (task, policy, why) => {
      const tasks = rolledBack.get(policy) ?? new Map<string, string>();
      rolledBack.set(policy, tasks.set(task, why));
    },
  };
}
