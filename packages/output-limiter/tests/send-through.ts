import type { Call, Decision, InferenceOperation, Lever, RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';

/** What became of a request in a lever. */
export interface SentThrough {
  readonly request: RequestView;
  readonly sent: RequestView;
  readonly decisions: readonly Decision[];
}

/** Sends a request through one lever of slot `shape`; nobody answers it. */
export async function sendThrough(
  lever: Lever,
  operation: InferenceOperation,
  input: object,
): Promise<SentThrough> {
  const decisions: Decision[] = [];
  const call = {
    decide: (decision: Decision) => decisions.push(decision),
    counterfactual: {},
    attempts: [],
    priceOverrides: [],
    region: 'us-east-1',
  } as unknown as Call;
  const request = viewRequest(operation, input);
  let sent: RequestView = request;
  await lever.around?.(request, call, async (view) => {
    sent = view;
    return { output: {}, view: undefined };
  });
  return { request, sent, decisions };
}
