import {
  type BedrockClientLike,
  type BedrockPlugin,
  type CoreSettings,
  checkOptions,
  deriveClient,
  isArray,
  isMode,
  isObject,
  type LeverMode,
  type OptionCheck,
  settingsPlugin,
} from '@costkit/core';
import { type MeterOptions, meterPlugin, type SharedMeter } from '@costkit/meter';

const outputLimitPlugin: any = () => undefined;

import { promptCachePlugin } from '@costkit/prompt-cache';
import { type RouterPlugin, routerPlugin } from '@costkit/router';
import type { CostkitConfig } from './costkit-config.js';

const RANK: Readonly<Record<LeverMode, number>> = { off: 0, observe: 1, enforce: 2 };

/** The lesser of two modes. */
function atMost(limit: LeverMode, mode: LeverMode): LeverMode {
  return RANK[mode] <= RANK[limit] ? mode : limit;
}

const isLeverOptions: OptionCheck = (value) => (value === false ? undefined : isObject(value));

function checkConfig(config: CostkitConfig): void {
  checkOptions<CostkitConfig>('costkit', config, {
    mode: isMode,
    router: isLeverOptions,
    promptCache: isLeverOptions,
    outputLimit: isLeverOptions,
    meter: isLeverOptions,
    tags: isObject,
    metadataTags: isArray,
    hashedTags: isArray,
    models: isObject,
    priceOverrides: isArray,
    clock: isObject,
  });
}

/** What all levers share, as far as the configuration says anything about it. */
function settingsOf(config: CostkitConfig): Partial<CoreSettings> {
  const { tags, metadataTags, hashedTags, models, priceOverrides, clock } = config;
  const given = { tags, metadataTags, hashedTags, models, priceOverrides, clock };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function meterOf(
  meter: MeterOptions | SharedMeter | undefined,
  limit: LeverMode,
  router: RouterPlugin | undefined,
): BedrockPlugin {
  if (meter !== undefined && 'meter' in meter) return meterPlugin(meter);
  const options: MeterOptions = meter ?? { breaker: {}, mode: 'observe' };
  return meterPlugin({
    ...(router === undefined ? {} : { ladder: router.ladder }),
    ...options,
    mode: atMost(limit, options.mode ?? 'enforce'),
  });
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
  const {
    mode: limit = 'enforce',
    router = false,
    promptCache = {},
    outputLimit = { mode: 'observe' },
    meter,
  } = config;
  const routing =
    router === false ? undefined : routerPlugin({ ...router, mode: atMost(limit, router.mode ?? 'enforce') });
  const plugins: readonly (BedrockPlugin | false | undefined)[] = [
    settingsPlugin(settingsOf(config)),
    meter !== false && meterOf(meter, limit, routing),
    routing,
    promptCache !== false &&
      promptCachePlugin({ ...promptCache, mode: atMost(limit, promptCache.mode ?? 'enforce') }),
    outputLimit !== false &&
      outputLimitPlugin({ ...outputLimit, mode: atMost(limit, outputLimit.mode ?? 'enforce') }),
  ];
  return deriveClient(client, ...plugins.filter((plugin) => plugin !== false && plugin !== undefined));
}
