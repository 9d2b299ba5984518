import {
  type PriceOverride,
  type PriceQuery,
  type Rates,
  type ResolvedModel,
  ratesFor,
  resolveModel,
  resolveModelAsync,
} from '@costkit/pricing';
import { type Database, sqlText } from './database.js';

/** The kinds of tokens, as columns of the database. */
const KINDS = [
  ['input', 'input'],
  ['output', 'output'],
  ['cache_read', 'cacheRead'],
  ['cache_write_5m', 'cacheWrite5m'],
  ['cache_write_1h', 'cacheWrite1h'],
  ['cache_write_30m', 'cacheWrite30m'],
] as const;

/** What decides the price of a model's calls besides the model. */
export interface Pricing {
  /** The model behind an id as it was called; `undefined` where it is unknown. */
  resolve(modelId: string): ResolvedModel | undefined;
  /** Rates on a day, by another id if given. */
  ratesOf(
    modelId: string,
    query: Omit<PriceQuery, 'model' | 'overrides'>,
    promptTokens?: number,
  ): Rates | undefined;
}

/** Makes the one place where calls get their rates: by the model, and by how its ARN says that it is paid, as on receipts. */
export async function pricingOf(
  models: Readonly<Record<string, string>>,
  overrides: readonly PriceOverride[],
): Promise<Pricing> {
  const resolved = new Map<string, ResolvedModel | undefined>();
  for (const [id, behind] of Object.entries(models)) {
    const named = id.startsWith('arn:')
      ? await resolveModelAsync(id, { lookup: models }).catch(() => undefined)
      : (resolveModel(id) ?? resolveModel(behind));
    resolved.set(id, named);
  }
  const resolve = (modelId: string): ResolvedModel | undefined => {
    if (!resolved.has(modelId)) resolved.set(modelId, resolveModel(modelId));
    return resolved.get(modelId);
  };
  return {
    resolve,
    ratesOf: (modelId, query, promptTokens = 0) => {
      const model = resolve(modelId);
      if (model === undefined) return undefined;
      return ratesFor({ ...query, model, ...(overrides.length === 0 ? {} : { overrides }) }, promptTokens);
    },
  };
}

/** Prompts above these many tokens have other rates; the smallest first. */
function thresholdsOf({ model }: ResolvedModel): readonly number[] {
  const above = model.prices.flatMap(({ aboveTokens, inclusive }) =>
    aboveTokens === undefined ? [] : [inclusive === true ? aboveTokens - 1 : aboveTokens],
  );
  return [...new Set(above)].sort((one, other) => one - other);
}

const number = (value: number | undefined): string => (value === undefined ? 'NULL' : String(value));

/** The profile that serves a model from anywhere, where there is one. */
export function globalIdOf(modelId: string, { model, scope, reference }: ResolvedModel): string | undefined {
  const isOwnName = reference === 'foundation-model' || reference === 'inference-profile';
  if (!isOwnName || scope === 'global' || scope === 'govcloud' || !model.profiles.includes('global'))
    return undefined;
  return modelId.includes('global.') ? undefined : `global.${model.id}`;
}

async function createModels(database: Database, pricing: Pricing): Promise<void> {
  const ids = await database.all<{ model_id: string }>('SELECT DISTINCT model_id FROM calls');
  await database.run(`CREATE TABLE models (model_id VARCHAR, model VARCHAR, kind VARCHAR, scope VARCHAR, billing VARCHAR,
    is_gross BOOLEAN, is_30m BOOLEAN, thresholds BIGINT[], min_cached BIGINT, caches BOOLEAN, takes_1h BOOLEAN,
    takes_batch BOOLEAN, takes_flex BOOLEAN)`);
  for (const { model_id } of ids) {
    const resolved = pricing.resolve(model_id);
    if (resolved === undefined) {
      await database.run(
        `INSERT INTO models (model_id, model, thresholds) VALUES (${sqlText(model_id)}, ${sqlText(model_id)}, [])`,
      );
      continue;
    }
    const { model, scope, billing = 'token' } = resolved;
    const { cache, batch, tiers } = model.capabilities;
    const is30m = cache !== undefined && cache.ttls.length > 0 && cache.ttls.every((ttl) => ttl === '30m');
    await database.run(`INSERT INTO models VALUES (${sqlText(model_id)}, ${sqlText(model.id)}, '${model.kind}',
      ${sqlText(scope)}, '${billing}', ${model.usageSemantics === 'gross'}, ${is30m}, [${thresholdsOf(resolved).join(',')}],
      ${cache?.minTokens ?? 'NULL'}, ${cache?.explicit === true}, ${cache?.ttls.includes('1h') === true},
      ${batch}, ${tiers.includes('flex')})`);
  }
}

