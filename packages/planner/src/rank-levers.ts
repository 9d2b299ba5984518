import { Money, PRICE_VERSION } from '@costkit/pricing';
import { type BillAfter, billAfter } from './bill-after.js';
import { checkWorkload } from './check-workload.js';
import type { CreditRunway } from './credit-runway.js';
import { estimateWorkload, priceContextOf } from './estimate-workload.js';
import { LEVERS, type LeverDescription, type LeverName } from './levers.js';
import { paidByCreditsOf } from './paid-by-credits.js';
import type { Assumption, PlanBasis } from './plan.js';
import { priceAssumptions } from './price-assumptions.js';
import { shareOf } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';
import { type Move, taskCost } from './task-cost.js';
import type { LeverEffort, LeverNote, Workload } from './workload.js';

/**
 * Whether a lever is worth it: it `pays` on top of those before it; it is `covered` by them, because they save already
 * what it would save alone; it `does not pay`; or nothing is known about it.
 */
export type LeverVerdict = 'pays' | 'covered' | 'does not pay' | 'unknown';

/** One lever in the ranking. */
export interface RankedLever extends Omit<LeverDescription, 'moves' | 'whole'> {
  /** 1 is first. */
  readonly rank: number;
  /** `unknown` when the workload says nothing about it. */
  readonly verdict: LeverVerdict;
  /** Dollars a month if it were the only lever; `undefined` when unknown. */
  readonly alone: Money | undefined;
  /** Smallest and largest value of `alone`, by the intervals of the workload; `undefined` when unknown. */
  readonly interval: { readonly low: Money; readonly high: Money } | undefined;
  /** Dollars a month on top of all levers of a better rank; these add up to what all levers save. */
  readonly added: Money | undefined;
  /** What the workload says about where its figures come from. */
  readonly evidence: readonly string[];
}

/** One step of the waterfall. */
export interface WaterfallStep {
  readonly lever: LeverName;
  readonly title: string;
  /** The month before. */
  readonly before: Money;
  /** Dollars that this step takes away. */
  readonly saved: Money;
  /** The month after: the next step's `before`. */
  readonly after: Money;
}

/** The answer of {@link rankLevers}. */
export interface LeverRanking extends PlanBasis<Workload> {
  /** What the workload costs in a month today. */
  readonly today: Money;
  /** What it costs with all levers that pay; before credits. */
  readonly after: Money;
  readonly saved: Money;
  /** `saved` as a share of `today`. */
  readonly savedShare: number;
  /** What credits leave to pay in a mean month of their horizon; `after` without credits. */
  readonly cashAfterCredits: Money;
  /** All nine levers: metering first, then by dollars against effort, then those of which nothing is known. */
  readonly levers: readonly RankedLever[];
  /** The levers in the playbook's order, credits last. */
  readonly waterfall: readonly WaterfallStep[];
  /** What the levers would save if each stood alone, less what they save together: never counted twice. */
  readonly overlap: Money;
  /** Tasks whose price is unknown; they are in no amount. */
  readonly unpriced: readonly string[];
  /** How long the credits last on the bill after all levers; absent without credits. */
  readonly credits?: CreditRunway;
}

/** A lever of middling effort must save twice what one of little effort saves to come before it, and so on. */
const EFFORT_WEIGHT: Readonly<Record<LeverEffort, number>> = { low: 1, medium: 2, high: 4 };
const EFFORTS: readonly LeverEffort[] = ['low', 'medium', 'high'];
const NONE: ReadonlySet<LeverName> = new Set();

/** Levers that change the bill; credits only pay it. */
const SAVING = LEVERS.filter(({ lever }) => lever !== 'credits');
const MOVES = LEVERS.flatMap(({ moves }) => moves);
const ALL: ReadonlySet<LeverName> = new Set(SAVING.map(({ lever }) => lever));

const UNIFORM: Assumption = {
  what: 'requests of a task',
  value: 'shares of levers are independent: what can wait is as often easy as what cannot',
  source: 'by definition of a task',
  certainty: 'assumed',
};

