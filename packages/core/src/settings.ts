import { checkOverrides, type PriceOverride } from '@costkit/pricing';
import type { Calibration } from '@costkit/tokens';
import { type Clock, systemClock } from './clock.js';
import { checkOptions, isFunction, isObject, type OptionCheck } from './options.js';
import type { Tags } from './receipt.js';

/** What every lever on a client shares. */
export interface CoreSettings {
  /** @defaultValue {@link systemClock} */
  readonly clock: Clock;
  /** The client's Region; a derived client says it by itself. @defaultValue `AWS_REGION` of the environment */
  readonly region: () => Promise<string | undefined>;
  /**
   * Models behind ARNs that do not name their model: application inference profiles, provisioned throughput, custom
   * deployments, prompts. ARN to model id, profile or further ARN, as `bedrockLookup` of `@costkit/pricing` finds them.
   * Read once per object: change a copy. @defaultValue none
   */
  readonly models: Readonly<Record<string, string>>;
  /** Negotiated prices. @defaultValue none */
  readonly priceOverrides: readonly PriceOverride[];
  /** Added to every call's tags; the call's own win. @defaultValue none */
  readonly tags: Tags;
  /**
   * Names of tags that are written to `requestMetadata`, so that they reach the account's invocation logs.
   * @defaultValue none
   */
  readonly metadataTags: readonly string[];
  /**
   * Names of tags whose values are hashed (SHA-256, 32 hexadecimal digits) before they are written to
   * `requestMetadata`. @defaultValue none
   */
  readonly hashedTags: readonly string[];
  /**
   * What is known of each model's tokens: every complete response teaches it, and estimates follow. Share one between
   * clients, and give it a store where cold starts are to begin warm. @defaultValue one for each client
   */
  readonly calibration: Calibration | undefined;
}

const isTexts: OptionCheck = (value) =>
  Array.isArray(value) && value.every((one) => typeof one === 'string')
    ? undefined
    : 'must be an array of texts';

const isTextByName: OptionCheck = (value) =>
  isObject(value) ??
  (Object.values(value as object).every((one) => typeof one === 'string')
    ? undefined
    : 'must have texts as values');

const isClock: OptionCheck = (value) => {
  const { now, monotonicMs } = (value ?? {}) as Partial<Clock>;
  return typeof now === 'function' && typeof monotonicMs === 'function'
    ? undefined
    : 'must have the methods now and monotonicMs';
};

/**
 * Checks settings when they are given, not at the first call.
 *
 * @throws `InvalidOptionError` for a setting that is unknown or wrong.
 */
export function checkSettings(settings: Partial<CoreSettings>): void {
  checkOptions<Partial<CoreSettings>>('core', settings, {
    clock: isClock,
    region: isFunction,
    models: isTextByName,
    priceOverrides: (value) => (Array.isArray(value) ? undefined : 'must be an array'),
    tags: isTextByName,
    metadataTags: isTexts,
    hashedTags: isTexts,
    calibration: isObject,
  });
  if (settings.priceOverrides !== undefined) checkOverrides(settings.priceOverrides);
}

/** The settings of a plugin that stands alone. */
export const DEFAULT_SETTINGS: CoreSettings = {
  clock: systemClock,
  region: () => Promise.resolve(process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION']),
  models: {},
  priceOverrides: [],
  tags: {},
  metadataTags: [],
  hashedTags: [],
  calibration: undefined,
};
