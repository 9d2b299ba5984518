import type { Certainty } from '@costkit/pricing';
import type { Usd } from './plan.js';

/** Prices of vector stores, in dollars. An absent one is unknown: the store then has no total. */
export interface VectorStorePrices {
  /** S3 Vectors. */
  readonly s3Vectors?: S3VectorsPrices;
  /** OpenSearch Serverless. */
  readonly openSearchServerless?: OpenSearchServerlessPrices;
  /** Aurora Serverless v2 with PostgreSQL and pgvector. */
  readonly auroraPostgresql?: AuroraPrices;
}

/** Prices of S3 Vectors. */
export interface S3VectorsPrices {
  /** Storage of vectors, keys and metadata. */
  readonly usdPerGbMonth?: Usd;
  /** Writing; a request counts as at least 128 KB. */
  readonly usdPerPutGb?: Usd;
  /** Query requests. */
  readonly usdPerMillionQueries?: Usd;
  /** Data processed by queries, per TB of the first 100,000 vectors of an index. */
  readonly usdPerTbOfFirstVectors?: Usd;
  /** Data processed by queries, per TB of all further vectors of an index. */
  readonly usdPerTbOfFurtherVectors?: Usd;
}

/** Prices of OpenSearch Serverless. */
export interface OpenSearchServerlessPrices {
  /** One compute unit for an hour. */
  readonly usdPerOcuHour?: Usd;
  /** Storage. */
  readonly usdPerGbMonth?: Usd;
}

/** Prices of Aurora Serverless v2. */
export interface AuroraPrices {
  /** One capacity unit for an hour. */
  readonly usdPerAcuHour?: Usd;
  /** Storage. */
  readonly usdPerGbMonth?: Usd;
  /** Reads and writes of storage. */
  readonly usdPerMillionIo?: Usd;
}

/** One price with where it was read. */
export interface SourcedPrice {
  readonly usd: string;
  readonly source: string;
  readonly certainty: Certainty;
}

const row = (usd: string, source: string, certainty: Certainty): SourcedPrice => ({ usd, source, certainty });

const S3_SOURCE = 'exploreagentic.ai, caylent.com, dev.classmethod.jp of 2026-06-16';
const PROCESSED_SOURCE =
  'reproduces the example of $11.38 on the AWS pricing page as quoted in 2026; before the cut of 2026-06-16 for more than 10 million vectors, so an upper bound there';
const OCU_SOURCE = 'darryl-ruggles.cloud, ercanermis.com, dev.to, read in 2026-11';

/** The Region for which prices are known. */
export const PRICED_REGION = 'us-east-1';

/** What sources say for us-east-1. No source here is AWS's own price list. */
export const VECTOR_STORE_PRICES: {
  readonly s3Vectors: Readonly<Record<keyof S3VectorsPrices, SourcedPrice>>;
  readonly openSearchServerless: Readonly<Record<keyof OpenSearchServerlessPrices, SourcedPrice>>;
  readonly auroraPostgresql: Readonly<Record<keyof AuroraPrices, SourcedPrice>>;
} = {
  s3Vectors: {
    usdPerGbMonth: row('0.06', S3_SOURCE, 'third-party'),
    usdPerPutGb: row('0.2', S3_SOURCE, 'third-party'),
    usdPerMillionQueries: row('2.5', S3_SOURCE, 'third-party'),
    usdPerTbOfFirstVectors: row('0.004', PROCESSED_SOURCE, 'assumed'),
    usdPerTbOfFurtherVectors: row('0.002', PROCESSED_SOURCE, 'assumed'),
  },
  openSearchServerless: {
    usdPerOcuHour: row('0.24', OCU_SOURCE, 'third-party'),
    usdPerGbMonth: row('0.024', 'c3x.dev, read in 2026-11', 'third-party'),
  },
  auroraPostgresql: {
    usdPerAcuHour: row('0.12', 'awsnegotiations.com of 2026-05, c3x.dev, read in 2026-11', 'third-party'),
    usdPerGbMonth: row('0.1', 'awsnegotiations.com of 2026-05', 'third-party'),
    usdPerMillionIo: row('0.2', 'jusdb.com, read in 2026-11', 'third-party'),
  },
};
