import {
  isArray,
  isBoolean,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
  type OptionChecks,
} from '@costkit/core';
import { check, checkEach, isCount, isPositiveNumber, isUsd, isWholeCount, requireFields } from './checks.js';
import type {
  AuroraPrices,
  OpenSearchServerlessPrices,
  S3VectorsPrices,
  VectorStorePrices,
} from './vector-store-prices.js';

/** How a component of a vector is stored. */
export type VectorType = 'float32' | 'float16' | 'int8' | 'binary';

/** What `vectorStoreCost` is asked. */
export interface VectorStoreOptions {
  /** Vectors at rest. */
  readonly vectors: number;
  /** Components of a vector. */
  readonly dimensions: number;
  /** How a component is stored. @defaultValue `"float32"` */
  readonly type?: VectorType;
  /** Bytes of key and filterable metadata of a vector. @defaultValue 200 */
  readonly metadataBytes?: number;
  /** Bytes that are stored with a vector but not filtered by, e.g. its text. @defaultValue 0 */
  readonly payloadBytes?: number;
  /** Queries in a month. */
  readonly queriesPerMonth: number;
  /** Share of the vectors that is written anew in a month. @defaultValue 0 */
  readonly churnPerMonth?: number;
  /** Vectors in one write request. @defaultValue 500, the most that S3 Vectors takes */
  readonly vectorsPerPut?: number;
  /** Indexes that the vectors are spread over; a query searches one. @defaultValue 1 */
  readonly indexes?: number;
  /** Queries in the busiest second. @defaultValue no capacity for queries is planned */
  readonly peakQueriesPerSecond?: number;
  /** Queries a second that one OCU, or one ACU, answers; measure it. @defaultValue unknown: sized by memory alone */
  readonly queriesPerSecondPerUnit?: number;
  /** A second copy in another Availability Zone, for the stores that bill it. @defaultValue true */
  readonly redundant?: boolean;
  /** OpenSearch Serverless NextGen, which goes to zero when idle: hours a month in which it is awake. @defaultValue 730 */
  readonly awakeHoursPerMonth?: number;
  /** Region. @defaultValue `"us-east-1"`, the only one whose prices are known */
  readonly region?: string;
  /** Prices that win over the known ones; needed in other Regions. @defaultValue none */
  readonly prices?: VectorStorePrices;
  /** What you have measured of smaller vectors. @defaultValue unknown */
  readonly recall?: readonly MeasuredRecall[];
}

/** A difference of recall, in shares, with its 95 % interval. */
export interface RecallChange {
  readonly low: number;
  readonly expected: number;
  readonly high: number;
}

/** Recall of one shape of vectors on your own queries. */
export interface MeasuredRecall {
  /** Components of a vector. */
  readonly dimensions: number;
  /** How a component is stored. */
  readonly type: VectorType;
  /** Share of the true neighbours that are found. */
  readonly recall: number;
  /** Low end of its 95 % interval. @defaultValue unknown */
  readonly low?: number;
  /** High end of its 95 % interval. @defaultValue unknown */
  readonly high?: number;
  /** Questions that were asked. @defaultValue unknown */
  readonly questions?: number;
  /** Recall less that of the vectors as they are, question by question; below 0 for a loss. @defaultValue unknown */
  readonly change?: RecallChange;
  /** Where it was measured. */
  readonly source: string;
}

const isVectorType = isOneOf('float32', 'float16', 'int8', 'binary');

const OPTIONS: OptionChecks<VectorStoreOptions> = {
  vectors: isWholeCount,
  dimensions: isPositiveInteger,
  type: isVectorType,
  metadataBytes: isWholeCount,
  payloadBytes: isWholeCount,
  queriesPerMonth: isCount,
  churnPerMonth: isCount,
  vectorsPerPut: isPositiveInteger,
  indexes: isPositiveInteger,
  peakQueriesPerSecond: isCount,
  queriesPerSecondPerUnit: isPositiveNumber,
  redundant: isBoolean,
  awakeHoursPerMonth: (value) =>
    isCount(value) ?? ((value as number) <= 730 ? undefined : 'must be at most 730'),
  region: isText,
  prices: isObject,
  recall: isArray,
};
const PRICES: OptionChecks<VectorStorePrices> = {
  s3Vectors: isObject,
  openSearchServerless: isObject,
  auroraPostgresql: isObject,
};
const S3: OptionChecks<S3VectorsPrices> = {
  usdPerGbMonth: isUsd,
  usdPerPutGb: isUsd,
  usdPerMillionQueries: isUsd,
  usdPerTbOfFirstVectors: isUsd,
  usdPerTbOfFurtherVectors: isUsd,
};
const OPEN_SEARCH: OptionChecks<OpenSearchServerlessPrices> = { usdPerOcuHour: isUsd, usdPerGbMonth: isUsd };
const AURORA: OptionChecks<AuroraPrices> = {
  usdPerAcuHour: isUsd,
  usdPerGbMonth: isUsd,
  usdPerMillionIo: isUsd,
};
const RECALL: OptionChecks<MeasuredRecall> = {
  dimensions: isPositiveInteger,
  type: isVectorType,
  recall: isShare,
  low: isShare,
  high: isShare,
  questions: isPositiveInteger,
  change: isObject,
  source: isText,
};

/** @throws InvalidOptionError before anything is computed */
export function checkVectorStore(options: VectorStoreOptions): void {
  check(options, OPTIONS);
  requireFields(options, ['vectors', 'dimensions', 'queriesPerMonth']);
  const { prices, recall = [] } = options;
  if (prices !== undefined) {
    check(prices, PRICES, 'prices.');
    if (prices.s3Vectors !== undefined) check(prices.s3Vectors, S3, 'prices.s3Vectors.');
    if (prices.openSearchServerless !== undefined) {
      check(prices.openSearchServerless, OPEN_SEARCH, 'prices.openSearchServerless.');
    }
    if (prices.auroraPostgresql !== undefined)
      check(prices.auroraPostgresql, AURORA, 'prices.auroraPostgresql.');
  }
  checkEach(recall, RECALL, 'recall');
  for (const [index, measured] of recall.entries()) {
    requireFields(measured, ['dimensions', 'type', 'recall', 'source'], `recall[${index}].`);
  }
}
