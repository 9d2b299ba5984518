import type { CatalogueModel } from '@costkit/pricing';
import { asNumber, asRecord, asString, type Body, noChunks } from './dialects/dialect-adapter.js';
import { readConverseAnswer, readConverseEvent } from './dialects/nova.js';
import { readBody } from './invoke-body.js';
import { InvokeView } from './invoke-view.js';
import type { RequestView } from './request-view.js';
import type { HandlerResult } from './sdk.js';
import { type NormalisedUsage, normaliseUsage, type ReportedUsage } from './usage.js';

/** What an answer says about its own cost. */
export interface Reading {
  readonly usage?: NormalisedUsage;
  readonly stopReason?: string;
  /** Text that was seen; only its length matters, and only when no usage was reported. */
  readonly text: string;
  /** Whether the service said everything it had to say. */
  readonly complete: boolean;
  readonly tier?: string;
  readonly latencyMode?: string;
  readonly invokedModelId?: string;
}

/** Reads a stream while it passes. */
export interface StreamReader {
  onChunk(chunk: object): void;
  reading(): Reading;
}

type Model = CatalogueModel | undefined;

const isConverse = (view: RequestView): boolean =>
  view.operation === 'Converse' || view.operation === 'ConverseStream';

const defined = <T extends object>(members: T): { [K in keyof T]?: NonNullable<T[K]> } =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };

function serviceOf(source: Body): { tier?: string; latencyMode?: string; invokedModelId?: string } {
  const { serviceTier, performanceConfig, performanceConfigLatency, trace } = source;
  const tier = asString(asRecord(serviceTier)['type']) ?? asString(serviceTier);
  const latencyMode = asString(asRecord(performanceConfig)['latency']) ?? asString(performanceConfigLatency);
  const invokedModelId = asString(asRecord(asRecord(trace)['promptRouter'])['invokedModelId']);
  return {
    ...(tier === undefined ? {} : { tier }),
    ...(latencyMode === undefined ? {} : { latencyMode }),
    ...(invokedModelId === undefined ? {} : { invokedModelId }),
  };
}

/** Token-count headers of InvokeModel; every one is optional. */
function headerUsage(response: unknown): ReportedUsage | undefined {
  const headers = asRecord(asRecord(response)['headers']);
  const read = (name: string): number | undefined => {
    const value = headers[`x-amzn-bedrock-${name}-token-count`];
    return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : undefined;
  };
  const input = read('input');
  if (input === undefined) return undefined;
  return {
    input,
    output: read('output'),
    cacheRead: read('cache-read-input'),
    cacheWrite: read('cache-write-input'),
  };
}

/** Reads a whole answer. */
export function readWhole(view: RequestView, result: HandlerResult, model: Model): Reading {
  const before = readings.get(result.output);
  if (before !== undefined) return before;
  const output = result.output as Body;
  const { text, stopReason, usage } = isConverse(view)
    ? readConverseAnswer(output)
    : invokeAnswer(view, result);
  const reading: Reading = {
    ...(stopReason === undefined ? {} : { stopReason }),
    ...(usage === undefined ? {} : { usage: withUnits(view, normaliseUsage(usage, model)) }),
    ...serviceOf(output),
    text,
    complete: usage !== undefined,
  };
  readings.set(result.output, reading);
  return reading;
}

// The receipt reads an answer, and so may several levers.
const readings = new WeakMap<object, Reading>();

/** Images and the like are counted by the request, not by the answer. */
function withUnits(view: RequestView, { usage, certain }: NormalisedUsage): NormalisedUsage {
  const units = view instanceof InvokeView ? view.units : {};
  return { usage: Object.keys(units).length === 0 ? usage : { ...usage, units }, certain };
}

function invokeAnswer(
  view: RequestView,
  result: HandlerResult,
): { text: string; stopReason?: string | undefined; usage: ReportedUsage | undefined } {
  const headers = headerUsage(result.response);
  const body = view instanceof InvokeView ? readBody((result.output as Body)['body']) : undefined;
  if (body === undefined) return { text: '', usage: headers };
  const answer = (view as InvokeView).adapter.readAnswer(body);
  // The body alone splits cache writes by time to live; the header alone counts where bodies do not.
  return { ...answer, usage: answer.usage?.input === undefined ? headers : answer.usage };
}

/** Reads a stream chunk by chunk. */
export function streamReader(view: RequestView, result: HandlerResult, model: Model): StreamReader {
  const chunks = noChunks();
  let service = serviceOf(result.output as Body);
  let agrees = true;
  const read = isConverse(view)
    ? (event: Body): void => {
        readConverseEvent(event, chunks);
        if (event['metadata'] === undefined) return;
        service = { ...service, ...serviceOf(asRecord(event['metadata'])) };
        chunks.complete = chunks.usage !== undefined;
      }
    : (event: Body): void => {
        const body = readBody(asRecord(event['chunk'])['bytes']);
        if (body === undefined) return;
        if (view instanceof InvokeView) view.adapter.readChunk?.(body, chunks);
        const metrics = body['amazon-bedrock-invocationMetrics'];
        if (metrics === undefined) return;
        const counted = withMetrics(chunks.usage, asRecord(metrics));
        // Which of the two is billed is not known (Claude 3 with tools: 130 against 98).
        agrees =
          chunks.usage?.output === undefined || !chunks.complete || counted.output === chunks.usage.output;
        chunks.usage = counted;
        chunks.complete = true;
      };
  return {
    onChunk: (chunk) => read(asRecord(chunk)),
    reading: () => ({
      ...defined({
        stopReason: chunks.stopReason,
        usage:
          chunks.usage === undefined ? undefined : certainIf(agrees, normaliseUsage(chunks.usage, model)),
      }),
      ...service,
      text: chunks.text,
      complete: chunks.complete,
    }),
  };
}

const certainIf = (agrees: boolean, { usage, certain }: NormalisedUsage): NormalisedUsage => ({
  usage,
  certain: certain && agrees,
});

/** Bedrock's own count at the end of a stream; what it leaves out stays as the model reported it. */
function withMetrics(usage: ReportedUsage | undefined, metrics: Body): ReportedUsage {
  const input = asNumber(metrics['inputTokenCount']);
  const counted = {
    output: asNumber(metrics['outputTokenCount']) ?? usage?.output,
    cacheRead: asNumber(metrics['cacheReadInputTokenCount']) ?? usage?.cacheRead,
    cacheWrite: asNumber(metrics['cacheWriteInputTokenCount']) ?? usage?.cacheWrite,
  };
  if (input === undefined) return { ...usage, ...counted };
  // A sum was the model's own and need not be that of these counts.
  const { total: _, inclusive, ...rest } = usage ?? {};
  // Where the body says that its count is inclusive, an equal count is too, and a smaller one is not.
  return { ...rest, ...counted, input, ...(inclusive === true ? { inclusive: input === usage?.input } : {}) };
}
