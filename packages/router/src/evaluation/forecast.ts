import { estimatedTokens, Money, NO_USAGE, type RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import {
  costOf,
  type PriceOverride,
  type PriceQuery,
  type ResolvedModel,
  resolveModel,
} from '@costkit/pricing';
import type { Cell } from './evaluation-plan.js';

/** Length of an answer where the cap does not say less and no earlier answer says how long they are. */
const ASSUMED_OUTPUT_TOKENS = 300;
/** What a judge is told around the two answers. */
const JUDGE_PROMPT_TOKENS = 300;

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
  /** Answers that will be asked for; those of the results file are not among them. */
  readonly calls: number;
  /** Best estimate; in batch jobs at the batch price. `null`: a price is unknown. */
  readonly expectedUsd: number | null;
  /**
   * With every answer as long as its cap, every input at the high end of its estimate, on demand. `null`: a price is
   * unknown, a request holds media, or a model has no cap.
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
  readonly batch: boolean;
  readonly priceOverrides: readonly PriceOverride[];
  /** Mean output tokens of earlier answers of a tier to a task. */
  readonly meanOutput: (cell: Cell) => number | undefined;
}

/** What one answer costs, its grading included; `undefined`: unknown. */
export interface CellForecast {
  readonly expected: Money | undefined;
  readonly highest: Money | undefined;
  readonly judge?: { readonly expected: Money | undefined; readonly highest: Money | undefined };
}

const sumOf = (amounts: readonly (Money | undefined)[]): Money | undefined =>
  amounts.every((amount) => amount !== undefined) ? Money.sum(amounts) : undefined;

function priced(
  tokens: { readonly input: number; readonly output: number },
  model: ResolvedModel | undefined,
  settings: ForecastSettings,
  batch: boolean,
  kind: 'input' | 'cacheWrite5m' | 'cacheWrite1h' = 'input',
): Money | undefined {
  if (model === undefined) return undefined;
  const query: { -readonly [Field in keyof PriceQuery]: PriceQuery[Field] } = {
    model,
    at: settings.at,
    batch: batch && model.model.capabilities.batch,
  };
  if (settings.region !== undefined) query.region = settings.region;
  if (settings.priceOverrides.length > 0) query.overrides = settings.priceOverrides;
  const usage = { ...NO_USAGE, [kind]: Math.ceil(tokens.input), output: Math.ceil(tokens.output) };
  const { total, complete } = costOf(usage, query);
  return complete ? total : undefined;
}

const hasMedia = ({ features }: RequestView): boolean =>
  features.images || features.documents || features.video || features.audio;

/** The dearest way in which the input may be billed. */
function highestOf(
  view: RequestView,
  cap: number | undefined,
  model: ResolvedModel,
  settings: ForecastSettings,
): Money | undefined {
  if (cap === undefined || hasMedia(view)) return undefined;
  const tokens = { input: estimatedTokens(view).high, output: cap };
  const kinds = view.cachePoints.length === 0 ? [] : (['cacheWrite5m', 'cacheWrite1h'] as const);
  const plain = priced(tokens, model, settings, false);
  return kinds
    .map((kind) => priced(tokens, model, settings, false, kind))
    .reduce(
      (most, amount) =>
        most !== undefined && amount !== undefined && amount.compare(most) > 0 ? amount : most,
      plain,
    );
}

/** What one answer will cost. */
export function forecastCell(cell: Cell, settings: ForecastSettings): CellForecast {
  const { evaluationCase, tier, grader } = cell;
  const view = viewRequest('Converse', { ...evaluationCase.request, modelId: tier.modelId });
  const model = tier.resolved;
  const cap = view.maxTokens ?? model.model.maxOutputTokens;
  const input = estimatedTokens(view).total;
  const output = Math.min(
    cap ?? Number.POSITIVE_INFINITY,
    settings.meanOutput(cell) ?? ASSUMED_OUTPUT_TOKENS,
  );
  const answer = {
    expected: priced({ input, output }, model, settings, settings.batch),
    highest: highestOf(view, cap, model, settings),
  };
  const { calls } = grader;
  if (calls === undefined || (grader.compares === true && cell.isBaseline)) return answer;
  const judge = resolveModel(calls.modelId);
  const read = (each: number): number => input + JUDGE_PROMPT_TOKENS + 2 * each;
  const times = (amount: Money | undefined): Money | undefined => amount?.times(calls.perAnswer);
  return {
    ...answer,
    judge: {
      expected: times(
        priced({ input: read(output), output: Math.min(calls.maxTokens, 100) }, judge, settings, false),
      ),
      highest:
        cap === undefined || hasMedia(view)
          ? undefined
          : times(
              priced(
                {
                  input: estimatedTokens(view).high + JUDGE_PROMPT_TOKENS + 2 * cap,
                  output: calls.maxTokens,
                },
                judge,
                settings,
                false,
              ),
            ),
    },
  };
}

const usdOf = (amount: Money | undefined): number | null => amount?.usd ?? null;

/** What all answers will cost, by tier. */
export function forecastCells(
  forecasts: ReadonlyMap<Cell, CellForecast>,
  alreadySpent: Money,
): EvaluationForecast {
  const groups = new Map<
    string,
    { modelId: string; of: Pick<CellForecast, 'expected' | 'highest'>[]; calls: number }
  >();
  const add = (
    name: string,
    modelId: string,
    calls: number,
    of: Pick<CellForecast, 'expected' | 'highest'>,
  ): void => {
    const group = groups.get(name) ?? { modelId, of: [], calls: 0 };
    group.of.push(of);
    group.calls += calls;
    groups.set(name, group);
  };
  for (const [{ tier, grader }, { judge, ...answer }] of forecasts) {
    add(tier.name, tier.modelId, 1, answer);
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
    calls: forecasts.size,
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
