import { atMost } from './at-most.js';
import type { CompiledOptions } from './compile-options.js';
import { type CompiledPolicy, compilePolicy, warnOfPolicy } from './compile-policy.js';
import { errorName } from './refusals.js';

/** No call waits longer for a source that does not answer: without a policy it stays on the model it asks for. */
const FIRST_READING_MS = 2_000;

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
  let answered = false;
  let begun = 0;
  let ended = 0;

  const warnOfSource = (why: string): void => {
    const kept = current === undefined ? 'No policy holds' : `The policy of ${current.createdAt} stays`;
    warn({
      code: 'COSTKIT_POLICY_UNREADABLE',
      message: `costkit router: the routing policy could not be read anew (${why}). ${kept} until it can.`,
    });
  };

  const read = async (nowMs: number): Promise<void> => {
    begun += 1;
    const turn = begun;
    try {
      const document = await policySource();
      // A reading that took longer than a later one is older than what holds.
      if (turn < ended) return;
      ended = turn;
      const compiled = compilePolicy(document, byName);
      // The same policy stays the same object, however it is laid out: what is known of it stays known.
      const read = JSON.stringify(typeof document === 'string' ? JSON.parse(document) : document);
      if (read === text) return;
      [current, text] = [compiled, read];
      warnOfPolicy(compiled, nowMs, warn);
    } catch (error) {
      warnOfSource(error instanceof Error ? error.message : errorName(error));
    } finally {
      answered = true;
    }
  };
  return {
    current: () => current,
    refresh: (nowMs) => {
      if (nowMs >= dueMs) {
        dueMs = nowMs + policyRefreshMs;
        const reading = read(nowMs);
        first ??= atMost(FIRST_READING_MS, reading).then(() => {
          first = undefined;
          if (!answered) warnOfSource('its source does not answer');
        });
      }
      return current === undefined ? first : undefined;
    },
  };
}
