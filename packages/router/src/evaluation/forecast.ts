import { estimatedTokens, Money, NO_USAGE, type RequestView, type Usage } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import {
  costOf,
  type PriceOverride,
  type PriceQuery,
  type ResolvedModel,
  resolveModel,
  type Tier,
} from '@costkit/pricing';
import { GUARDRAIL_RATES } from '@costkit/pricing/catalogue';
import type { Cell } from './evaluation-plan.js';
import type { GraderCalls } from './grader.js';

/** Length of an answer where the cap does not say less and no earlier answer says how long they are. */
const ASSUMED_OUTPUT_TOKENS = 300;
/** What a grader's calls say around the request, where it does not tell. */
const GRADER_PROMPT_TOKENS = 300;
/** Allowed for, since a judge's tokenizer may make more of the same text than the model that wrote it. */
const TOKENS_PER_TOKEN = 1.5;
/** Fewest records of a batch job (Bedrock quota "Minimum number of records per batch inference job"). */
const FEWEST_IN_A_JOB = 100;
/** Of JSON in English, about. */
const CHARACTERS_PER_TOKEN = 4;
/** Of long words, about. */
const CHARACTERS_PER_TOKEN_AT_MOST = 10;
/** A text unit of a guardrail (https://aws.amazon.com/bedrock/pricing/). */
const CHARACTERS_PER_UNIT = 1_000;

/** What the calls of one tier, or of a judge, will cost. */
export interface ForecastLine {
  /** Name of the tier, or `judge`. */
  readonly name: string;
  readonly modelId: string;
  readonly calls: number;
  /** `null`: the price is unknown. */
  readonly expectedUsd: number | null;
  /** `null`: the price is unknown, or a request holds what cannot be counted or has no cap. */
  readonly highestUsd: number | null;
}

/** What an evaluation will cost, before it begins. */
export interface EvaluationForecast {
  /** Answers that will be asked for; those of the results file are not among them, and calls of a judge neither. */
  readonly calls: number;
  /**
   * Best estimate; in batch jobs at the batch price, input at its full price where some of it will be cached, and without
   * what a guardrail charges, since the request does not say for which policies. Answers are supposed to be as long as earlier ones in the results file, else 300 tokens and what they may think. `null`: a
   * price is unknown.
   */
  readonly expectedUsd: number | null;
  /**
   * With every answer as long as its cap, every input at the high end of its estimate, on demand, and a guardrail that
   * charges for every policy. `null`: a price is unknown, a request holds media, or a model has no cap.
   */
  readonly highestUsd: number | null;
  /** Paid by earlier runs, as the results file says. */
  readonly alreadySpentUsd: number;
  readonly lines: readonly ForecastLine[];
}

/** What a forecast rests on besides the cells. */
export interface ForecastSettings {
  readonly region: string | undefined;
  readonly at: Date;
  /** Whether answers of a model come by batch jobs. */
  readonly batch: (modelId: string) => boolean;
  readonly priceOverrides: readonly PriceOverride[];
  /** Mean output tokens of earlier answers of a tier to a task. */
  readonly meanOutput: (cell: Cell) => number | undefined;
}

/** What one answer costs, its grading included; `undefined`: unknown. */
export interface CellForecast {
  /** The answer is known and only graded anew. */
  readonly isAnswered?: boolean;
  readonly expected: Money | undefined;
  readonly highest: Money | undefined;
  readonly judge?: { readonly expected: Money | undefined; readonly highest: Money | undefined };
}

const sumOf = (amounts: readonly (Money | undefined)[]): Money | undefined =>
  amounts.every((amount) => amount !== undefined) ? Money.sum(amounts) : undefined;

/** How tokens are billed. */
interface Billing {
  readonly batch?: boolean;
  readonly tier?: Exclude<Tier, 'batch'> | undefined;
  readonly kind?: 'input' | 'cacheWrite5m' | 'cacheWrite1h' | 'cacheWrite30m';
}

/** What is used, in tokens and in units of a guardrail. */
interface Amounts {
  readonly input: number;
  readonly output: number;
  readonly units?: Usage['units'];
}

