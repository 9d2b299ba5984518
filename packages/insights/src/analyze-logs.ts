import { join } from 'node:path';
import { Money } from '@costkit/core';
import { PRICE_VERSION } from '@costkit/pricing';
import { attributeCalls, cacheTimeline } from './attribute-calls.js';
import { checkAnalyzeOptions } from './check-options.js';
import { checkCreditOptions, creditAdvice } from './credit-advice.js';
import { type Database, openDatabase } from './database.js';
import { brokenPrefixes, cacheLifetimes } from './finds/cache-lifetimes.js';
import { distillation } from './finds/distillation.js';
import type { Find, FindContext } from './finds/find.js';
import { globalProfile } from './finds/global-profile.js';
import { idleOnBill } from './finds/idle-on-bill.js';
import { idleProvisioned } from './finds/idle-provisioned.js';
import { endingModels, smallerModels } from './finds/other-models.js';
import { promptCaching } from './finds/prompt-caching.js';
import { repeatedEmbeddings } from './finds/repeated-embeddings.js';
import { retrieval } from './finds/retrieval.js';
import { runawayLoops } from './finds/runaway-loops.js';
import { unboundedOutputs } from './finds/unbounded-outputs.js';
import { untaggedCalls } from './finds/untagged-calls.js';
import { vectorStores } from './finds/vector-stores.js';
import { waitingWork } from './finds/waiting-work.js';
import { perMonth } from './months.js';
import { notesOf } from './notes.js';
import { type Pricing, priceCalls, pricingOf } from './price-calls.js';
import { provisionedSums } from './provisioned-use.js';
import { cellOf, type RankContext, rankFinds } from './rank.js';
import { BESIDE_TOKENS } from './recommendation-texts.js';
import { reconcile } from './reconcile.js';
import { CALLS_TABLE, IS_SINGLE } from './sources/calls-table.js';
import { downloadPrefix } from './sources/download-prefix.js';
import { dropDuplicates } from './sources/drop-duplicates.js';
import { dropMisdated } from './sources/drop-misdated.js';
import { filesTogether, findFiles, type SourceFiles } from './sources/find-files.js';
import { createBodyMacros } from './sources/look-into-bodies.js';
import { readAggregates } from './sources/read-aggregates.js';
import { dropLoggedRecords, readBatchOutputs } from './sources/read-batch-outputs.js';
import { readBill } from './sources/read-bill.js';
import { readCallRows } from './sources/read-call-rows.js';
import { readCosts } from './sources/read-costs.js';
import { readInvocationLogs } from './sources/read-invocation-logs.js';
import { readLedger } from './sources/read-ledger.js';
import { dropCoveredMetrics, readMetrics } from './sources/read-metrics.js';
import { sampleRequests } from './sources/sample-requests.js';
import type { Analysis, AnalyzeOptions, UndecidedLever } from './types.js';

const FINDERS: readonly (readonly [
  doing: string,
  find: (context: FindContext) => Promise<readonly Find[]>,
])[] = [
  ['untagged calls', untaggedCalls],
  ['loops', runawayLoops],
  ['repeated prefixes', promptCaching],
  ['cache lifetimes', cacheLifetimes],
  ['broken prefixes', brokenPrefixes],
  ['profiles', globalProfile],
  ['work that can wait', waitingWork],
  ['long answers', unboundedOutputs],
  ['smaller models', smallerModels],
  ['models that end', endingModels],
  ['repeated embeddings', repeatedEmbeddings],
  ['long contexts', retrieval],
  ['provisioned throughput', idleProvisioned],
  ['capacity on the bill', idleOnBill],
];

/** Finds of levers that are decided for some tasks or stores, and open for others. */
const OPEN_FINDERS: readonly (readonly [
  doing: string,
  find: (context: FindContext) => Promise<{
    readonly finds: readonly Find[];
    readonly undecided: readonly UndecidedLever[];
  }>,
])[] = [
  ['students', distillation],
  ['vector stores', vectorStores],
];

/** Files with requests and answers. */
const LOOKED_INTO = ['invocationLog', 'timedLog', 'logEvents', 'batchOutput'] as const;

/** How many steps {@link AnalyzeOptions.onProgress} is told of. */
export const ANALYSIS_STEPS: number = FINDERS.length + OPEN_FINDERS.length + 4;

