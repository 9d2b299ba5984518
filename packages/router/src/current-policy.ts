import type { CompiledOptions } from './compile-options.js';
import { type CompiledPolicy, compilePolicy, warnOfPolicy } from './compile-policy.js';
import { errorName } from './refusals.js';

/** The policy that holds now, read anew from its source from time to time. */
export interface CurrentPolicy {
  current(): CompiledPolicy | undefined;
  /** Reads it anew where that is due. Only what must be waited for is returned: the first reading. */
  refresh(nowMs: number): Promise<void> | undefined;
}

/** Makes what keeps the policy up to date. */
export function createCurrentPolicy(options: CompiledOptions): CurrentPolicy {
  const { policy: given, policySource, policyRefreshMs, tiers, warn } = options;
  if (policySource === undefined) return { current: () => given, refresh: () => undefined };
  const byName = new Map(tiers.map((tier) => [tier.name, tier]));
  let current: CompiledPolicy | undefined;
  let text: string | undefined;
  let dueMs = Number.NEGATIVE_INFINITY;
  let first: Promise<void> | undefined;

  const read = async (nowMs: number): Promise<void> => {
    try {
      const document = await policySource();
      const read = typeof document === 'string' ? document : JSON.stringify(document);
      // The same policy stays the same object: what is known of it stays known.
      if (read === text) return;
      const compiled = compilePolicy(document, byName);
      [current, text] = [compiled, read];
      warnOfPolicy(compiled, nowMs, warn);
    } catch (error) {
      const kept = current === undefined ? 'No policy holds' : `The policy of ${current.createdAt} stays`;
      const why = error instanceof Error ? error.message : errorName(error);
      warn({
        code: 'COSTKIT_POLICY_UNREADABLE',
        message: `costkit router: the routing policy could not be read anew (${why}). ${kept} until it can.`,
      });
    }
  };
  return {
    current: () => current,
    refresh: (nowMs) => {
      if (nowMs >= dueMs) {
        dueMs = nowMs + policyRefreshMs;
        const reading = read(nowMs);
        first ??= reading.then(() => {
          first = undefined;
        });
      }
      return current === undefined ? first : undefined;
    },
  };
}
