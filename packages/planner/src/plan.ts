import type { Certainty, Money } from '@costkit/pricing';

/** Dollars: a number, or exact decimal text. */
export type Usd = number | string;

/** A figure that is known only roughly: one number, or an interval around what is expected. */
export type Estimated = number | EstimatedRange;

/** An interval: `low` ≤ `expected` ≤ `high`. */
export interface EstimatedRange {
  /** The smallest value to reckon with. */
  readonly low: number;
  /** The value to plan with. */
  readonly expected: number;
  /** The largest value to reckon with. */
  readonly high: number;
}

/** Something a plan rests on that is neither arithmetic nor a price of the catalogue. */
export interface Assumption {
  /** What is assumed, e.g. `model-unit price`. */
  readonly what: string;
  /** The value, for people. */
  readonly value: string;
  /** Where it comes from, with its date; `input` for what the caller gave. */
  readonly source: string;
  /** How sure it is; `given` for what the caller gave. */
  readonly certainty: Certainty | 'given';
}

/** What becomes of the result when one input is otherwise. */
export interface Sensitivity {
  /** Name of the input. */
  readonly input: string;
  /** What it is multiplied by. */
  readonly factor: number;
  /** The plan's headline amount then; absent when a price is unknown, or the headline is no amount. */
  readonly amount?: Money;
  /** The plan's headline number then, where it is no amount: months, or a break-even; absent when there is none. */
  readonly value?: number;
}

/** Where two costs cross. */
export interface BreakEven {
  /** The quantity along which they are compared, e.g. `requests a month`. */
  readonly quantity: string;
  /** Its value where the costs are equal; `undefined` when they never are. */
  readonly value: number | undefined;
  /** What is cheaper below that value, or everywhere when there is none. */
  readonly cheaperBelow: string;
  /** What is cheaper above that value; `undefined` when there is none. */
  readonly cheaperAbove?: string;
}

/** What every plan carries besides its verdict. */
export interface PlanBasis<Inputs> {
  /** What was given, unchanged. */
  readonly inputs: Inputs;
  /** What the plan rests on besides inputs and catalogue prices. */
  readonly assumptions: readonly Assumption[];
  /** The headline amount when one input is otherwise. */
  readonly sensitivity: readonly Sensitivity[];
  /** Prices and figures that are not known: amounts that need them are `undefined`, never 0. */
  readonly missing: readonly string[];
  /** State of the price catalogue. */
  readonly priceVersion: string;
}
