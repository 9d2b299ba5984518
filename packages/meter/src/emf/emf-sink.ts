import { checkOptions, InvalidOptionError, isArray, isPositiveInteger, type Receipt } from '@costkit/core';
import { type Dimension, fixedDimensions, tagValue } from '../dimensions.js';
import { hasMethods } from '../has-methods.js';
import { isNames } from '../is-names.js';
import type { Sink } from '../sink.js';
import { boundedValues } from './bounded-values.js';
import { EMF_METRICS, type EmfMetric, metricsOf } from './emf-metrics.js';

/** What {@link emfSink} takes. */
export interface EmfSinkOptions {
  /** The namespace of the metrics in CloudWatch. @defaultValue `"costkit"` */
  readonly namespace?: string;
  /**
   * Sets of dimensions, each a list of tag names and of `model`, `servedModel`, `operation`, `mode`, `scope` and
   * `region`; an empty set is the sum over all calls. Every combination of values in a set is a metric of its own,
   * which CloudWatch bills.
   *
   * @defaultValue `[[], ['servedModel']]`
   */
  readonly dimensions?: readonly (readonly Dimension[])[];
  /** Values that each dimension may have in this process; all others become `(other)`. @defaultValue 20 */
  readonly maxValues?: number;
  /**
   * The only values of a dimension, e.g. `{ feature: ['chat', 'search'] }`: a bound that holds for all processes
   * together, where `maxValues` holds for each.
   *
   * @defaultValue the first `maxValues` of each dimension
   */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /** The metrics to write. @defaultValue all */
  readonly metrics?: readonly EmfMetric[];
  /**
   * Names of tags that go into the line, to be searched for with Logs Insights, without becoming dimensions.
   *
   * @defaultValue none
   */
  readonly propertyTags?: readonly string[];
  /** Where the lines go. @defaultValue `process.stdout`, which Lambda sends to CloudWatch Logs */
  readonly stream?: NodeJS.WritableStream;
}

/** Limits of the format [CloudWatch: Specification: Embedded metric format]. */
const MAX_DIMENSIONS = 30;
const MAX_NAME_LENGTH = 255;
/** A log event of CloudWatch took 256 KB until April 2025, and takes 1 MB since. */
const MAX_BYTES = 262_144;

/** Members of a line that no dimension may hide. */
const RESERVED: ReadonlySet<string> = new Set([
  '_aws',
  'receipt',
  'day',
  'hour',
  'month',
  ...Object.keys(EMF_METRICS),
]);

const isName = (value: unknown): boolean =>
  typeof value === 'string' &&
  /^(?!:)[\x20-\x7e]+$/.test(value) &&
  value.trim() !== '' &&
  value.length <= MAX_NAME_LENGTH;

function dimensionsProblem(sets: unknown): string | undefined {
  if (!Array.isArray(sets) || sets.length === 0) return 'must be a list of sets of dimensions, at least one';
  for (const set of sets) {
    if (!Array.isArray(set)) return 'must be a list of lists, e.g. [["feature"], ["feature", "servedModel"]]';
    if (set.length > MAX_DIMENSIONS) return `must hold at most ${MAX_DIMENSIONS} dimensions in a set`;
    const wrong = set.find((name) => !isName(name) || RESERVED.has(name as string));
    if (wrong !== undefined)
      return `must hold names in ASCII that are not ${[...RESERVED].join(', ')}; "${wrong}" is none`;
  }
  return undefined;
}

const isValues = (value: unknown): string | undefined =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((values) => isNames(values) === undefined)
    ? undefined
    : 'must have a list of values for each dimension';

function checkEmfOptions(options: EmfSinkOptions): void {
  checkOptions<EmfSinkOptions>('meter', options, {
    namespace: (value) =>
      isName(value) && !(value as string).startsWith('AWS/')
        ? undefined
        : 'must be a text in ASCII of at most 255 characters that does not begin with "AWS/"',
    dimensions: dimensionsProblem,
    maxValues: isPositiveInteger,
    values: isValues,
    metrics: (value) =>
      isArray(value) ??
      ((value as unknown[]).length > 0 &&
      (value as unknown[]).every((name) => Object.hasOwn(EMF_METRICS, name as string))
        ? undefined
        : `must hold some of ${Object.keys(EMF_METRICS).join(', ')}`),
    propertyTags: isNames,
    stream: hasMethods('write'),
  });
  const { dimensions = [], values = {} } = options;
  const stray = Object.keys(values).find((name) => !dimensions.some((set) => set.includes(name)));
  if (stray !== undefined)
    throw new InvalidOptionError('meter', `values.${stray}`, 'is no dimension of "dimensions"');
}