/**
 * Which lever first: all nine in dollars a month for a workload, overlaps counted once. Metering comes first, because
 * no saving can be shown without it; then the levers by what each adds to those before it, divided by its effort
 * (1 low, 2 medium, 4 high); then those of which the workload says nothing. Credits are the last step of the waterfall.
 *
 * @throws InvalidOptionError for what cannot be a workload, naming the field
 * @throws UnknownModelError for a model that the catalogue does not have
 *
 * @example
 * ```ts
 * import { rankLevers } from '@costkit/planner';
 *
 * const { levers } = rankLevers({
 *   tasks: [
 *     {
 *       name: 'chat',
 *       model: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
 *       requestsPerMonth: 200_000,
 *       inputTokens: 4_000,
 *       outputTokens: 400,
 *       levers: {
 *         caching: { prefixTokens: 3_000 },
 *         outputLimits: { savedShare: { low: 0.2, expected: 0.3, high: 0.4 } },
 *       },
 *     },
 *   ],
 * });
 * for (const { rank, title, added } of levers) console.log(rank, title, added === undefined ? 'unknown' : String(added));
 * ```
 */
export function rankLevers(workload: Workload): LeverRanking {
  checkWorkload(workload);
  const { missing, tasks } = estimateWorkload(workload);
  const bill = billAfter(workload, 'expected');
  const today = bill(NONE).total;
  const allLevers = bill(ALL);
  const after = allLevers.total;
  const credits = paidByCreditsOf(workload, allLevers);
  const paidByCredits = credits?.perMonth ?? Money.zero;
  const levers = ranked(workload, bill, credits?.perMonth);
  const alone = Money.sum(SAVING.map(({ lever }) => today.minus(bill(new Set([lever])).total)));
  return {
    inputs: workload,
    today,
    after,
    saved: today.minus(after),
    savedShare: shareOf(today.minus(after), today),
    cashAfterCredits: after.minus(paidByCredits),
    levers,
    waterfall: waterfallOf(bill, today, paidByCredits),
    overlap: alone.minus(today.minus(after)),
    unpriced: tasks.filter(({ cost }) => cost === undefined).map(({ name }) => name),
    ...(credits === undefined ? {} : { credits: credits.runway }),
    assumptions: [UNIFORM, ...priceAssumptions(workload.tasks.map(({ model }) => model))],
    sensitivity: sensitivityOf(
      [
        { input: 'requestsPerMonth', times: (factor) => withTasks(workload, factor, 'requestsPerMonth') },
        { input: 'outputTokens', times: (factor) => withTasks(workload, factor, 'outputTokens') },
      ],
      (varied) => billAfter(varied, 'expected')(ALL).total,
    ),
    missing: [...new Set([...missing, ...unpricedMoves(workload, MOVES)])],
    priceVersion: PRICE_VERSION,
  };
}

function withTasks(workload: Workload, factor: number, field: 'requestsPerMonth' | 'outputTokens'): Workload {
  const times = (value: number): number =>
    field === 'outputTokens' ? Math.round(value * factor) : value * factor;
  return { ...workload, tasks: workload.tasks.map((task) => ({ ...task, [field]: times(task[field]) })) };
}

function notesOf({ tasks, levers }: Workload, { moves, whole }: LeverDescription): LeverNote[] {
  const notes: (LeverNote | undefined)[] = tasks.flatMap((task) => moves.map((move) => task.levers?.[move]));
  if (whole !== undefined) notes.push(levers?.[whole]);
  return notes.filter((note) => note !== undefined);
}

/** The largest effort that a note names; the usual one where none does. */
function effortOf(notes: readonly LeverNote[], usual: LeverEffort): LeverEffort {
  const named = notes.flatMap(({ effort }) => (effort === undefined ? [] : [EFFORTS.indexOf(effort)]));
  return named.length === 0 ? usual : EFFORTS[Math.max(...named)]!;
}

/** A lever in its place, with what it adds to those before it. */
interface PlacedLever {
  readonly lever: LeverDescription;
  /** `undefined` when nothing is known of it. */
  readonly added: Money | undefined;
}

