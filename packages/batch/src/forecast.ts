import { Money, NO_USAGE, type RequestView } from '@costkit/core';
import { costOf, type PriceQuery, type ResolvedModel, resolveModel } from '@costkit/pricing';
import { type ConverseLikeRequest, estimateTokens } from '@costkit/tokens';

/** What records cost by one way. */
export interface ForecastCost {
  /** Input alone, at the best estimate; `undefined`: the rate is unknown. */
  readonly input: Money | undefined;
  /**
   * With every answer as long as its cap and every input at the high end of its estimate; `undefined` where a record
   * has no cap or holds media that cannot be counted, or the rate is unknown.
   */
  readonly highest: Money | undefined;
}

/** Another way to have the same records answered. */
export interface ForecastAlternative extends ForecastCost {
  /**
   * `on-demand`: at once, one by one. `flex`: one by one at the flex tier. `cached`: on demand, the prefix that all
   * records share read from the prompt cache, which batch inference does not have. `smaller-model`: a batch of the
   * model that the task's policy needs.
   */
  readonly way: 'on-demand' | 'flex' | 'cached' | 'smaller-model';
  readonly model: string;
  /** Whether it is certain to cost less than the batch, where both are known: compared by `highest`, else by `input`. */
  readonly isCheaper: boolean;
}

/** What a batch will cost, by estimate. */
export interface BatchForecast extends ForecastCost {
  readonly records: number;
  /** Best estimate, all records. Media that no rule counts are not in it. */
  readonly inputTokens: number;
  /** Tokens at the beginning of every record that are the same in all of them, by estimate. */
  readonly sharedPrefixTokens: number;
  /** Other ways, cheapest first; those of unknown price last. */
  readonly alternatives: readonly ForecastAlternative[];
}

/** Adds up what records cost: each for itself, because long contexts have rates of their own. */
export interface Forecaster {
  add(view: RequestView): void;
  /** So far. */
  readonly records: number;
  end(): BatchForecast;
  /** What a run may cost at most: by jobs or, where records are too few for one, one by one. */
  highestOf(way: 'batch' | 'single'): Money | undefined;
}

/** Sums of one way. */
interface Sums {
  readonly query: PriceQuery;
  input: Money | undefined;
  highest: Money | undefined;
}

const sumsOf = (query: PriceQuery): Sums => ({ query, input: Money.zero, highest: Money.zero });

const plus = (sum: Money | undefined, amount: Money | undefined): Money | undefined =>
  sum === undefined || amount === undefined ? undefined : sum.plus(amount);

function price(query: PriceQuery, input: number, output: number): Money | undefined {
  const { total, complete } = costOf({ ...NO_USAGE, input, output }, query);
  return complete ? total : undefined;
}

/** Makes a forecaster. @param smaller - the model that the task's policy needs, where it is another one. */
export function createForecaster(
  query: PriceQuery,
  resolved: ResolvedModel,
  smaller: string | undefined,
): Forecaster {
  const model = resolved.model.id;
  const hasFlex = resolved.model.capabilities.tiers.includes('flex');
  const batch = sumsOf({ ...query, batch: true });
  const onDemand = sumsOf(query);
  const flex = hasFlex ? sumsOf({ ...query, tier: 'flex' }) : undefined;
  const small =
    smaller === undefined
      ? undefined
      : sumsOf({ ...query, model: resolveModel(smaller) ?? smaller, batch: true });
  const all = [
    batch,
    onDemand,
    ...(flex === undefined ? [] : [flex]),
    ...(small === undefined ? [] : [small]),
  ];
  let [records, inputTokens] = [0, 0];
  let prefix: string | undefined;

  /** What caching changes is linear in tokens: the same for every record. */
  const cached = (): ForecastCost | undefined => {
    const rules = resolved.model.capabilities.cache;
    const tokens = prefixTokens();
    if (rules?.explicit !== true || records < 2 || tokens < rules.minTokens) return undefined;
    const costs = (usage: object) => {
      const { total, complete } = costOf({ ...NO_USAGE, ...usage }, query);
      return complete ? total : undefined;
    };
    const [plain, read, write] = [
      costs({ input: tokens }),
      costs({ cacheRead: tokens }),
      costs({ cacheWrite5m: tokens }),
    ];
    if (plain === undefined || read === undefined || write === undefined) return undefined;
    const lessEach = plain.minus(read);
    const saved = lessEach.times(records - 1).minus(write.minus(plain));
    return { input: onDemand.input?.minus(saved), highest: onDemand.highest?.minus(saved) };
  };
  const prefixTokens = (): number =>
    records < 2 || prefix === undefined || prefix === '' ? 0 : estimateTokens(prefix, { model }).tokens;

  return {
    add: (view) => {
      const estimate = estimateTokens(view.input as ConverseLikeRequest, { model });
      records += 1;
      inputTokens += estimate.tokens;
      const isBounded = view.maxTokens !== undefined && estimate.unknown.length === 0;
      for (const sums of all) {
        sums.input = plus(sums.input, price(sums.query, estimate.tokens, 0));
        sums.highest = isBounded
          ? plus(sums.highest, price(sums.query, estimate.high, view.maxTokens as number))
          : undefined;
      }
      prefix = sharedPrefix(prefix, textOf(view));
    },
    get records() {
      return records;
    },
    end: () => {
      const alternatives: Omit<ForecastAlternative, 'isCheaper'>[] = [];
      const consider = (
        way: ForecastAlternative['way'],
        cost: ForecastCost | undefined,
        of = model,
      ): void => {
        if (cost !== undefined)
          alternatives.push({ way, model: of, input: cost.input, highest: cost.highest });
      };
      consider('on-demand', onDemand);
      consider('flex', flex);
      consider('cached', cached());
      consider('smaller-model', small, smaller);
      return {
        records,
        inputTokens,
        input: batch.input,
        highest: batch.highest,
        sharedPrefixTokens: prefixTokens(),
        alternatives: alternatives
          .map((one) => ({ ...one, isCheaper: compare(one, batch) < 0 }))
          .sort(compare),
      };
    },
    highestOf: (way) => (way === 'batch' ? batch : onDemand).highest,
  };
}

/** Unknown is no cheaper than anything. */
function compare(one: ForecastCost, other: ForecastCost): number {
  if (one.highest !== undefined && other.highest !== undefined) return one.highest.compare(other.highest);
  if (one.input !== undefined && other.input !== undefined) return one.input.compare(other.input);
  return Number(one.input === undefined) - Number(other.input === undefined);
}

/** The beginning of a prompt, as far as it is text. */
function textOf(view: RequestView): string {
  const { messages } = view.input as { messages?: readonly { content?: readonly { text?: unknown }[] }[] };
  const first = messages?.[0]?.content?.[0]?.text;
  return `${view.systemText}\n${typeof first === 'string' ? first : ''}`;
}

function sharedPrefix(known: string | undefined, text: string): string {
  if (known === undefined || text.startsWith(known)) return known ?? text;
  let length = 0;
  while (length < known.length && known[length] === text[length]) length += 1;
  return known.slice(0, length);
}
