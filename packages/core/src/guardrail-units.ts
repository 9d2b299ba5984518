import type { Usage } from '@costkit/pricing';
import { asRecord, type Body } from './dialects/dialect-adapter.js';
import type { Decision } from './receipt.js';

/** The assessments of a trace, however Converse, streams and InvokeModel nest them by guardrail and content block. */
function* assessmentsIn(trace: unknown): Generator<Body> {
  if (typeof trace !== 'object' || trace === null) return;
  if (asRecord(trace)['invocationMetrics'] !== undefined) yield trace as Body;
  else for (const inner of Object.values(trace)) yield* assessmentsIn(inner);
}

/**
 * What a guardrail charged for, by the catalogue's names (`guardrail.contentPolicyUnits`), summed over input and
 * output; nothing without a trace. Each assessment reports the units of its policies
 * (`invocationMetrics.usage`, API reference of `GuardrailUsage`).
 *
 * @param trace - what the answer's trace holds under `guardrail`.
 */
export function guardrailUnits(trace: unknown): Readonly<Record<string, number>> {
  const units: Record<string, number> = {};
  for (const { invocationMetrics } of assessmentsIn(trace)) {
    for (const [policy, count] of Object.entries(asRecord(asRecord(invocationMetrics)['usage']))) {
      // How many policies of automated reasoning there are is no quantity that is paid.
      if (typeof count !== 'number' || !policy.endsWith('Units')) continue;
      const unit = `guardrail.${policy}`;
      units[unit] = (units[unit] ?? 0) + count;
    }
  }
  return units;
}

/** Whether a usage holds what a guardrail charged for. */
export const hasGuardrailUnits = ({ units = {} }: Usage): boolean =>
  Object.keys(units).some((unit) => unit.startsWith('guardrail.'));

/** What a receipt says of a guardrail whose units nobody reported. */
export const UNSEEN_GUARDRAIL: Decision = {
  lever: 'guardrail',
  mode: 'observe',
  action: 'not counted',
  reason:
    'The guardrail charges for itself, which this cost leaves out: only its trace says how much. Ask for the trace.',
};
