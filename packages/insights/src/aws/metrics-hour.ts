/** What `AWS/Bedrock` counted of one model and tier in one hour: a line of the file that {@link analyzeLogs} reads. */
export interface MetricsHour {
  /** Begin of the hour, ISO. */
  readonly hour: string;
  readonly region: string;
  readonly account?: string;
  /** As the dimension `ModelId` has it. */
  readonly modelId: string;
  /** The tier that served the calls. */
  readonly tier: string;
  /** Successful calls. */
  readonly invocations: number;
  readonly clientErrors: number;
  readonly serverErrors: number;
  readonly throttles: number;
  /** Without what the cache had; absent where no tokens were counted at all, as for images. */
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cacheReadTokens?: number;
  readonly cacheWriteTokens?: number;
}

/** How every line of a file of metrics begins: by this the file is known. */
export const METRICS_LINE: string = '{"costkitMetrics":1,';

/** An hour as a line. */
export const metricsLine = (hour: MetricsHour): string =>
  `${JSON.stringify({ costkitMetrics: 1, ...hour })}\n`;