function priced(
  amounts: Amounts,
  model: ResolvedModel | undefined,
  settings: ForecastSettings,
  { batch = false, tier, kind = 'input' }: Billing = {},
): Money | undefined {
  if (model === undefined) return undefined;
  const query: { -readonly [Field in keyof PriceQuery]: PriceQuery[Field] } = { model, at: settings.at };
  if (batch && model.model.capabilities.batch) query.batch = true;
  else if (tier !== undefined) query.tier = tier;
  if (settings.region !== undefined) query.region = settings.region;
  if (settings.priceOverrides.length > 0) query.overrides = settings.priceOverrides;
  const { input, output, units = {} } = amounts;
  const usage = { ...NO_USAGE, [kind]: Math.ceil(input), output: Math.ceil(output), units };
  const { total, complete } = costOf(usage, query);
  return complete ? total : undefined;
}

const hasMedia = ({ features }: RequestView): boolean =>
  features.images || features.documents || features.video || features.audio;

const SERVICE_TIERS: ReadonlySet<unknown> = new Set(['flex', 'priority', 'reserved']);

/** The service tier that a request asks for, where it is not the standard one. */
function tierOf({ tier, input }: RequestView): Billing['tier'] {
  const { performanceConfig } = input as { readonly performanceConfig?: { readonly latency?: unknown } };
  if (performanceConfig?.latency === 'optimized') return 'latencyOptimized';
  return SERVICE_TIERS.has(tier) ? (tier as Billing['tier']) : undefined;
}

/** Tokens that a request lets a model think, at most, where it says so. */
function thinkingTokens({ input }: RequestView): number {
  const { additionalModelRequestFields } = input as {
    readonly additionalModelRequestFields?: { readonly thinking?: { readonly budget_tokens?: unknown } };
  };
  const budget = additionalModelRequestFields?.thinking?.budget_tokens;
  return typeof budget === 'number' && budget > 0 ? budget : 0;
}

/** The schema that an answer must follow is no part of the prompt, but the model reads it. */
function schemaTokens({ features, input }: RequestView): number {
  const { outputConfig } = input as { readonly outputConfig?: unknown };
  return features.structuredOutput ? JSON.stringify(outputConfig ?? '').length : 0;
}

/**
 * What a guardrail charges for at most: every policy whose rate is known, for all text that goes in and comes out. Which
 * of them it has, the request does not say.
 */
function mostGuardrailUnits({ features, blocks }: RequestView, cap: number): NonNullable<Usage['units']> {
  if (!features.guardrail) return {};
  const read = blocks.reduce((sum, { text }) => sum + text.length, 0);
  const units = [read, cap * CHARACTERS_PER_TOKEN_AT_MOST]
    .map((characters) => Math.ceil(characters / CHARACTERS_PER_UNIT))
    .reduce((sum, count) => sum + count, 0);
  return Object.fromEntries([...GUARDRAIL_RATES.keys()].map((unit) => [unit, units]));
}

/** The dearest way in which the input may be billed. */
function highestOf(
  view: RequestView,
  cap: number | undefined,
  model: ResolvedModel,
  settings: ForecastSettings,
): Money | undefined {
  if (cap === undefined || hasMedia(view)) return undefined;
  const { high } = estimatedTokens(view, {}, model.model.id);
  const tokens = {
    input: high + schemaTokens(view),
    output: cap,
    units: mostGuardrailUnits(view, cap),
  };
  const plain = priced(tokens, model, settings);
  if (plain === undefined) return undefined;
  const { cache } = model.model.capabilities;
  const kinds: NonNullable<Billing['kind']>[] = ['input'];
  if (view.cachePoints.length > 0) kinds.push('cacheWrite5m', 'cacheWrite1h');
  if (cache?.explicit === false) kinds.push('cacheWrite30m');
  // A call of another tier may be served by the standard one. A kind without a price is never billed.
  return [undefined, tierOf(view)]
    .flatMap((tier) => kinds.map((kind) => priced(tokens, model, settings, { tier, kind })))
    .reduce<Money>(
      (most, amount) => (amount !== undefined && amount.compare(most) > 0 ? amount : most),
      plain,
    );
}

/** What the calls of a grader read besides the two answers. */
function readByGrader(calls: GraderCalls, { evaluationCase }: Cell): { total: number; high: number } {
  const { modelId, text } = calls;
  const request =
    text === undefined
      ? evaluationCase.request
      : { messages: [{ role: 'user', content: [{ text: text(evaluationCase) }] }] };
  const { total, high } = estimatedTokens(viewRequest('Converse', { ...request, modelId }));
  const around = text === undefined ? GRADER_PROMPT_TOKENS : 0;
  return { total: total + around, high: high + around };
}

