import { Money } from '@costkit/core';
import type { VectorStoreName, VectorStoreOptions, VectorStorePlan } from '@costkit/planner';
import { DAYS_PER_MONTH, inSpan } from '../months.js';
import { OF_LOGGED_ACCOUNTS } from '../sources/logged-accounts.js';
import type { UndecidedLever } from '../types.js';
import { type EmbeddedVectors, embeddedVectors } from './embedded-vectors.js';
import type { Find, FindContext } from './find.js';

/** A store may hold vectors that were made before the logs begin: what so many times as many would cost is told, too. */
const UNSEEN_FACTOR = 10;
/** What costs less is not worth the question. */
const LEAST_USD_PER_MONTH = 1;

/** Names of stores. */
const NAMES: Readonly<Record<VectorStoreName, string>> = {
  s3Vectors: 'S3 Vectors',
  openSearchServerless: 'OpenSearch Serverless',
  auroraPostgresql: 'Aurora PostgreSQL',
};

/** Lines that are a vector store, or may hold one, by what bills of 2026 call them. */
const LINES = `CASE
    WHEN regexp_matches(usage_type, '(?i)(^|-)(search|indexing)ocu$') THEN 'openSearchServerless'
    WHEN regexp_matches(usage_type, '(?i)(^|-)vectors-') THEN 's3Vectors'
    WHEN regexp_matches(coalesce(service, '') || ' ' || coalesce(usage_type, ''),
      '(?i)opensearch|s3 ?vectors|aurora|relational database|kendra') OR regexp_matches(service, '(?i)\\brds\\b') THEN 'other' END`;

const BILLED = `WITH lines AS (SELECT *, ${LINES} AS store FROM bill
    WHERE coalesce(day BETWEEN (SELECT min(day) FROM priced) AND (SELECT max(day) FROM priced), true)
      AND ${OF_LOGGED_ACCOUNTS})
  SELECT store, coalesce(service, usage_type) AS service,
    coalesce(region, CASE WHEN contains(usage_type, '-') THEN split_part(usage_type, '-', 1) END, '') AS place, list(DISTINCT usage_type ORDER BY usage_type) AS usage_types, (sum(cost) * 1000000000000)::HUGEINT AS pico_usd,
    (SELECT date_diff('day', min(day), max(day)) + 1 FROM lines) AS days
  FROM lines WHERE store IS NOT NULL GROUP BY ALL HAVING sum(cost) > 0 ORDER BY pico_usd DESC, service, place`;

interface BilledStore {
  readonly store: VectorStoreName | 'other';
  readonly service: string;
  /** A Region, or its code on bills; that of the first Region is left out. */
  readonly place: string;
  readonly usage_types: readonly string[];
  readonly pico_usd: bigint;
  readonly days: bigint | null;
}

/** What moving vectors is worth, and what keeps it from being known. */
export interface VectorStoreFinds {
  readonly finds: readonly Find[];
  readonly undecided: readonly UndecidedLever[];
}

/**
 * Vector stores on the bill, held against the cheapest store of the planner for the vectors and questions that the
 * embedding calls of the logs show. Prices of vector stores are third parties', not AWS's own list: an estimate.
 */
export async function vectorStores(context: FindContext): Promise<VectorStoreFinds> {
  const { database } = context;
  const tables = await database.all("SELECT 1 FROM information_schema.tables WHERE table_name = 'bill'");
  if (tables.length === 0) return { finds: [], undecided: [] };
  const billed = await database.all<BilledStore>(BILLED);
  if (billed.length === 0) return { finds: [], undecided: [] };
  const { regionOfCode } = await import('@costkit/pricing/refresh');
  const { vectorStoreCost } = await import('@costkit/planner');
  const embedded = await embeddedVectors(context);
  const finds: Find[] = [];
  const undecided: UndecidedLever[] = [];
  for (const row of billed) {
    const isRegion = /^[a-z]{2}(-[a-z]+)+-\d$/.test(row.place);
    const region = isRegion ? row.place : (regionOfCode(row.place) ?? 'us-east-1');
    const stored: StoredVectors = {
      row,
      region,
      monthly: perBilledMonth(row.pico_usd, Number(row.days ?? 1n)),
      embedded,
      queriesPerMonth: ((embedded?.queries ?? 0) * DAYS_PER_MONTH) / context.days,
    };
    const unknown = unknownOf(stored);
    const plan = unknown === undefined ? vectorStoreCost(shapeOf(stored)) : undefined;
    if (plan === undefined || plan.perMonth === undefined || row.store === 's3Vectors') {
      if (stored.monthly.usd >= LEAST_USD_PER_MONTH) undecided.push(undecidedOf(stored, unknown, plan));
      continue;
    }
    if (plan.cheapest === undefined || plan.cheapest === row.store) continue;
    const tenfold = vectorStoreCost(shapeOf(stored, UNSEEN_FACTOR)).perMonth ?? plan.perMonth;
    const find = findOf(stored, { plan, tenfold, days: context.days });
    if (find !== undefined) finds.push(find);
  }
  return { finds, undecided };
}

