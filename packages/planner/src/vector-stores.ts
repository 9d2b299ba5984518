import type { Money } from '@costkit/pricing';
import { HOURS_PER_MONTH } from './cached-request-cost.js';
import { moneyOf } from './checks.js';
import type { Usd } from './plan.js';
import { scaleMoney, sumOfKnown } from './scale-money.js';
import type { VectorStoreOptions, VectorType } from './vector-store-options.js';
import { PRICED_REGION, VECTOR_STORE_PRICES } from './vector-store-prices.js';

/** A place for vectors. */
export type VectorStoreName = keyof typeof VECTOR_STORE_PRICES;

/** One part of a store's bill. */
export interface StorePart {
  readonly name: string;
  /** Dollars a month; `undefined` when a price is unknown. */
  readonly amount: Money | undefined;
}

/** What one store costs in a month. */
export interface StoreCost {
  readonly store: VectorStoreName;
  readonly perMonth: Money | undefined;
  readonly parts: readonly StorePart[];
  /** OCUs or ACUs that are paid; 0 for S3 Vectors. */
  readonly units: number;
  /** Why the store cannot be taken, e.g. that it does not hold this type of vector. */
  readonly unsuitable?: string;
}

const GIB = 1024 ** 3;
const TIB = 1024 ** 4;
const BYTES: Readonly<Record<VectorType, number>> = { float32: 4, float16: 2, int8: 1, binary: 1 / 8 };
/** Types that a store holds: S3 Vectors float32 only; pgvector has `vector`, `halfvec` and `bit`. */
const TYPES: Readonly<Record<VectorStoreName, readonly VectorType[]>> = {
  s3Vectors: ['float32'],
  openSearchServerless: ['float32', 'float16', 'int8', 'binary'],
  auroraPostgresql: ['float32', 'float16', 'binary'],
};
export const STORES: readonly VectorStoreName[] = ['s3Vectors', 'openSearchServerless', 'auroraPostgresql'];

const LEAST_PUT_BYTES = 128 * 1024;
const DEFAULT_VECTORS_PER_PUT = 500;
const FIRST_VECTORS = 100_000;
const DEFAULT_METADATA_BYTES = 200;

/** Links of an HNSW graph node; the default of OpenSearch and pgvector. */
const GRAPH_LINKS = 16;
const OCU_BYTES = 6 * GIB;
const ACU_BYTES = 2 * GIB;
/** Share of the memory that the graph may take: `knn.memory.circuit_breaker.limit` of OpenSearch. */
const OCU_GRAPH_SHARE = 0.5;
/** Share of an ACU's memory that Aurora gives to its buffer. */
const ACU_BUFFER_SHARE = 0.75;
const LEAST_UNITS = 0.5;
/** Storage operations of one upsert into a table with an HNSW index. */
const IO_PER_UPSERT = 20;

interface Sizes {
  readonly vectorBytes: number;
  readonly metadataBytes: number;
  readonly payloadBytes: number;
  readonly graphBytes: number;
}

function sizesOf({ vectors, dimensions, type = 'float32', ...rest }: VectorStoreOptions): Sizes {
  const { metadataBytes = DEFAULT_METADATA_BYTES, payloadBytes = 0 } = rest;
  const vectorBytes = dimensions * BYTES[type];
  return {
    vectorBytes,
    metadataBytes,
    payloadBytes,
    // OpenSearch's own formula for the memory of a graph.
    graphBytes: 1.1 * (vectorBytes + 8 * GRAPH_LINKS) * vectors,
  };
}

/** The known prices as money; text is read once. */
const KNOWN: ReadonlyMap<string, Money> = new Map(
  STORES.flatMap((store) =>
    Object.entries(VECTOR_STORE_PRICES[store]).map(
      ([name, { usd }]) => [`${store}.${name}`, moneyOf(usd)] as const,
    ),
  ),
);

/** A price given by the caller, or else the known one of us-east-1. */
function priceOf(options: VectorStoreOptions, store: VectorStoreName, name: string): Money | undefined {
  const given = (options.prices?.[store] as Readonly<Record<string, Usd | undefined>> | undefined)?.[name];
  if (given !== undefined) return moneyOf(given);
  return (options.region ?? PRICED_REGION) === PRICED_REGION ? KNOWN.get(`${store}.${name}`) : undefined;
}

const times = (price: Money | undefined, count: number): Money | undefined =>
  price === undefined ? undefined : scaleMoney(price, count);

