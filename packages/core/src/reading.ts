import type { CatalogueModel } from '@costkit/pricing';
import {
  type AnswerReading,
  asNumber,
  asRecord,
  asString,
  type Body,
  noChunks,
} from './dialects/dialect-adapter.js';
import { readConverseAnswer, readConverseEvent } from './dialects/nova.js';
import { guardrailUnits } from './guardrail-units.js';
import { readBody } from './invoke-body.js';
import { InvokeView } from './invoke-view.js';
import type { RequestView } from './request-view.js';
import type { ToolUse } from './response-view.js';
import type { HandlerResult } from './sdk.js';
import { type NormalisedUsage, normaliseUsage, type ReportedUsage } from './usage.js';

/** What an answer says about its own cost. */
export interface Reading {
  readonly usage: NormalisedUsage | undefined;
  readonly stopReason: string | undefined;
  /** Text that was seen; only its length matters, and only when no usage was reported. */
  readonly text: string;
  /** Whether the service said everything it had to say. */
  readonly complete: boolean;
  readonly tier: string | undefined;
  readonly latencyMode: string | undefined;
  readonly invokedModelId: string | undefined;
  /** The tools that a whole answer calls; `undefined` for streams, and for bodies that no view knows. */
  readonly toolUses: readonly ToolUse[] | undefined;
}

/** What is known of an attempt of which nothing was seen. */
export const NOTHING_READ: Reading = {
  usage: undefined,
  stopReason: undefined,
  text: '',
  complete: false,
  tier: undefined,
  latencyMode: undefined,
  invokedModelId: undefined,
  toolUses: undefined,
};

/** Reads a stream while it passes. */
export interface StreamReader {
  onChunk(chunk: object): void;
  reading(): Reading;
}

type Model = CatalogueModel | undefined;

const isConverse = (view: RequestView): boolean =>
  view.operation === 'Converse' || view.operation === 'ConverseStream';

type ServedBy = Pick<Reading, 'tier' | 'latencyMode' | 'invokedModelId'>;
type Units = Readonly<Record<string, number>>;

/** Under this name an InvokeModel body holds what Converse calls `trace`. */
const INVOKE_TRACE = 'amazon-bedrock-trace';

function guardrailOf(trace: unknown): Units | undefined {
  const { guardrail } = asRecord(trace);
  return guardrail === undefined ? undefined : guardrailUnits(guardrail);
}

function serviceOf(source: Body): ServedBy {
  const { serviceTier, performanceConfig, performanceConfigLatency, trace } = source;
  return {
    tier: asString(asRecord(serviceTier)['type']) ?? asString(serviceTier),
    latencyMode: asString(asRecord(performanceConfig)['latency']) ?? asString(performanceConfigLatency),
    invokedModelId: asString(asRecord(asRecord(trace)['promptRouter'])['invokedModelId']),
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

type WholeAnswer = Omit<AnswerReading, 'toolUses'> &
  Pick<Reading, 'toolUses'> & { readonly guardrail?: Units | undefined };

/** Reads a whole answer. */
export function readWhole(view: RequestView, result: HandlerResult, model: Model): Reading {
  const output = result.output as Body;
  const converse = isConverse(view);
  const answer: WholeAnswer = converse ? readConverseAnswer(output) : invokeAnswer(view, result);
  const { text, stopReason, usage, toolUses } = answer;
  const guardrail = converse ? guardrailOf(output['trace']) : answer.guardrail;
  const { tier, latencyMode, invokedModelId } = serviceOf(output);
  return {
    usage: usage === undefined ? undefined : withUnits(view, normaliseUsage(usage, model), guardrail),
    stopReason,
    text,
    complete: usage !== undefined,
    tier,
    latencyMode,
    invokedModelId,
    toolUses,
  };
}

/** Images and the like are counted by the request, not by the answer; a guardrail's units by the trace. */
function withUnits(
  view: RequestView,
  normalised: NormalisedUsage,
  guardrail: Units | undefined,
): NormalisedUsage {
  const requested = view instanceof InvokeView ? view.units : undefined;
  const units =
    requested === undefined || guardrail === undefined
      ? (requested ?? guardrail)
      : { ...requested, ...guardrail };
  if (units === undefined || Object.keys(units).length === 0) return normalised;
  return { usage: { ...normalised.usage, units }, certain: normalised.certain };
}

function invokeAnswer(view: RequestView, result: HandlerResult): WholeAnswer {
  const headers = headerUsage(result.response);
  const body = view instanceof InvokeView ? readBody((result.output as Body)['body']) : undefined;
  if (body === undefined) return { text: '', stopReason: undefined, usage: headers, toolUses: undefined };
  const answer = (view as InvokeView).adapter.readAnswer(body);
  return {
    ...answer,
    // The body alone splits cache writes by time to live; the header alone counts where bodies do not.
    usage: answer.usage?.input === undefined ? headers : answer.usage,
    guardrail: guardrailOf(body[INVOKE_TRACE]),
  };
}

/** Reads a stream chunk by chunk. */
export function streamReader(view: RequestView, result: HandlerResult, model: Model): StreamReader {
  const chunks = noChunks();
  let service = serviceOf(result.output as Body);
  let guardrail: Units | undefined;
  let agrees = true;
  const read = isConverse(view)
    ? (event: Body): void => {
        readConverseEvent(event, chunks);
        if (event['metadata'] === undefined) return;
        const metadata = asRecord(event['metadata']);
        service = latest(service, serviceOf(metadata));
        guardrail = guardrailOf(metadata['trace']);
        chunks.complete = chunks.usage !== undefined;
      }
    : (event: Body): void => {
        const body = readBody(asRecord(event['chunk'])['bytes']);
        if (body === undefined) return;
        if (view instanceof InvokeView) view.adapter.readChunk?.(body, chunks);
        guardrail = guardrailOf(body[INVOKE_TRACE]) ?? guardrail;
        const metrics = body['amazon-bedrock-invocationMetrics'];
        if (metrics === undefined) return;
        const counted =
          chunks.usage?.isSum === true ? chunks.usage : withMetrics(chunks.usage, asRecord(metrics));
        // Which of the two is billed is not known (Claude 3 with tools: 130 against 98).
        agrees =
          chunks.usage?.output === undefined || !chunks.complete || counted.output === chunks.usage.output;
        chunks.usage = counted;
        chunks.complete = true;
      };
  return {
    onChunk: (chunk) => read(asRecord(chunk)),
    reading: () => ({
      usage:
        chunks.usage === undefined
          ? undefined
          : withUnits(view, certainIf(agrees, normaliseUsage(chunks.usage, model)), guardrail),
      stopReason: chunks.stopReason,
      text: chunks.text,
      complete: chunks.complete,
      ...service,
      toolUses: undefined,
    }),
  };
}

/** What a later event says counts; what it leaves out stays. */
const latest = (before: ServedBy, now: ServedBy): ServedBy => ({
  tier: now.tier ?? before.tier,
  latencyMode: now.latencyMode ?? before.latencyMode,
  invokedModelId: now.invokedModelId ?? before.invokedModelId,
});

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
