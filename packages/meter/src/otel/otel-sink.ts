import { checkOptions, isBoolean, type Receipt } from '@costkit/core';
import { type Attributes, type MeterProvider, metrics, type Span, trace } from '@opentelemetry/api';
import { hasMethods } from '../has-methods.js';
import { isNames } from '../is-names.js';
import type { Sink } from '../sink.js';
import { otelMetrics } from './otel-metrics.js';
import { receiptAttributes } from './receipt-attributes.js';
import { spanTotals } from './span-totals.js';

/** What {@link otelSink} takes. */
export interface OtelSinkOptions {
  /** Where metrics go; those of the SDK are flushed with the meter. @defaultValue the global one */
  readonly meterProvider?: MeterProvider;
  /**
   * Names of tags that become attributes `costkit.tag.<name>`. Every combination of values is a series of each metric:
   * name tags of few values.
   *
   * @defaultValue none
   */
  readonly tagNames?: readonly string[];
  /** Writes attributes to the span that was active when the call was made. @defaultValue `true` */
  readonly spanAttributes?: boolean;
}

/** Calls on their way whose span is remembered; the oldest are forgotten, as streams that nobody reads are. */
const MAX_OPEN_CALLS = 10_000;

/**
 * Writes receipts as OpenTelemetry metrics, and as attributes of the span that was active when the call was made,
 * by the semantic conventions for generative AI. What these have no name for is called `costkit.…`: cost, saving,
 * cache-hit rate, tokens by the kind they are billed as. It makes no spans and holds neither prompts nor answers.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * import { otelSink } from '@costkit/meter/otel';
 *
 * const client = withMeter(bedrock, { sinks: [otelSink({ tagNames: ['feature'] })] });
 * ```
 */
export function otelSink(options: OtelSinkOptions = {}): Sink {
  checkOptions<OtelSinkOptions>('meter', options, {
    meterProvider: hasMethods('getMeter'),
    tagNames: isNames,
    spanAttributes: isBoolean,
  });
  const { meterProvider, tagNames = [], spanAttributes = true } = options;
  const spans = new Map<string, Span>();
  const writeToSpan = spanTotals();
  let recorder:
    | { readonly provider: MeterProvider; readonly record: ReturnType<typeof otelMetrics> }
    | undefined;

  // An application may register its provider after it has made its clients.
  const provider = (): MeterProvider => meterProvider ?? metrics.getMeterProvider();
  const recorderOf = (current: MeterProvider): NonNullable<typeof recorder> => {
    if (recorder?.provider !== current) recorder = { provider: current, record: otelMetrics(current) };
    return recorder;
  };

  const open = (callId: string): void => {
    const span = trace.getActiveSpan();
    if (span?.isRecording() !== true) return;
    spans.set(callId, span);
    if (spans.size <= MAX_OPEN_CALLS) return;
    const [oldest] = spans.keys();
    if (oldest !== undefined) spans.delete(oldest);
  };

  // A dozen recordings cost more than all else that a call pays: they wait until the call has its answer.
  const waiting: [Receipt, Attributes][] = [];
  let recording: Promise<void> | undefined;
  const recordAll = (): void => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
      recorderOf(provider()).record(...next);
  };
  const recordSoon = (): Promise<void> => {
    recording ??= new Promise<void>((resolve) => setImmediate(resolve)).then(recordAll).finally(() => {
      recording = undefined;
    });
    return recording;
  };

  return {
    name: 'OpenTelemetry sink',
    ...(spanAttributes ? { open } : {}),
    write: (receipt) => {
      const attributes = receiptAttributes(receipt, tagNames);
      waiting.push([receipt, attributes]);
      const span = spans.get(receipt.id);
      if (span !== undefined) {
        spans.delete(receipt.id);
        writeToSpan(span, receipt, attributes);
      }
      return recording === undefined ? recordSoon() : undefined;
    },
    flush: () => {
      recordAll();
      return (provider() as Partial<{ forceFlush(): Promise<void> }>).forceFlush?.();
    },
  };
}