interface Span {
  readonly first: string | null;
  readonly last: string | null;
  readonly hours: number | null;
}

async function filesOf(options: AnalyzeOptions, database: Database): Promise<SourceFiles> {
  const sources = typeof options.source === 'string' ? [options.source] : options.source;
  const found: SourceFiles[] = [];
  for (const [index, source] of sources.entries()) {
    const folder = join(database.folder, `source-${index}`);
    if (source.startsWith('s3://')) await downloadPrefix(source, options.s3, folder);
    found.push(await findFiles(source.startsWith('s3://') ? folder : source));
  }
  return filesTogether(found);
}

async function costsOf(database: Database): Promise<ReadonlyMap<string, bigint>> {
  const rows = await database.all<{ task: string; model_id: string; cost: bigint }>(
    'SELECT task, model_id, coalesce(sum(cost), 0)::HUGEINT AS cost FROM priced GROUP BY ALL',
  );
  return new Map(rows.map(({ task, model_id, cost }) => [cellOf(task, model_id), cost]));
}

/** Days between the first and the last, whose hours the logs cover. */
async function wholeDays(database: Database): Promise<readonly string[]> {
  const rows = await database.all<{ day: string }>(
    "SELECT DISTINCT strftime(day, '%Y-%m-%d') AS day FROM priced ORDER BY day",
  );
  const days = rows.map(({ day }) => day);
  return days.length > 3 ? days.slice(1, -1) : days;
}

async function topRequests(database: Database): Promise<Analysis['topRequests']> {
  const rows = await database.all<{ request_id: string | null; task: string; model: string; cost: bigint }>(
    `SELECT request_id, task, model, cost FROM priced WHERE cost > 0 AND ${IS_SINGLE} ORDER BY cost DESC, request_id LIMIT 20`,
  );
  return rows.map(({ request_id, task, model, cost }) => ({
    requestId: request_id ?? '',
    task,
    model,
    cost: Money.fromPicoUsd(cost),
  }));
}

async function provisionedUse(context: FindContext): Promise<Analysis['provisionedUse']> {
  return (await provisionedSums(context)).flatMap(({ modelId, calls, usdPerHour, hours, onDemandPicoUsd }) =>
    onDemandPicoUsd === undefined
      ? []
      : [
          {
            modelId,
            calls,
            usdPerHour: Money.fromUsd(usdPerHour),
            onDemandUsdPerHour: Money.fromPicoUsd(onDemandPicoUsd / hours),
          },
        ],
  );
}