interface StoredVectors {
  readonly row: BilledStore;
  readonly region: string;
  /** What it costs today. */
  readonly monthly: Money;
  readonly embedded: EmbeddedVectors | undefined;
  readonly queriesPerMonth: number;
}

/** Vectors often cost next to nothing. */
const inCents = (amount: Money): string =>
  amount.usd < 0.01 ? 'less than a cent' : `about $${amount.usd.toFixed(2)}`;

/** A month like the days that the bill has. */
const perBilledMonth = (picoUsd: bigint, days: number): Money =>
  Money.fromPicoUsd((picoUsd * BigInt(DAYS_PER_MONTH * 10_000)) / BigInt(days * 10_000));

const shapeOf = ({ embedded, queriesPerMonth, region }: StoredVectors, factor = 1): VectorStoreOptions => ({
  vectors: (embedded?.vectors ?? 0) * factor,
  dimensions: embedded?.dimensions ?? 1,
  queriesPerMonth: queriesPerMonth * factor,
  region,
});

/** What must be known before a store can be compared. */
function unknownOf({ row, embedded, queriesPerMonth }: StoredVectors): string | undefined {
  if (row.store === 'other') {
    return 'how much of it are vectors: how many, of which dimensions and type, and how often they are asked';
  }
  if (embedded === undefined) {
    return 'how many vectors it holds, of which dimensions and type, and how often it is asked: no log of embedding calls is among the sources';
  }
  return queriesPerMonth === 0 ? 'how often it is asked: the logs have no embedded questions' : undefined;
}

function undecidedOf(
  stored: StoredVectors,
  unknown: string | undefined,
  plan: VectorStorePlan | undefined,
): UndecidedLever {
  const { row, region, monthly, embedded, queriesPerMonth } = stored;
  const half = plan?.sizes.find(
    ({ dimensions, type }) => type === 'float32' && dimensions < plan.inputs.dimensions,
  );
  const halved =
    half?.saved === undefined || plan?.perMonth === undefined
      ? ''
      : `: half of the components would save ${inCents(half.saved)} of ${inCents(plan.perMonth)} a month at third-party prices, by the vectors of the logs`;
  const known =
    embedded === undefined || row.store === 'other'
      ? ''
      : ` --vectors ${embedded.vectors} --dimensions ${embedded.dimensions} --queries ${Math.round(queriesPerMonth)}`;
  return {
    lever: 'vector-store',
    about: row.store === 'other' ? row.service : `${NAMES[row.store]} (${region})`,
    perMonthAtStake: monthly,
    unknownWithout:
      unknown ??
      (plan?.perMonth === undefined
        ? `the prices of vector stores in ${region}: those of us-east-1 alone are known`
        : `what smaller vectors miss, measured on your own questions (--sample of the command, or measureRecall of @costkit/planner)${halved}`),
    command: `costkit plan vectors${known}${known === '' || region === 'us-east-1' ? '' : ` --region ${region}`}`,
  };
}

function findOf(
  { row, region, monthly, embedded, queriesPerMonth }: StoredVectors,
  { plan, tenfold, days }: { readonly plan: VectorStorePlan; readonly tenfold: Money; readonly days: number },
): Find | undefined {
  const { perMonth, cheapest } = plan;
  if (perMonth === undefined || cheapest === undefined || row.store === 'other') return undefined;
  const saved = monthly.minus(perMonth);
  if (saved.picoUsd <= 0n) return undefined;
  return {
    kind: 'vector-store',
    variant: cheapest,
    parts: [
      {
        task: '*',
        modelId: row.usage_types.join(', '),
        calls: embedded?.calls ?? 0,
        savedPicoUsd: inSpan(saved, days),
        daily: new Map(),
        evidence: embedded?.evidence ?? [],
      },
    ],
    // Whether it holds these vectors and nothing else no bill says.
    perMonth: { low: Money.zero, expected: saved, high: saved },
    facts: {
      from: NAMES[row.store],
      to: NAMES[cheapest],
      region,
      vectors: embedded?.vectors ?? 0,
      dimensions: embedded?.dimensions ?? 0,
      queries: Math.round(queriesPerMonth),
      billed: String(monthly),
      instead: inCents(perMonth),
      tenfold: inCents(tenfold),
    },
  };
}
