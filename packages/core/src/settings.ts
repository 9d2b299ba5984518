import type { PriceOverride } from '@costkit/pricing';
import { type Clock, systemClock } from './clock.js';
import type { Tags } from './receipt.js';

/** What every lever on a client shares. */
export interface CoreSettings {
  readonly clock: Clock;
  /** The client's Region. */
  readonly region: () => Promise<string | undefined>;
  /** Models behind ids and ARNs that do not name their model, e.g. application inference profiles. */
  readonly models: Readonly<Record<string, string>>;
  readonly priceOverrides: readonly PriceOverride[];
  /** Added to every call's tags; the call's own win. */
  readonly tags: Tags;
  /** Names of tags that are written to `requestMetadata`, so that they reach the account's invocation logs. */
  readonly metadataTags: readonly string[];
  /** Names of tags whose values are hashed before they are written to `requestMetadata`. */
  readonly hashedTags: readonly string[];
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
};
