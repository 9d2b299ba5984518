import { createRequire } from 'node:module';
import {
  type BedrockClientLike,
  deriveClient,
  Money,
  type SpendReservation,
  settingsPlugin,
  systemClock,
} from '@costkit/core';
import { tierAsker } from './ask-tier.js';
import { EvaluationError } from './evaluation-error.js';
import type { EvaluationOptions } from './evaluation-options.js';
import { type Cell, type EvaluationPlan, knownResults, planEvaluation } from './evaluation-plan.js';
import type { EvaluationReport } from './evaluation-report.js';
import {
  batchedModels,
  type CellForecast,
  type EvaluationForecast,
  forecastCell,
  forecastCells,
} from './forecast.js';
import { makeReport } from './make-report.js';
import {
  noResultsFile,
  openResultsFile,
  type ResultRecord,
  type ResultsFile,
  readResultsFile,
} from './results-file.js';
import { runCells } from './run-cells.js';
import { createSpending } from './spending.js';

const DEFAULT_CONCURRENCY = 8;

/** Everything that is known before the first call. */
interface Prepared {
  readonly plan: EvaluationPlan;
  readonly file: ResultsFile;
  readonly known: ReturnType<typeof knownResults>;
  readonly already: Money;
  readonly forecasts: ReadonlyMap<Cell, CellForecast>;
  readonly forecast: EvaluationForecast;
  readonly batch: boolean;
}

/** Whether calls of this client wait for batch jobs. */
function isBatchClient(client: BedrockClientLike): boolean {
  return client.middlewareStack.identify().some((entry) => /^costkit:batch(?: |$)/.test(entry));
}

async function regionOf(client: BedrockClientLike): Promise<string | undefined> {
  const { config } = client as { config?: { region?: unknown } };
  const region: unknown = typeof config?.region === 'function' ? await config.region() : config?.region;
  return typeof region === 'string' ? region : undefined;
}

const paidBy = (records: readonly ResultRecord[]): Money =>
  Money.sum(
    records.flatMap(({ paidUsd, gradingUsd, regraded }) => [
      regraded === true || paidUsd === null ? Money.zero : Money.fromUsd(paidUsd),
      Money.fromUsd(gradingUsd),
    ]),
  );

/** Mean length of earlier answers, by the model that gave them. */
function meanOutputs(
  cells: readonly Cell[],
  records: readonly ResultRecord[],
): (cell: Cell) => number | undefined {
  const groupOf = ({ tier, evaluationCase }: Cell): string => `${tier.name} ${evaluationCase.task}`;
  const byKey = new Map(cells.map((cell) => [cell.key, groupOf(cell)]));
  const sums = new Map<string, { tokens: number; answers: number }>();
  for (const { key, failure, outputTokens, regraded } of records) {
    const group = byKey.get(key);
    if (group === undefined || failure === 'error' || regraded === true) continue;
    const { tokens, answers } = sums.get(group) ?? { tokens: 0, answers: 0 };
    sums.set(group, { tokens: tokens + outputTokens, answers: answers + 1 });
  }
  return (cell) => {
    const sum = sums.get(groupOf(cell));
    return sum === undefined ? undefined : sum.tokens / sum.answers;
  };
}

async function prepare(options: EvaluationOptions, openFile: typeof openResultsFile): Promise<Prepared> {
  const plan = await planEvaluation(options);
  const { resultsFile, client, priceOverrides = [], clock = systemClock } = options;
  const batch = isBatchClient(client);
  const region = await regionOf(client);
  const file = resultsFile === undefined ? noResultsFile() : await openFile(resultsFile);
  const known = knownResults(file.records);
  const already = paidBy(file.records);
  const meanOutput = meanOutputs(plan.cells, file.records);
  const toGrade = plan.cells.filter((cell) => known.graded(cell) === undefined);
  const isBatched = batchedModels(toGrade.filter((cell) => known.answered(cell) === undefined));
  const settings = {
    region,
    at: new Date(clock.now()),
    batch: (modelId: string) => batch && isBatched(modelId),
    priceOverrides,
    meanOutput,
  };
  const forecasts = new Map<Cell, CellForecast>();
  for (const cell of toGrade) {
    const forecast = forecastCell(cell, settings);
    const isAnswered = known.answered(cell) !== undefined;
    const paid = { expected: Money.zero, highest: Money.zero, isAnswered };
    forecasts.set(cell, isAnswered ? { ...forecast, ...paid } : forecast);
  }
  return { plan, file, known, already, forecasts, forecast: forecastCells(forecasts, already), batch };
}

