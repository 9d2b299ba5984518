import {
  type BedrockClientLike,
  type BedrockPlugin,
  checkOptions,
  deriveClient,
  InvalidOptionError,
} from '@costkit/core';
import { hasMethods } from './has-methods.js';
import { createMeter, type Meter } from './meter.js';
import type { MeterOptions } from './meter-options.js';

/** A meter that exists already, to be shared by several clients. */
export interface SharedMeter {
  /** Made by {@link createMeter}. */
  readonly meter: Meter;
}

/**
 * The meter as a plugin of the AWS SDK.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * client.middlewareStack.use(meterPlugin({ sinks: [jsonlSink('receipts.jsonl')] }));
 * ```
 */
export function meterPlugin(options: MeterOptions | SharedMeter = {}): BedrockPlugin {
  if (!('meter' in options)) return createMeter(options).plugin;
  checkOptions<SharedMeter>('meter', options, { meter: hasMethods('report', 'remaining', 'record') });
  if (options.meter === undefined) throw new InvalidOptionError('meter', 'meter', 'is missing');
  return options.meter.plugin;
}

/**
 * Returns a client whose calls are counted, and held within budgets. The client passed in stays as it is; both
 * share their connections.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 * @throws `AlreadyAppliedError` when the client has a meter.
 *
 * @example
 * ```ts
 * const meter = createMeter();
 * const client = withMeter(new BedrockRuntimeClient({}), { meter });
 * await client.send(command);
 * String(meter.report().total.cost);
 * ```
 */
export function withMeter<C extends BedrockClientLike>(
  client: C,
  options: MeterOptions | SharedMeter = {},
): C {
  return deriveClient(client, meterPlugin(options));
}