interface RateKey {
  readonly model_id: string;
  readonly region: string | null;
  readonly tier: string;
  readonly day: string;
  readonly bracket: bigint | number;
}

/** Every other way in which a call could have been priced, beside its own; `demand` is for those of provisioned models. */
const ALTERNATIVES = ['global', 'batch', 'flex', 'demand'] as const;

/** Calls that capacity pays for. */
const NOTHING: Rates = Object.fromEntries(KINDS.map(([, kind]) => [kind, 0]));

/** Jobs have no prompt cache (user guide, batch inference): what is cached today is plain input there. */
function uncached(rates: Rates | undefined): Rates | undefined {
  const { input } = rates ?? {};
  return input === undefined
    ? rates
    : { cacheRead: input, cacheWrite5m: input, cacheWrite1h: input, cacheWrite30m: input, ...rates };
}

async function createRates(database: Database, pricing: Pricing): Promise<void> {
  const keys = await database.all<RateKey>(
    "SELECT DISTINCT model_id, region, tier, strftime(day, '%Y-%m-%d') AS day, bracket FROM counted",
  );
  const columns = ['own', ...ALTERNATIVES].flatMap((way) =>
    KINDS.map(([column]) => `${way}_${column} BIGINT`),
  );
  await database.run(
    `CREATE TABLE rates (model_id VARCHAR, region VARCHAR, tier VARCHAR, day DATE, bracket INTEGER, ${columns.join(', ')})`,
  );
  const rows = keys.map(({ model_id, region, tier, day, bracket }) => {
    const resolved = pricing.resolve(model_id);
    const thresholds = resolved === undefined ? [] : thresholdsOf(resolved);
    const promptTokens = (thresholds[Number(bracket) - 1] ?? -1) + 1;
    const at = new Date(`${day}T00:00:00Z`);
    const where = region === null ? {} : { region };
    const of = (id: string | undefined, query: Pick<PriceQuery, 'tier' | 'batch'>): Rates | undefined =>
      id === undefined ? undefined : pricing.ratesOf(id, { at, ...where, ...query }, promptTokens);
    const own = tierQuery(tier);
    const ways: readonly (Rates | undefined)[] = [
      own === undefined ? undefined : own === 'capacity' ? NOTHING : of(model_id, own),
      own === undefined || own === 'capacity' || resolved === undefined
        ? undefined
        : of(globalIdOf(model_id, resolved), own),
      uncached(of(model_id, { batch: true })),
      of(model_id, { tier: 'flex' }),
      resolved?.billing === 'provisioned' ? of(resolved.model.id, {}) : undefined,
    ];
    const values = ways.flatMap((rates) => KINDS.map(([, kind]) => number(rates?.[kind])));
    return `(${sqlText(model_id)}, ${region === null ? 'NULL' : sqlText(region)}, ${sqlText(tier)}, DATE '${day}', ${bracket}, ${values.join(', ')})`;
  });
  for (let from = 0; from < rows.length; from += 500) {
    await database.run(`INSERT INTO rates VALUES ${rows.slice(from, from + 500).join(', ')}`);
  }
}

function tierQuery(tier: string): Pick<PriceQuery, 'tier' | 'batch'> | 'capacity' | undefined {
  if (tier === 'batch') return { batch: true };
  const known = ['standard', 'flex', 'priority', 'reserved', 'latencyOptimized'] as const;
  const found = known.find((one) => one === tier);
  if (found !== undefined) return { tier: found };
  // Of a ledger: what pays for provisioned and imported models is no token.
  return tier === 'provisioned' || tier === 'imported' ? 'capacity' : undefined;
}

const costBy = (way: string): string =>
  KINDS.map(
    ([column]) => `(CASE WHEN c.${column} > 0 THEN c.${column}::HUGEINT * r.${way}_${column} ELSE 0 END)`,
  ).join(' + ');

/** Keys of request metadata that name what a call is for. */
export interface TagKeys {
  readonly feature: string;
  readonly team: string;
  readonly task: string;
}

/**
 * Whether it is known what a call has used. A model that writes has written something: without a count of that, the price of
 * its input is not what it costs. Metrics have no such count for an hour without one.
 */