/** What a store costs in a month. */
export function storeCost(store: VectorStoreName, options: VectorStoreOptions): StoreCost {
  const type = options.type ?? 'float32';
  if (!TYPES[store].includes(type)) {
    return { store, perMonth: undefined, parts: [], units: 0, unsuitable: `holds no ${type} vectors` };
  }
  const sizes = sizesOf(options);
  const { parts, units } =
    store === 's3Vectors'
      ? s3Vectors(options, sizes)
      : store === 'openSearchServerless'
        ? openSearch(options, sizes)
        : aurora(options, sizes);
  return { store, perMonth: sumOfKnown(parts.map(({ amount }) => amount)), parts, units };
}

interface Priced {
  readonly parts: readonly StorePart[];
  readonly units: number;
}

function s3Vectors(options: VectorStoreOptions, { vectorBytes, metadataBytes, payloadBytes }: Sizes): Priced {
  const { vectors, queriesPerMonth, churnPerMonth = 0, indexes = 1 } = options;
  const perPut = options.vectorsPerPut ?? DEFAULT_VECTORS_PER_PUT;
  const price = (name: string): Money | undefined => priceOf(options, 's3Vectors', name);
  const stored = vectorBytes + metadataBytes + payloadBytes;
  const written = vectors * churnPerMonth;
  const putBytes = Math.max(written * stored, Math.ceil(written / perPut) * LEAST_PUT_BYTES);
  const inIndex = vectors / indexes;
  const first = Math.min(inIndex, FIRST_VECTORS);
  const processed = (count: number): number =>
    ((vectorBytes + metadataBytes) * count * queriesPerMonth) / TIB;
  return {
    units: 0,
    parts: [
      { name: 'storage', amount: times(price('usdPerGbMonth'), (vectors * stored) / GIB) },
      { name: 'writes', amount: times(price('usdPerPutGb'), putBytes / GIB) },
      { name: 'query requests', amount: times(price('usdPerMillionQueries'), queriesPerMonth / 1e6) },
      {
        name: 'data processed by queries',
        amount: sumOfKnown([
          times(price('usdPerTbOfFirstVectors'), processed(first)),
          times(price('usdPerTbOfFurtherVectors'), processed(inIndex - first)),
        ]),
      },
    ],
  };
}

/** Half a unit first, then whole ones, as OpenSearch Serverless scales. */
function wholeUnits(units: number): number {
  return units <= LEAST_UNITS ? LEAST_UNITS : Math.ceil(units);
}

function queryUnits({ peakQueriesPerSecond = 0, queriesPerSecondPerUnit }: VectorStoreOptions): number {
  return queriesPerSecondPerUnit === undefined ? 0 : peakQueriesPerSecond / queriesPerSecondPerUnit;
}

function openSearch(
  options: VectorStoreOptions,
  { vectorBytes, metadataBytes, payloadBytes, graphBytes }: Sizes,
): Priced {
  const { vectors, redundant = true, awakeHoursPerMonth = HOURS_PER_MONTH } = options;
  const memoryUnits = graphBytes / (OCU_BYTES * OCU_GRAPH_SHARE);
  const copies = redundant ? 2 : 1;
  const search = wholeUnits(Math.max(memoryUnits, queryUnits(options))) * copies;
  const indexing = wholeUnits(memoryUnits) * copies;
  const units = search + indexing;
  const stored = (vectors * (vectorBytes + metadataBytes + payloadBytes)) / GIB;
  return {
    units,
    parts: [
      {
        name: 'compute',
        amount: times(priceOf(options, 'openSearchServerless', 'usdPerOcuHour'), units * awakeHoursPerMonth),
      },
      { name: 'storage', amount: times(priceOf(options, 'openSearchServerless', 'usdPerGbMonth'), stored) },
    ],
  };
}

function aurora(
  options: VectorStoreOptions,
  { vectorBytes, metadataBytes, payloadBytes, graphBytes }: Sizes,
): Priced {
  const { vectors, redundant = true, churnPerMonth = 0 } = options;
  const needed = Math.max(LEAST_UNITS, graphBytes / (ACU_BYTES * ACU_BUFFER_SHARE), queryUnits(options));
  // Capacity comes in halves.
  const units = (Math.ceil(needed * 2) / 2) * (redundant ? 2 : 1);
  const stored = (vectors * (vectorBytes + metadataBytes + payloadBytes) + graphBytes) / GIB;
  const price = (name: string): Money | undefined => priceOf(options, 'auroraPostgresql', name);
  return {
    units,
    parts: [
      { name: 'compute', amount: times(price('usdPerAcuHour'), units * HOURS_PER_MONTH) },
      { name: 'storage', amount: times(price('usdPerGbMonth'), stored) },
      {
        name: 'storage operations',
        amount: times(price('usdPerMillionIo'), (vectors * churnPerMonth * IO_PER_UPSERT) / 1e6),
      },
    ],
  };
}
