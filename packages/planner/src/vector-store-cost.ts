import { type Money, PRICE_VERSION } from '@costkit/pricing';
import { findCrossings } from './find-crossings.js';
import type { Assumption, BreakEven, PlanBasis } from './plan.js';
import { cheapest } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';
import {
  checkVectorStore,
  type MeasuredRecall,
  type VectorStoreOptions,
  type VectorType,
} from './vector-store-options.js';
import { PRICED_REGION, VECTOR_STORE_PRICES } from './vector-store-prices.js';
import { STORES, type StoreCost, storeCost, type VectorStoreName } from './vector-stores.js';

/** The cheapest store at one point of the plane. */
export interface PlanePoint {
  readonly vectors: number;
  readonly queriesPerMonth: number;
  /** `undefined` when no store has a known price. */
  readonly cheapest: VectorStoreName | undefined;
  readonly perMonth: Money | undefined;
}

/** A smaller shape of the same vectors. */
export interface SizeAdvice {
  readonly dimensions: number;
  readonly type: VectorType;
  /** The cheapest store for it. */
  readonly store: VectorStoreName | undefined;
  readonly perMonth: Money | undefined;
  /** Against the cheapest store for the vectors as they are. */
  readonly saved: Money | undefined;
  /** What you have measured; without it nobody knows what the smaller vectors miss. */
  readonly recall: MeasuredRecall | 'unknown';
}

/** The answer of {@link vectorStoreCost}. */
export interface VectorStorePlan extends PlanBasis<VectorStoreOptions> {
  readonly stores: readonly StoreCost[];
  /** The cheapest of those with a known price. */
  readonly cheapest: VectorStoreName | undefined;
  readonly perMonth: Money | undefined;
  /** Where the cheapest store changes as queries become more. */
  readonly byQueries: readonly BreakEven[];
  /** Where the cheapest store changes as vectors become more. */
  readonly byVectors: readonly BreakEven[];
  /** The cheapest store over vectors × queries, by factors of ten, for a chart. */
  readonly plane: readonly PlanePoint[];
  /** Half and a quarter of the dimensions, and smaller types. */
  readonly sizes: readonly SizeAdvice[];
}

const MOST_QUERIES = 1e10;
const MOST_VECTORS = 1e10;
const PLANE_VECTORS = [1e4, 1e5, 1e6, 1e7, 1e8, 1e9];
const PLANE_QUERIES = [1e3, 1e4, 1e5, 1e6, 1e7, 1e8];
const TYPES: readonly VectorType[] = ['float32', 'float16', 'int8', 'binary'];
const LEAST_DIMENSIONS = 64;

/**
 * What vectors cost in S3 Vectors, OpenSearch Serverless and Aurora PostgreSQL; which is cheapest, here and over the
 * plane of vectors and queries; and what smaller vectors would save.
 *
 * @throws InvalidOptionError for a malformed option, naming it
 *
 * @example
 * ```ts
 * import { vectorStoreCost } from '@costkit/planner';
 *
 * const { cheapest, byQueries } = vectorStoreCost({ vectors: 2_000_000, dimensions: 1024, queriesPerMonth: 300_000 });
 * cheapest; // "s3Vectors"
 * ```
 */
export function vectorStoreCost(options: VectorStoreOptions): VectorStorePlan {
  checkVectorStore(options);
  const stores = STORES.map((store) => storeCost(store, options));
  const best = bestOf(options);
  return {
    inputs: options,
    stores,
    cheapest: best?.store,
    perMonth: best?.perMonth,
    byQueries: changesOf('queries a month', MOST_QUERIES, (queriesPerMonth) => ({
      ...options,
      queriesPerMonth,
    })),
    byVectors: changesOf('vectors', MOST_VECTORS, (vectors) => ({ ...options, vectors })),
    plane: PLANE_VECTORS.flatMap((vectors) =>
      PLANE_QUERIES.map((queriesPerMonth) => {
        const there = bestOf({ ...options, vectors, queriesPerMonth });
        return { vectors, queriesPerMonth, cheapest: there?.store, perMonth: there?.perMonth };
      }),
    ),
    sizes: sizesOf(options, best?.perMonth),
    assumptions: assumptionsOf(options),
    sensitivity: sensitivityOf(
      [
        {
          input: 'vectors',
          times: (factor) => ({ ...options, vectors: Math.round(options.vectors * factor) }),
        },
        {
          input: 'queriesPerMonth',
          times: (factor) => ({ ...options, queriesPerMonth: options.queriesPerMonth * factor }),
        },
      ],
      (varied) => bestOf(varied)?.perMonth,
    ),
    missing: stores.flatMap(({ store, parts }) =>
      parts
        .filter(({ amount }) => amount === undefined)
        .map(({ name }) => `the price of ${name} of ${store} (\`prices.${store}\`)`),
    ),
    priceVersion: PRICE_VERSION,
  };
}

