import { Money } from '@costkit/pricing';
import type { Bill } from './bill-after.js';
import { type CreditRunway, creditRunway } from './credit-runway.js';
import { divideMoney, scaleMoney, shareOf } from './scale-money.js';
import type { Workload } from './workload.js';

const DEFAULT_HORIZON = 12;

/** What credits do for a bill. */
export interface PaidByCredits {
  /** Dollars a month that they pay of it. */
  readonly perMonth: Money;
  /** How long they last. */
  readonly runway: CreditRunway;
}

/**
 * What credits pay of the bill after all levers: the share of their horizon's bills, as dollars of the first of them. Under
 * growth a mean month of the horizon is more than the bill that it would be taken off.
 */
export function paidByCreditsOf(
  { levers }: Workload,
  { tokens, services, total }: Bill,
): PaidByCredits | undefined {
  const credits = levers?.credits;
  if (credits === undefined) return undefined;
  const { pools, growthPerMonth = 0, horizonMonths = DEFAULT_HORIZON } = credits;
  const costs = [{ name: 'Bedrock', cost: tokens }, ...services];
  const usage = costs.map(({ name, cost }) => ({ name, usdPerMonth: cost.toUsdString() }));
  const within = creditRunway({ pools, usage, growthPerMonth, maxMonths: horizonMonths });
  const paid = Money.sum(within.pools.map(({ used }) => used));
  const perMonth =
    growthPerMonth === 0
      ? divideMoney(paid, horizonMonths)
      : scaleMoney(total, shareOf(paid, total) / firstMonths(growthPerMonth, horizonMonths));
  return {
    // Rounding must not pay more than there is.
    perMonth: perMonth.compare(total) > 0 ? total : perMonth,
    runway: creditRunway({ pools, usage, growthPerMonth }),
  };
}

/** The bills of so many months, in first months. */
function firstMonths(growthPerMonth: number, months: number): number {
  let sum = 0;
  for (let month = 0; month < months; month += 1) sum += (1 + growthPerMonth) ** month;
  return sum;
}
