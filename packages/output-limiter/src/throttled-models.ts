/** Which models have throttled calls lately: their quota is scarce. */
export interface ThrottledModels {
  /** @param now - milliseconds since the epoch */
  add(modelId: string, now: number): void;
  has(modelId: string, now: number): boolean;
}

/** Quotas are kept by the minute; what was scarce for one is taken to be so for some more. */
const SCARCE_FOR_MS = 300_000;
/** Models that are remembered; an application calls a handful. */
const MAX_MODELS = 100;

/** Whether the service has refused a request because the account's quota was used up. */
export const isThrottled = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ThrottlingException';

/** Starts without any. */
export function throttledModels(): ThrottledModels {
  const until = new Map<string, number>();
  return {
    add: (modelId, now) => {
      if (until.size >= MAX_MODELS) until.clear();
      until.set(modelId, now + SCARCE_FOR_MS);
    },
    has: (modelId, now) => (until.get(modelId) ?? 0) > now,
  };
}