function bestOf(options: VectorStoreOptions): StoreCost | undefined {
  const costs = STORES.map((store) => storeCost(store, options));
  const least = cheapest(costs.map(({ perMonth }) => perMonth));
  return costs.find(({ perMonth }) => perMonth !== undefined && perMonth === least);
}

/** Where two stores cross and one of them is then the cheapest of all. */
function changesOf(quantity: string, most: number, at: (value: number) => VectorStoreOptions): BreakEven[] {
  const changes: (BreakEven & { readonly value: number })[] = [];
  for (const [index, one] of STORES.entries()) {
    for (const other of STORES.slice(index + 1)) {
      const signAt = (value: number): -1 | 0 | 1 => {
        const [left, right] = [storeCost(one, at(value)).perMonth, storeCost(other, at(value)).perMonth];
        return left === undefined || right === undefined ? 0 : left.compare(right);
      };
      for (const { at: value } of findCrossings(signAt, 1, most)) {
        const [before, after] = [bestOf(at(value - 1))?.store, bestOf(at(value))?.store];
        if (before === after || before === undefined || after === undefined) continue;
        if (changes.some((change) => change.value === value)) continue;
        changes.push({ quantity, value, cheaperBelow: before, cheaperAbove: after });
      }
    }
  }
  return changes.sort((one, other) => one.value - other.value);
}

function sizesOf(options: VectorStoreOptions, today: Money | undefined): SizeAdvice[] {
  const { dimensions, type: given = 'float32', recall = [] } = options;
  const smaller = [1, 2, 4]
    .map((divisor) => Math.floor(dimensions / divisor))
    .filter((size) => size >= LEAST_DIMENSIONS);
  return smaller.flatMap((size) =>
    TYPES.slice(TYPES.indexOf(given)).flatMap((type) => {
      if (size === dimensions && type === given) return [];
      const best = bestOf({ ...options, dimensions: size, type });
      const measured = recall.find((one) => one.dimensions === size && one.type === type);
      return [
        {
          dimensions: size,
          type,
          store: best?.store,
          perMonth: best?.perMonth,
          saved: best?.perMonth === undefined ? undefined : today?.minus(best.perMonth),
          recall: measured ?? ('unknown' as const),
        },
      ];
    }),
  );
}

const SIZING: readonly Assumption[] = [
  {
    what: 'memory of a vector index',
    value: '1.1 × (bytes of the vector + 8 × 16 links), all of it in memory',
    source: 'OpenSearch documentation, k-NN memory estimation; taken over for pgvector',
    certainty: 'documented',
  },
  {
    what: 'memory of an OCU',
    value: '6 GB, half of it for vector graphs; indexing and search each hold the graph',
    source:
      'AWS Big Data Blog and docs.opensearch.org, read in 2026-11; the half is assumed to hold for Serverless',
    certainty: 'assumed',
  },
  {
    what: 'memory of an ACU',
    value: '2 GiB, three quarters of it buffer; 20 storage operations per upsert',
    source: 'AWS documentation for the 2 GiB; the rest is a rule of thumb',
    certainty: 'assumed',
  },
];

function assumptionsOf({
  region,
  prices = {},
  peakQueriesPerSecond,
  queriesPerSecondPerUnit,
}: VectorStoreOptions): Assumption[] {
  const list = [...SIZING];
  for (const store of STORES) {
    for (const [name, { usd, source, certainty }] of Object.entries(VECTOR_STORE_PRICES[store])) {
      const given = (prices[store] as Readonly<Record<string, unknown>> | undefined)?.[name];
      if (given !== undefined)
        list.push({ what: `${store}.${name}`, value: `$${given}`, source: 'input', certainty: 'given' });
      else if ((region ?? PRICED_REGION) === PRICED_REGION) {
        list.push({ what: `${store}.${name}`, value: `$${usd}`, source: `${source}; us-east-1`, certainty });
      }
    }
  }
  if (peakQueriesPerSecond !== undefined && queriesPerSecondPerUnit === undefined) {
    list.push({
      what: 'queries a second of one OCU or ACU',
      value: 'unknown: units are sized by memory alone',
      source: 'measure it on your vectors (`queriesPerSecondPerUnit`)',
      certainty: 'assumed',
    });
  }
  return list;
}
