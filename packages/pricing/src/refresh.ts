/**
 * Reads AWS's own price sources and compares them with the catalogue: what `costkit price refresh` does.
 * @module
 */
export {
  type AgreementClientLike,
  type AgreementCommands,
  type AgreementOffersOptions,
  agreementOffers,
} from './refresh/agreement-offers.js';
export { type BulkPriceListOptions, bulkPriceList } from './refresh/bulk-price-list.js';
export type { PriceConflict, UnknownPrices } from './refresh/collect-listing.js';
export { PriceSourceError } from './refresh/errors.js';
export { type ModelNames, modelNames } from './refresh/model-names.js';
export { offerFiles } from './refresh/offer-files.js';
export type { PriceChange, RateChange } from './refresh/price-change.js';
export type { PriceDocument, PriceItem, PriceSource, PriceSourceProgress } from './refresh/price-source.js';
export {
  type PricingClientLike,
  type PricingCommands,
  type QueriedPriceListOptions,
  queriedPriceList,
} from './refresh/queried-price-list.js';
export { type PriceRefresh, type RefreshOptions, refreshPrices } from './refresh/refresh-prices.js';
export { regionOfCode } from './refresh/region-codes.js';
export { type Meter, readUsageType } from './refresh/usage-type.js';
