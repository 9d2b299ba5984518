import { type Call, perCall } from '@costkit/core';

/** What the two levers of this package know of one call. */
export interface CallLimits {
  /** Kept out, so that the saving can be measured. */
  heldOut: boolean;
  /** The cap that we set; `undefined` while the request's own holds. */
  cap: number | undefined;
  /** The cap that the request had, before ours. */
  callerCap: number | undefined;
  /** The model that the request was fitted to. */
  modelId: string | undefined;
  /** The repair that is on its way: its cap, and whether it asks the question anew. */
  repair: { readonly maxTokens: number; readonly asksAnew: boolean } | undefined;
}

/** Keeps {@link CallLimits} for as long as a call lives. */
export function callLimits(): (call: Call) => CallLimits {
  return perCall(() => ({
    heldOut: false,
    cap: undefined,
    callerCap: undefined,
    modelId: undefined,
    repair: undefined,
  }));
}