/**
 * Makes what resolves once the stream has taken a text. A stream that fails must not end the process, as it would where
 * nobody listens for that.
 */
function writerTo(stream: NodeJS.WritableStream): (text: string) => Promise<void> {
  const heard = (): void => undefined;
  let writing = 0;
  const done = (): void => {
    writing -= 1;
    if (writing === 0) stream.removeListener('error', heard);
  };
  return (text) =>
    new Promise((resolve, reject) => {
      if (writing === 0) stream.on('error', heard);
      writing += 1;
      stream.write(text, (error) => {
        // The stream tells its listeners after this.
        setImmediate(done);
        if (error === undefined || error === null) resolve();
        else reject(error);
      });
    });
}

/**
 * Writes a line in CloudWatch's embedded metric format for every call. From Lambda's standard output CloudWatch makes
 * metrics of it, without an agent and without a request; elsewhere the CloudWatch agent does.
 *
 * The number of metrics is bounded: dimensions are those that are named, each with so many values, then `(other)`. Wait
 * for `meter.flush()` before a handler returns: Lambda freezes the process then.
 *
 * @throws `InvalidOptionError` for options that are unknown, wrong or beyond the limits of the format.
 *
 * @example
 * ```ts
 * import { emfSink } from '@costkit/meter/emf';
 *
 * const meter = createMeter({ sinks: [emfSink({ dimensions: [['feature'], ['feature', 'servedModel']] })] });
 *
 * export async function handler(event) {
 *   try {
 *     return await answer(event);
 *   } finally {
 *     await meter.flush();
 *   }
 * }
 * ```
 */
export function emfSink(options: EmfSinkOptions = {}): Sink {
  checkEmfOptions(options);
  const { namespace = 'costkit', dimensions = [[], ['servedModel']], maxValues = 20, values = {} } = options;
  const { metrics = Object.keys(EMF_METRICS) as EmfMetric[], propertyTags = [] } = options;
  const { stream = process.stdout } = options;
  const dimensionNames = [...new Set(dimensions.flat())];
  const bounded = boundedValues(maxValues, values);
  const write = writerTo(stream);

  const lineOf = (receipt: Receipt, properties: object): string => {
    const fixed: Readonly<Record<string, string>> = fixedDimensions(receipt);
    const measured = metricsOf(receipt, metrics);
    return JSON.stringify({
      _aws: {
        Timestamp: receipt.startedAt.getTime() + Math.round(receipt.latencyMs),
        CloudWatchMetrics: [
          {
            Namespace: namespace,
            Dimensions: dimensions,
            Metrics: measured.map(({ name, unit }) => ({ Name: name, Unit: unit })),
          },
        ],
      },
      ...Object.fromEntries(
        dimensionNames.map((name) => [
          name,
          bounded(name, tagValue(fixed, name) ?? tagValue(receipt.tags, name)),
        ]),
      ),
      ...Object.fromEntries(measured.map(({ name, value }) => [name, value])),
      receipt: properties,
    });
  };

  const propertiesOf = (receipt: Receipt): object => {
    const { id, operation, requestedModel, servedModel, mode, stopReason, error } = receipt;
    const tags = Object.fromEntries(
      propertyTags.flatMap((name) => {
        const value = tagValue(receipt.tags, name);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    return { id, operation, requestedModel, servedModel, mode, stopReason, error, tags };
  };

  return {
    name: 'EMF sink',
    write: (receipt) => {
      const line = lineOf(receipt, propertiesOf(receipt));
      const fits = Buffer.byteLength(line) < MAX_BYTES;
      return write(`${fits ? line : lineOf(receipt, { id: receipt.id, tooLong: true })}\n`);
    },
  };
}
