import { Money } from '@costkit/pricing';
import { moneyOf } from './checks.js';
import { priceContextOf } from './estimate-workload.js';
import { type Pick, pickOf } from './estimated.js';
import { LEVERS, type LeverName } from './levers.js';
import { cheapest, scaleMoney } from './scale-money.js';
import { type Move, taskCost } from './task-cost.js';
import type { Workload, WorkloadTask } from './workload.js';

/** What a month costs. */
export interface Bill {
  /** All tasks whose price is known. */
  readonly tokens: Money;
  /** The other lines. */
  readonly services: readonly { readonly name: string; readonly cost: Money }[];
  readonly total: Money;
}

/** What the month costs with a set of levers. */
export type BillAfter = (levers: ReadonlySet<LeverName>) => Bill;

/**
 * The cheapest month that a set of levers allows: for each task the best choice among all combinations of the moves
 * that these levers bring, so a lever is used where it pays and left where it does not. More levers can therefore
 * never cost more, and what two of them would both save is in the bill once.
 *
 * Tasks without a known price today are left out of the bill altogether.
 */
export function billAfter(workload: Workload, pick: Pick): BillAfter {
  const context = priceContextOf(workload);
  const tasks = workload.tasks.map((task) => cheapestByMoves(task, pick, context));
  const { services = [], levers: whole = {} } = workload;
  return (levers) => {
    const moves = new Set(LEVERS.filter(({ lever }) => levers.has(lever)).flatMap((lever) => lever.moves));
    const wanted = Money.sum(tasks.map((costOf) => costOf(moves) ?? Money.zero));
    const wasted =
      levers.has('metering') && whole.metering !== undefined ? pickOf(whole.metering.wasteShare, pick) : 0;
    const tokens = scaleMoney(wanted, 1 - wasted);
    const others = services.map(({ name, usdPerMonth }) => {
      const shrinks = levers.has('embeddings') && whole.embeddings?.service === name;
      const saved = shrinks ? pickOf(whole.embeddings.savedShare, pick) : 0;
      return { name, cost: scaleMoney(moneyOf(usdPerMonth), 1 - saved) };
    });
    return { tokens, services: others, total: Money.sum([tokens, ...others.map(({ cost }) => cost)]) };
  };
}

/**
 * Moves that are only made where they pay, or never cost more: with them allowed, leaving them out is never cheaper,
 * so only combinations of the others need to be tried.
 */
const FREE_MOVES: readonly Move[] = ['caching', 'batch', 'outputLimits'];

function cheapestByMoves(
  task: WorkloadTask,
  pick: Pick,
  context: ReturnType<typeof priceContextOf>,
): (moves: ReadonlySet<Move>) => Money | undefined {
  const stated = Object.keys(task.levers ?? {}) as Move[];
  const byMoves = new Map<number, Money | undefined>();
  const costOf = (bits: number): Money | undefined => {
    if (!byMoves.has(bits)) {
      const chosen = new Set(stated.filter((_, index) => (bits & (1 << index)) !== 0));
      byMoves.set(bits, taskCost(task, chosen, pick, context).cost);
    }
    return byMoves.get(bits);
  };
  return (moves) => {
    // A task whose price is unknown today has no saving, whatever a lever would make of it.
    if (costOf(0) === undefined) return undefined;
    const bitsOf = (some: (move: Move) => boolean): number =>
      stated.reduce((bits, move, index) => (moves.has(move) && some(move) ? bits | (1 << index) : bits), 0);
    const free = bitsOf((move) => FREE_MOVES.includes(move));
    const open = bitsOf((move) => !FREE_MOVES.includes(move));
    const amounts: (Money | undefined)[] = [];
    for (let bits = open; ; bits = (bits - 1) & open) {
      amounts.push(costOf(bits | free));
      if (bits === 0) return cheapest(amounts);
    }
  };
}