const IS_COUNTED =
  "c.input IS NOT NULL AND (c.output IS NOT NULL OR c.error IS NOT NULL OR c.source = 'metrics' OR m.kind IS DISTINCT FROM 'text')";

/**
 * Usage made disjoint, as `normaliseUsage` of `@costkit/core` does it (a test compares the two), and what the calls
 * are for: by their tags, else the team by the role that called, else the task by the fingerprint of its prompts.
 */
export function countedCalls({ feature, team, task }: TagKeys): string {
  const tag = (key: string): string => `nullif(c.tags[${sqlText(key)}], '')`;
  return `
  SELECT c.* EXCLUDE (input, output, cache_read, cache_write, cache_write_1h, tags, n_input, n_output, n_read, n_written, n_1h),
    m.model, m.kind, m.scope, m.billing, m.thresholds,
    coalesce(${tag(task)}, ${tag(feature)}, 'untagged ' || c.fingerprint, 'untagged') AS task,
    coalesce(${tag(feature)}, ${tag(task)}, 'untagged') AS feature,
    coalesce(${tag(team)}, nullif(regexp_extract(c.identity, '(?:assumed-role|role|user)/([^/]+)', 1), ''), 'unknown') AS team,
    cardinality(c.tags) > 0 AS is_tagged, ${IS_COUNTED} AS is_counted, c.called_at::DATE AS day,
    CASE
      WHEN c.is_disjoint OR n_read + n_written = 0 OR n_input < n_read + n_written THEN n_input
      WHEN c.total = n_input + n_output OR m.is_gross THEN n_input - n_read - n_written
      ELSE n_input
    END AS input,
    n_output AS output, n_read AS cache_read,
    CASE WHEN m.is_30m THEN 0 ELSE n_written - n_1h END AS cache_write_5m,
    n_1h AS cache_write_1h,
    CASE WHEN m.is_30m THEN n_written - n_1h ELSE 0 END AS cache_write_30m
  FROM (SELECT *, greatest(0, coalesce(input, 0)) AS n_input, greatest(0, coalesce(output, 0)) AS n_output,
    greatest(0, coalesce(cache_read, 0)) AS n_read, greatest(0, coalesce(cache_write, 0)) AS n_written,
    least(greatest(0, coalesce(cache_write, 0)), greatest(0, coalesce(cache_write_1h, 0))) AS n_1h FROM calls) c
  JOIN models m USING (model_id)`;
}

/**
 * Prices every call exactly, in pico-dollars, from the rates of its model, Region, tier, day and prompt length. What has
 * no rate stays without a cost. The view `rated` has the rates beside each call, and what its alternatives would cost.
 */
export async function priceCalls(database: Database, pricing: Pricing, tagKeys: TagKeys): Promise<void> {
  await createModels(database, pricing);
  // Not a table: it would be written and read again to be looked at once more.
  await database.run(`CREATE VIEW counted AS SELECT *,
    CASE WHEN len(thresholds) = 0 THEN 0
      ELSE len(list_filter(thresholds, lambda threshold: prompt_tokens / greatest(1, call_count) > threshold)) END::INTEGER AS bracket
    FROM (SELECT *, input + cache_read + cache_write_5m + cache_write_1h + cache_write_30m AS prompt_tokens
      FROM (${countedCalls(tagKeys)}))`);
  await createRates(database, pricing);
  const cost = (way: string): string =>
    `CASE WHEN c.error IS NOT NULL AND c.prompt_tokens + c.output = 0 THEN 0 WHEN NOT c.is_counted THEN NULL ELSE ${costBy(way)} END`;
  await database.run(`CREATE TABLE priced AS SELECT c.* EXCLUDE (thresholds), ${cost('own')} AS cost
    FROM counted c LEFT JOIN rates r ON r.model_id = c.model_id AND r.region IS NOT DISTINCT FROM c.region
      AND r.tier = c.tier AND r.day = c.day AND r.bracket = c.bracket`);
  await database.run('DROP VIEW counted');
  await database.run('DROP TABLE calls');
  await database.run(`CREATE VIEW rated AS SELECT c.*, r.* EXCLUDE (model_id, region, tier, day, bracket),
    ${ALTERNATIVES.map((way) => `${cost(way)} AS cost_${way}`).join(', ')}
    FROM priced c JOIN rates r ON r.model_id = c.model_id AND r.region IS NOT DISTINCT FROM c.region
      AND r.tier = c.tier AND r.day = c.day AND r.bracket = c.bracket`);
}