async function analyze(database: Database, options: AnalyzeOptions): Promise<Analysis> {
  const tell = options.onProgress ?? ((): void => undefined);
  tell('files');
  const files = await filesOf(options, database);
  await database.run(CALLS_TABLE);
  tell('records');
  const tagKeys = { feature: 'feature', team: 'team', task: 'task', ...options.tagKeys };
  if (LOOKED_INTO.some((kind) => files[kind].length > 0)) await createBodyMacros(database);
  const brokenLog = await readInvocationLogs(database, files, tagKeys);
  const brokenLines =
    brokenLog.lines + (await readBatchOutputs(database, files)) + (await readLedger(database, files.ledger));
  await readMetrics(database, files.metrics);
  await readAggregates(database, files.aggregates, tagKeys);
  await readCallRows(database, files.callRows);
  await readBill(database, files.bill);
  await readCosts(database, files.costs);
  const duplicates = (await dropDuplicates(database)) + (await dropLoggedRecords(database));
  // Before metrics are compared with them: a log covers what lies between its first and its last call.
  const misdated = await dropMisdated(database);
  const coveredCalls = await dropCoveredMetrics(database);
  tell('prices');
  const pricing: Pricing = await pricingOf(options.models ?? {}, options.priceOverrides ?? []);
  await priceCalls(database, pricing, tagKeys);
  tell('attribution');
  const attribution = await attributeCalls(database);
  const [span] = await database.all<Span>(
    "SELECT strftime(min(called_at), '%Y-%m-%dT%H:%M:%SZ') AS first, strftime(max(called_at), '%Y-%m-%dT%H:%M:%SZ') AS last, date_diff('second', min(called_at), max(called_at)) / 3600 AS hours FROM priced",
  );
  const hours = span?.hours ?? 0;
  const days = Math.max(1, hours / 24);
  const context: FindContext = {
    database,
    pricing,
    lastDay: span?.last?.slice(0, 10) ?? '1970-01-01',
    hours,
    days,
    provisionedUsdPerHour: options.provisionedUsdPerHour ?? {},
    trainingUsdPerMillionTokens: options.trainingUsdPerMillionTokens ?? {},
    evaluation: options.evaluation,
    samples: (ids) => sampleRequests(database, ids),
  };
  const finds: Find[] = [];
  for (const [doing, find] of FINDERS) {
    tell(doing);
    finds.push(...(await find(context)));
  }
  const undecided: UndecidedLever[] = [];
  for (const [doing, find] of OPEN_FINDERS) {
    tell(doing);
    const found = await find(context);
    finds.push(...found.finds);
    undecided.push(...found.undecided);
  }
  const costs = await costsOf(database);
  const totalPicoUsd = [...costs.values()].reduce((sum, cost) => sum + cost, 0n);
  const rankContext: RankContext = {
    days,
    wholeDays: await wholeDays(database),
    costs,
    totalPicoUsd,
    engineerDayUsd: options.engineerDayUsd ?? 600,
    minUsdPerMonth: options.minUsdPerMonth ?? 1,
    minShare: options.minShare ?? 0.005,
    allowGlobal: options.allowGlobal ?? false,
  };
  const { recommendations, belowNoise } = rankFinds(finds, rankContext);
  const sum = (name: 'calls' | 'failed' | 'unpriced'): number =>
    attribution.operation.reduce((total, row) => total + row[name], 0);
  const hasBill = files.bill.length + files.costs.length > 0;
  const billed: Pick<Analysis, 'reconciliation' | 'supportingServices'> = hasBill
    ? await reconcile(database, pricing)
    : {};
  const monthly = perMonth(totalPicoUsd, days);
  const savedBy = (isBeside: boolean): Money =>
    Money.sum(
      recommendations
        .filter(({ kind }) => BESIDE_TOKENS.has(kind) === isBeside)
        .map(({ perMonthAfterOthers }) => perMonthAfterOthers),
    );
  const perMonthAfter = monthly.minus(savedBy(false));
  const credits = await creditAdvice(database, {
    perMonth: monthly,
    perMonthAfter,
    savedBeside: savedBy(true),
    options: options.credits ?? {},
  });
  return {
    version: 1,
    ...(span?.first === null || span === undefined ? {} : { from: span.first }),
    ...(span?.last === null || span === undefined ? {} : { to: span.last }),
    days,
    calls: sum('calls'),
    failed: sum('failed'),
    unpriced: sum('unpriced'),
    brokenLines,
    duplicates,
    total: Money.fromPicoUsd(totalPicoUsd),
    perMonth: monthly,
    perMonthAfter,
    attribution,
    topRequests: await topRequests(database),
    cacheTimeline: await cacheTimeline(database, days),
    provisionedUse: await provisionedUse(context),
    recommendations,
    undecided,
    ...(credits === undefined ? {} : { credits }),
    belowNoise,
    ...billed,
    notes: await notesOf(database, {
      days,
      unpriced: sum('unpriced'),
      coveredCalls,
      misdated,
      cutOffFiles: brokenLog.cutOffFiles,
    }),
    priceVersion: PRICE_VERSION,
  };
}

/**
 * Reads what Bedrock, costkit or AWS's billing wrote about calls, and says where the money goes and what to cut first:
 * every recommendation with its dollars a month, an interval, the requests that show it, and what to paste.
 *
 * Nothing is sent anywhere (but to S3, for `s3://` sources), and no content of prompts or answers is kept: the
 * database, which may grow larger than memory, holds lengths and hashes, and is deleted at the end.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 * @throws {@link InsightsError} when a source cannot be read, or holds nothing that is known.
 *
 * @example
 * ```ts
 * const analysis = await analyzeLogs({ source: 'logs/AWSLogs' });
 * for (const { title, perMonth } of analysis.recommendations) console.log(title, String(perMonth.expected));
 * ```
 */
export async function analyzeLogs(options: AnalyzeOptions): Promise<Analysis> {
  checkAnalyzeOptions(options);
  if (options.credits !== undefined) await checkCreditOptions(options.credits);
  const database = await openDatabase(options.memoryMb ?? 1_024, options.threads);
  try {
    return await analyze(database, options);
  } finally {
    await database.close();
  }
}
