import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { CacheSplit } from '../money/prompt-cache.js';

/** What is known about a finished answer when its usage is reported. */
export interface ReportedUsage {
  readonly split: CacheSplit;
  readonly outputTokens: number;
  /** Part of `outputTokens`. */
  readonly thinkingTokens: number;
  /** Whether the request set a cache point. */
  readonly cachePointSent: boolean;
}

/** Tokens written to the cache, whatever their lifetime. */
export function cacheWriteOf(split: CacheSplit): number {
  return split.cacheWrite5m + split.cacheWrite1h;
}

/** Input tokens as the model's family reports them: without the cached ones (`net`) or with them (`gross`). */
export function reportedInput(model: CatalogueModel, split: CacheSplit): number {
  return model.usageSemantics === 'gross' ? split.input + split.cacheRead + cacheWriteOf(split) : split.input;
}

/**
 * `usage` of Converse. Which members are sent differs by family (recorded exchanges with the service): Claude with
 * a cache always sends the cache members, but in streams only when something was cached; Nova sends them when the
 * request had a cache point; the others only when there is something to say.
 */
export function converseUsage(
  model: CatalogueModel,
  usage: ReportedUsage,
  streamed: boolean,
): Record<string, unknown> {
  const { split, outputTokens } = usage;
  const read = split.cacheRead;
  const written = cacheWriteOf(split);
  const cached = read + written > 0;
  const alwaysSent = model.dialect === 'anthropic' && model.capabilities.cache !== undefined && !streamed;
  const sent = cached || alwaysSent || (model.dialect === 'nova' && usage.cachePointSent);
  const inputTokens = reportedInput(model, split);
  return {
    inputTokens,
    outputTokens,
    totalTokens: split.input + read + written + outputTokens,
    ...(sent
      ? {
          cacheReadInputTokenCount: read,
          cacheReadInputTokens: read,
          cacheWriteInputTokenCount: written,
          cacheWriteInputTokens: written,
        }
      : {}),
    // Never seen for Nova, and for Claude only when something was written.
    ...(written > 0 && model.dialect === 'anthropic' ? { cacheDetails: cacheDetails(split) } : {}),
    serverToolUsage: {},
  };
}

function cacheDetails(split: CacheSplit): readonly { readonly ttl: string; readonly inputTokens: number }[] {
  return [
    { ttl: '1h', inputTokens: split.cacheWrite1h },
    { ttl: '5m', inputTokens: split.cacheWrite5m },
  ].filter(({ inputTokens }) => inputTokens > 0);
}

/** `amazon-bedrock-invocationMetrics` of the last chunk of a stream. */
export function invocationMetrics(
  model: CatalogueModel,
  usage: ReportedUsage,
  latency: { readonly totalMs: number; readonly firstByteMs: number },
): Record<string, unknown> {
  return {
    inputTokenCount: reportedInput(model, usage.split),
    outputTokenCount: usage.outputTokens,
    invocationLatency: latency.totalMs,
    firstByteLatency: latency.firstByteMs,
    ...(cacheCountsSent(model, usage)
      ? {
          cacheReadInputTokenCount: usage.split.cacheRead,
          cacheWriteInputTokenCount: cacheWriteOf(usage.split),
        }
      : {}),
  };
}

/** Whether cache counts are sent: Nova always, the others when something was cached. */
export function cacheCountsSent(model: CatalogueModel, usage: ReportedUsage): boolean {
  const cached = usage.split.cacheRead + cacheWriteOf(usage.split) > 0;
  return cached || (model.dialect === 'nova' && model.capabilities.cache !== undefined);
}

/** The token-count headers of InvokeModel. */
export function tokenCountHeaders(model: CatalogueModel, usage: ReportedUsage): Record<string, string> {
  const input = { 'x-amzn-bedrock-input-token-count': String(reportedInput(model, usage.split)) };
  if (model.kind === 'embedding') return input;
  return {
    ...input,
    'x-amzn-bedrock-output-token-count': String(usage.outputTokens),
    ...(cacheCountsSent(model, usage)
      ? {
          'x-amzn-bedrock-cache-read-input-token-count': String(usage.split.cacheRead),
          'x-amzn-bedrock-cache-write-input-token-count': String(cacheWriteOf(usage.split)),
        }
      : {}),
  };
}