const limitOf = ({ maxUsd }: EvaluationOptions): Money | undefined =>
  maxUsd === undefined ? undefined : Money.fromUsd(maxUsd);

function checkForecast({ forecast, already, plan }: Prepared): void {
  const { options } = plan;
  const isLimited = options.maxUsd !== undefined || options.budget !== undefined;
  const unknown = forecast.lines.find(({ expectedUsd }) => expectedUsd === null);
  const limit = limitOf(options);
  if (unknown !== undefined && (options.allowUnknownPrices !== true || isLimited)) {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_PRICE_UNKNOWN',
      `the price of ${unknown.modelId} is unknown. Give it with priceOverrides${isLimited ? '; without it no limit can be kept' : ', or set allowUnknownPrices'}`,
    );
  }
  if (isLimited && forecast.highestUsd === null) {
    throw new EvaluationError(
      'COSTKIT_EVALUATION_PRICE_UNKNOWN',
      'the most that it can cost is unknown, because a request holds media or a model has no cap. Set inferenceConfig.maxTokens, or leave maxUsd and budget out',
    );
  }
  if (limit === undefined || forecast.highestUsd === null) return;
  const highest = Money.fromUsd(forecast.highestUsd).plus(already);
  if (highest.compare(limit) <= 0 || options.onMaxUsd === 'stop') return;
  throw new EvaluationError(
    'COSTKIT_EVALUATION_OVER_BUDGET',
    `it may cost ${highest} (expected ${Money.fromUsd(forecast.expectedUsd ?? 0).plus(already)}), more than maxUsd ${limit}. Raise it, cap the answers with inferenceConfig.maxTokens, or set onMaxUsd: "stop"`,
  );
}

/** Holds the most that it can cost, where it has a budget. */
async function holdBudget({ forecast, already, plan }: Prepared): Promise<SpendReservation | undefined> {
  const { budget, tags } = plan.options;
  if (budget === undefined) return undefined;
  const highest = Money.fromUsd(forecast.highestUsd ?? 0);
  const room = limitOf(plan.options)?.minus(already);
  const amount = room === undefined || room.compare(highest) > 0 ? highest : room;
  return budget.reserve(tags === undefined ? { amount } : { amount, tags });
}

/** What the evaluation would cost; asks nobody, and writes nothing. */
export async function forecastOf(options: EvaluationOptions): Promise<EvaluationForecast> {
  const { forecast } = await prepare(options, readResultsFile);
  return forecast;
}

const toolName = (): string => {
  const { name, version } = createRequire(import.meta.url)('@costkit/router/package.json') as Record<
    'name' | 'version',
    string
  >;
  return `${name} ${version}`;
};

/** What the ARNs of deployments among the tiers stand for, so that their calls have a price. */
function modelsOf(tiers: EvaluationOptions['tiers']): { readonly models?: Readonly<Record<string, string>> } {
  const deployed = tiers.flatMap(({ modelId, model }) => (model === undefined ? [] : [[modelId, model]]));
  return deployed.length === 0 ? {} : { models: Object.fromEntries(deployed) as Record<string, string> };
}

/** Runs an evaluation. */
export async function runEvaluation(options: EvaluationOptions): Promise<EvaluationReport> {
  const { clock = systemClock, keepAnswers = false, signal, onProgress } = options;
  const prepared = await prepare(options, openResultsFile);
  const { plan, file, known, already, forecasts, forecast, batch } = prepared;
  try {
    checkForecast(prepared);
    const held = await holdBudget(prepared);
    const startedAt = new Date(clock.now());
    const spending = createSpending(already, limitOf(options));
    // Derived, so that every call leaves a receipt; the client passed in is not changed.
    const client = deriveClient(options.client, settingsPlugin(modelsOf(plan.options.tiers)));
    const running = runCells({
      cells: plan.cells,
      known,
      forecasts,
      ask: tierAsker(client, plan.baseline.resolved, signal),
      file,
      keepAnswers,
      spending,
      concurrency: options.concurrency ?? (batch ? Number.POSITIVE_INFINITY : DEFAULT_CONCURRENCY),
      signal,
      onProgress,
    });
    const { records, resumed } = await running.finally(() => held?.settle(spending.spent.minus(already)));
    return makeReport({
      plan,
      records,
      resumed,
      forecast,
      spent: spending.spent,
      startedAt,
      tool: toolName(),
    });
  } finally {
    await file.close();
  }
}