function forecastGrading(
  calls: GraderCalls,
  cell: Cell,
  answer: { readonly expected: number; readonly highest: number | undefined },
  settings: ForecastSettings,
): NonNullable<CellForecast['judge']> {
  const { modelId, maxTokens, perAnswer } = calls;
  const judge = resolveModel(modelId);
  const read = readByGrader(calls, cell);
  const cost = (input: number, output: number): Money | undefined =>
    priced({ input, output }, judge, settings)?.times(perAnswer);
  return {
    expected: cost(read.total + 2 * answer.expected, Math.min(maxTokens, 100)),
    highest:
      answer.highest === undefined
        ? undefined
        : cost(read.high + 2 * TOKENS_PER_TOKEN * answer.highest, maxTokens),
  };
}

/** What one answer will cost. */
export function forecastCell(cell: Cell, settings: ForecastSettings): CellForecast {
  const { evaluationCase, tier, grader } = cell;
  const view = viewRequest('Converse', { ...evaluationCase.request, modelId: tier.modelId });
  const model = tier.resolved;
  const cap = view.maxTokens ?? model.model.maxOutputTokens;
  const input = estimatedTokens(view, {}, model.model.id).total + schemaTokens(view) / CHARACTERS_PER_TOKEN;
  const output = Math.min(
    cap ?? Number.POSITIVE_INFINITY,
    settings.meanOutput(cell) ?? ASSUMED_OUTPUT_TOKENS + thinkingTokens(view),
  );
  const answer = {
    expected: priced({ input, output }, model, settings, {
      batch: settings.batch(tier.modelId),
      tier: tierOf(view),
    }),
    highest: highestOf(view, cap, model, settings),
  };
  const { calls } = grader;
  if (calls === undefined || (grader.compares === true && cell.isBaseline)) return answer;
  return { ...answer, judge: forecastGrading(calls, cell, { expected: output, highest: cap }, settings) };
}

/** Which models' answers will come by batch jobs: those that enough answers are asked of. */
export function batchedModels(cells: readonly Cell[]): (modelId: string) => boolean {
  const counts = new Map<string, number>();
  for (const { tier } of cells) counts.set(tier.modelId, (counts.get(tier.modelId) ?? 0) + 1);
  return (modelId) => (counts.get(modelId) ?? 0) >= FEWEST_IN_A_JOB;
}

const usdOf = (amount: Money | undefined): number | null => amount?.usd ?? null;

/** What all answers will cost, by tier. */
export function forecastCells(
  forecasts: ReadonlyMap<Cell, CellForecast>,
  alreadySpent: Money,
): EvaluationForecast {
  const groups = new Map<
    string,
    { modelId: string; of: Omit<CellForecast, 'judge' | 'isAnswered'>[]; calls: number }
  >();
  const add = (
    name: string,
    modelId: string,
    calls: number,
    of: Omit<CellForecast, 'judge' | 'isAnswered'>,
  ): void => {
    const group = groups.get(name) ?? { modelId, of: [], calls: 0 };
    group.of.push(of);
    group.calls += calls;
    groups.set(name, group);
  };
  let asked = 0;
  for (const [{ tier, grader }, { judge, isAnswered = false, ...answer }] of forecasts) {
    const calls = Number(!isAnswered);
    asked += calls;
    add(tier.name, tier.modelId, calls, answer);
    if (judge !== undefined && grader.calls !== undefined)
      add('judge', grader.calls.modelId, grader.calls.perAnswer, judge);
  }
  const lines = [...groups].map(([name, { modelId, of, calls }]) => ({
    name,
    modelId,
    calls,
    expected: sumOf(of.map(({ expected }) => expected)),
    highest: sumOf(of.map(({ highest }) => highest)),
  }));
  return {
    calls: asked,
    expectedUsd: usdOf(sumOf(lines.map(({ expected }) => expected))),
    highestUsd: usdOf(sumOf(lines.map(({ highest }) => highest))),
    alreadySpentUsd: alreadySpent.usd,
    lines: lines.map(({ expected, highest, ...line }) => ({
      ...line,
      expectedUsd: usdOf(expected),
      highestUsd: usdOf(highest),
    })),
  };
}
