import { batchPlugin } from '@costkit/batch';
import {
  type BedrockClientLike,
  type BedrockPlugin,
  type CoreSettings,
  checkOptions,
  deriveClient,
  InvalidOptionError,
  isArray,
  isMode,
  isObject,
  type LeverMode,
  type OptionCheck,
  type ProfileMap,
  settingsPlugin,
} from '@costkit/core';
import { createMeter, type Meter, type MeterOptions, meterPlugin, type SharedMeter } from '@costkit/meter';
import { outputLimitPlugin } from '@costkit/output-limiter';
import { responseCachePlugin } from '@costkit/output-limiter/response-cache';
import { promptCachePlugin } from '@costkit/prompt-cache';
import { routerPlugin } from '@costkit/router';
import type { CostkitConfig } from './costkit-config.js';

const RANK: Readonly<Record<LeverMode, number>> = { off: 0, observe: 1, enforce: 2 };

/** The lesser of two modes. */
function atMost(limit: LeverMode, mode: LeverMode): LeverMode {
  return RANK[mode] <= RANK[limit] ? mode : limit;
}

const isLeverOptions: OptionCheck = (value) => (value === false ? undefined : isObject(value));

/** What prices calls through profiles; the router asks for the rest. */
const isProfiles: OptionCheck = (value) =>
  isObject((value as ProfileMap | null)?.models) === undefined
    ? undefined
    : 'must be what profileMap of @costkit/meter/profiles returns';

function checkConfig(config: CostkitConfig): void {
  checkOptions<CostkitConfig>('costkit', config, {
    mode: isMode,
    router: isLeverOptions,
    promptCache: isLeverOptions,
    outputLimit: isLeverOptions,
    responseCache: isLeverOptions,
    meter: isLeverOptions,
    batch: isLeverOptions,
    tags: isObject,
    metadataTags: isArray,
    hashedTags: isArray,
    models: isObject,
    profiles: isProfiles,
    priceOverrides: isArray,
    calibration: isObject,
    clock: isObject,
  });
  const { hashedTags = [], metadataTags = [] } = config;
  const unwritten = hashedTags.find((name) => !metadataTags.includes(name));
  if (unwritten !== undefined) {
    throw new InvalidOptionError(
      'costkit',
      'hashedTags',
      `names "${String(unwritten)}", which is written nowhere; name it in metadataTags, too`,
    );
  }
}

/** What all levers share, as far as the configuration says anything about it. */
function settingsOf(config: CostkitConfig): Partial<CoreSettings> {
  const { tags, metadataTags, hashedTags, profiles, priceOverrides, calibration, clock } = config;
  const models = profiles === undefined ? config.models : { ...profiles.models, ...config.models };
  const given = { tags, metadataTags, hashedTags, models, priceOverrides, calibration, clock };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The meter that counts for a client, so that `meterOf` finds it, and how it is put there. */
function meterFor(
  meter: MeterOptions | SharedMeter,
  limit: LeverMode,
  wiring: Pick<MeterOptions, 'ladder' | 'queue'>,
): { readonly meter: Meter; readonly plugin: BedrockPlugin } {
  if (!('meter' in meter)) {
    const mode = atMost(limit, meter.mode ?? 'enforce');
    const { breaker } = meter;
    const own = createMeter({
      ...wiring,
      ...meter,
      mode,
      ...(breaker?.mode === undefined ? {} : { breaker: { ...breaker, mode: atMost(limit, breaker.mode) } }),
    });
    return { meter: own, plugin: own.plugin };
  }
  // Checks it, too.
  meterPlugin(meter);
  if (limit === 'observe' && meter.meter.enforces) {
    throw new InvalidOptionError(
      'costkit',
      'mode',
      'is "observe", and cannot hold back a meter that exists and enforces; create that with mode: "observe"',
    );
  }
  return { meter: meter.meter, plugin: meter.meter.pluginWith(wiring) };
}

/** Without options the meter counts and watches for loops, and stops nothing. */
const OBSERVING_METER: MeterOptions = { breaker: {}, mode: 'observe' };

const meters = new WeakMap<object, Meter>();

/**
 * The meter of a client that {@link costkit} returned; `undefined` when it has none.
 *
 * @example
 * ```ts
 * meterOf(client)?.report({ by: ['feature', 'servedModel'] }).rows;
 * ```
 */
export function meterOf(client: object): Meter | undefined {
  return meters.get(client);
}

/**
 * Puts every costkit lever around the client you have: the same commands, the same types back, the same streams,
 * and a receipt for every call. The client passed in stays as it is.
 *
 * Without a configuration it enforces what cannot change an answer (prompt-cache points that pay for themselves,
 * metering) and observes the rest.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong, and what each lever throws for its own.
 * @throws `AlreadyAppliedError` when the client carries costkit already.
 *
 * @example
 * ```ts
 * const client = costkit(new BedrockRuntimeClient({ region: 'us-east-1' }));
 * const output = await client.send(new ConverseCommand({ modelId, messages }));
 * String(receiptOf(output)?.cost); // "$0.0042"
 * ```
 */
export function costkit<C extends BedrockClientLike>(client: C, config: CostkitConfig = {}): C {
  checkConfig(config);
  const { mode: limit = 'enforce', router = false, batch = false, meter = OBSERVING_METER } = config;
  const { promptCache = {}, outputLimit = { mode: 'observe' }, responseCache = false } = config;
  const limited = <O extends { readonly mode?: LeverMode }>(
    options: O,
  ): O & { readonly mode: LeverMode } => ({
    ...options,
    mode: atMost(limit, options.mode ?? 'enforce'),
  });
  const { profiles } = config;
  const routing =
    router === false
      ? undefined
      : routerPlugin(limited(profiles === undefined ? router : { profiles, ...router }));
  const batching = batch === false ? undefined : batchPlugin(limited(batch));
  const metering =
    meter === false
      ? undefined
      : meterFor(meter, limit, {
          ...(routing === undefined ? {} : { ladder: routing.ladder }),
          ...(batching === undefined ? {} : { queue: batching.queue }),
        });
  const plugins: readonly (BedrockPlugin | undefined)[] = [
    settingsPlugin(settingsOf(config)),
    // A meter that exists has a mode of its own, which "off" does not reach.
    limit === 'off' ? undefined : metering?.plugin,
    routing,
    batching,
    promptCache === false ? undefined : promptCachePlugin(limited(promptCache)),
    outputLimit === false ? undefined : outputLimitPlugin(limited(outputLimit)),
    responseCache === false ? undefined : responseCachePlugin(limited(responseCache)),
  ];
  const derived = deriveClient(client, ...plugins.filter((plugin) => plugin !== undefined));
  if (metering !== undefined) meters.set(derived, metering.meter);
  return derived;
}