/** Metering first; then, again and again, the lever that adds most for its effort. */
function orderBySaving(workload: Workload, bill: BillAfter): PlacedLever[] {
  const known = SAVING.filter((lever) => notesOf(workload, lever).length > 0);
  const placed: PlacedLever[] = [];
  const chosen = new Set<LeverName>();
  const take = (lever: LeverDescription): void => {
    const saves = addedBy(bill, NONE, lever).picoUsd > 0n;
    const isKnown = saves || unpricedMoves(workload, lever.moves).length === 0;
    placed.push({ lever, added: isKnown ? addedBy(bill, chosen, lever) : undefined });
    chosen.add(lever.lever);
  };
  for (const lever of known) if (lever.lever === 'metering') take(lever);
  while (chosen.size < known.length) {
    const rest = known.filter(({ lever }) => !chosen.has(lever));
    const worth = rest.map((lever) => {
      const effort = effortOf(notesOf(workload, lever), lever.effort);
      return Number(addedBy(bill, chosen, lever).picoUsd) / EFFORT_WEIGHT[effort];
    });
    take(rest[worth.indexOf(Math.max(...worth))]!);
  }
  return placed;
}

/** All nine: measuring first even where nobody knows yet what it will find, and what is unknown last. */
function placeAll(saving: readonly PlacedLever[], paidByCredits: Money | undefined): PlacedLever[] {
  const credits = LEVERS.filter(({ lever }) => lever === 'credits' && paidByCredits !== undefined);
  const known = [...saving, ...credits.map((lever) => ({ lever, added: paidByCredits }))];
  const silent = LEVERS.filter((lever) => !known.some((placed) => placed.lever === lever));
  const places = [...known, ...silent.map((lever) => ({ lever, added: undefined }))];
  const rankOf = ({ lever, added }: PlacedLever): number =>
    lever.lever === 'metering' ? 0 : added === undefined ? 2 : 1;
  return places.sort((one, other) => rankOf(one) - rankOf(other));
}

function ranked(workload: Workload, bill: BillAfter, paidByCredits: Money | undefined): RankedLever[] {
  const ends = { low: billAfter(workload, 'low'), high: billAfter(workload, 'high') };
  const places = placeAll(orderBySaving(workload, bill), paidByCredits);
  return places.map(({ lever: description, added }, index) => {
    const { moves, whole, ...rest } = description;
    const notes = notesOf(workload, description);
    const isSaving = added !== undefined && description.lever !== 'credits';
    const aloneIn = (some: BillAfter): Money => addedBy(some, NONE, description);
    const alone = isSaving ? aloneIn(bill) : added;
    return {
      ...rest,
      effort: effortOf(notes, rest.effort),
      rank: index + 1,
      verdict: verdictOf(added, alone),
      alone,
      interval: isSaving ? { low: aloneIn(ends.low), high: aloneIn(ends.high) } : undefined,
      added,
      evidence: notes.flatMap(({ evidence }) => (evidence === undefined ? [] : [evidence])),
    };
  });
}

/** Prices that moves need and nobody knows, although the task itself has one. */
function unpricedMoves(workload: Workload, moves: readonly Move[]): string[] {
  const context = priceContextOf(workload);
  const priced = workload.tasks.filter(
    (task) => taskCost(task, new Set(), 'expected', context).cost !== undefined,
  );
  return priced.flatMap((task) =>
    moves
      .filter((move) => task.levers?.[move] !== undefined)
      .flatMap((move) => taskCost(task, new Set([move]), 'expected', context).missing),
  );
}

function verdictOf(added: Money | undefined, alone: Money | undefined): LeverVerdict {
  if (added === undefined || alone === undefined) return 'unknown';
  if (added.picoUsd > 0n) return 'pays';
  return alone.picoUsd > 0n ? 'covered' : 'does not pay';
}

function addedBy(bill: BillAfter, chosen: ReadonlySet<LeverName>, { lever }: LeverDescription): Money {
  return bill(chosen).total.minus(bill(new Set([...chosen, lever])).total);
}

function waterfallOf(bill: BillAfter, today: Money, paidByCredits: Money): WaterfallStep[] {
  const chosen = new Set<LeverName>();
  let before = today;
  return LEVERS.map(({ lever, title }) => {
    chosen.add(lever);
    const after = lever === 'credits' ? before.minus(paidByCredits) : bill(chosen).total;
    const step = { lever, title, before, saved: before.minus(after), after };
    before = after;
    return step;
  });
}
