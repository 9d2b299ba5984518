import type { Call, Clock, Decision, RequestView, Tags } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';

/** A call as levers see it, on a clock that stands still unless told otherwise. */
export function aCall(
  fields: { tags?: Tags; view?: RequestView; clock?: Clock } = {},
): Call & { decisions: Decision[] } {
  const decisions: Decision[] = [];
  const clock = fields.clock ?? { now: () => Date.parse('2026-11-22T10:00:00Z'), monotonicMs: () => 0 };
  const original =
    fields.view ??
    viewRequest('Converse', {
      modelId: 'amazon.nova-lite-v1:0',
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
    });
  return {
    id: `call-${Math.random()}`,
    operation: original.operation,
    original,
    tags: fields.tags ?? {},
    startedAt: new Date(clock.now()),
    region: 'us-east-1',
    signal: undefined,
    clock,
    priceOverrides: [],
    attempts: [],
    decide: (decision: Decision) => void decisions.push(decision),
    counterfactual: {},
    decisions,
  } as unknown as Call & { decisions: Decision[] };
}
