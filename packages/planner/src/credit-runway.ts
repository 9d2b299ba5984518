import { isArray, isPositiveInteger, isShare, isText, type OptionChecks } from '@costkit/core';
import { Money, PRICE_VERSION } from '@costkit/pricing';
import { checkCreditPools } from './check-credit-pools.js';
import { isGrowth } from './check-workload.js';
import { check, checkEach, invalid, isUsd, moneyOf, requireFields } from './checks.js';
import type { CreditPool } from './credit-pool.js';
import {
  type CreditMonth,
  type CreditSchedule,
  type CreditUsage,
  creditSchedule,
  orderOfCredits,
} from './credit-schedule.js';
import type { Assumption, PlanBasis, Usd } from './plan.js';
import { scaleMoney } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';

/** A saving that stretches credits. */
export interface CreditLever {
  /** Unique. */
  readonly name: string;
  /** Share of the usage that it saves. */
  readonly savedShare: number;
  /** Name of the usage that it shrinks. @defaultValue every usage */
  readonly usage?: string;
}

/** What {@link creditRunway} is asked. */
export interface CreditRunwayOptions {
  /** Credits at hand or promised. */
  readonly pools: readonly CreditPool[];
  /** What is paid every month; a number stands for one usage named `Bedrock`. */
  readonly usage: Usd | readonly CreditUsage[];
  /** Growth per month, e.g. 0.05. @defaultValue 0 */
  readonly growthPerMonth?: number;
  /** Savings to look at, each alone and all together. @defaultValue none */
  readonly levers?: readonly CreditLever[];
  /** How far to look. @defaultValue 120 */
  readonly maxMonths?: number;
}

/** How long credits last. */
export interface Runway {
  /** Months until a usage that credits could pay is first paid in cash; `undefined`: longer than was looked. */
  readonly months: number | undefined;
  /** Why it ended: balances were spent, or the last eligible credit expired with money left. */
  readonly endedBy: 'spent' | 'expired' | undefined;
}

/** The runway with one lever, or with all. */
export interface LeverRunway extends Runway {
  /** Name of the lever; `all` for all together. */
  readonly lever: string;
}

/** The answer of {@link creditRunway}. */
export interface CreditRunway extends PlanBasis<CreditRunwayOptions>, Runway {
  /** Months until anything is first paid in cash, e.g. a usage that no pool may pay. */
  readonly cashFrom: number | undefined;
  /** Names of the pools in the order in which AWS applies them. */
  readonly order: readonly string[];
  /** Each month until the credits end. */
  readonly schedule: readonly CreditMonth[];
  /** What became of each pool. */
  readonly pools: readonly { readonly name: string; readonly used: Money; readonly unused: Money }[];
  /** The same with levers. */
  readonly withLevers: readonly LeverRunway[];
  /** What one month costs at the start. */
  readonly firstMonth: Money;
}

const DEFAULT_MONTHS = 120;
const MOST_MONTHS = 600;

const OPTIONS: OptionChecks<CreditRunwayOptions> = {
  pools: isArray,
  usage: (value) => (Array.isArray(value) ? undefined : isUsd(value)),
  growthPerMonth: isGrowth,
  levers: isArray,
  maxMonths: (value) =>
    isPositiveInteger(value) ??
    ((value as number) <= MOST_MONTHS ? undefined : `must be at most ${MOST_MONTHS}`),
};
const USAGE: OptionChecks<CreditUsage> = { name: isText, usdPerMonth: isUsd, growthPerMonth: isGrowth };
const LEVER: OptionChecks<CreditLever> = { name: isText, savedShare: isShare, usage: isText };

const ORDER: Assumption = {
  what: 'order of credits',
  value: 'soonest to expire, then fewest eligible services, then oldest; the largest charge first',
  source: 'https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/useconsolidatedbilling-credits.html',
  certainty: 'documented',
};

/**
 * How long AWS credits pay a bill: pools by order of expiry, only for what they may pay, under growth, with and
 * without each lever.
 *
 * @throws InvalidOptionError for a malformed option, naming it
 *
 * @example
 * ```ts
 * import { creditRunway } from '@costkit/planner';
 *
 * const { months } = creditRunway({ pools: [{ name: 'Activate', usd: 25_000 }], usage: 9_000 });
 * months?.toFixed(1); // "2.8"
 * ```
 */
export function creditRunway(options: CreditRunwayOptions): CreditRunway {
  checkRunway(options);
  const { pools, growthPerMonth = 0, levers = [], maxMonths = DEFAULT_MONTHS } = options;
  const usages = usagesOf(options.usage);
  const after = (chosen: readonly CreditLever[]): CreditSchedule =>
    creditSchedule(
      pools,
      usages.map((usage) => reduced(usage, chosen)),
      growthPerMonth,
      maxMonths,
    );
  const schedule = after([]);
  const together = levers.length < 2 ? [] : [{ lever: 'all', ...runwayOf(after(levers), pools) }];
  const firstMonth = Money.sum(usages.map(({ usdPerMonth }) => moneyOf(usdPerMonth)));
  return {
    inputs: options,
    ...runwayOf(schedule, pools),
    cashFrom: schedule.cashFrom,
    order: orderOfCredits(pools).map(({ name }) => name),
    schedule: untilTheEnd(schedule),
    pools: pools.map(({ name, usd }) => {
      const unused = schedule.left.get(name)!;
      return { name, used: moneyOf(usd).minus(unused), unused };
    }),
    withLevers: [
      ...levers.map((lever) => ({ lever: lever.name, ...runwayOf(after([lever]), pools) })),
      ...together,
    ],
    firstMonth,
    assumptions: [ORDER],
    sensitivity: sensitivityOf(
      [
        { input: 'usage', times: (factor) => ({ usages: scaled(usages, factor), growth: growthPerMonth }) },
        {
          input: 'growthPerMonth',
          factors: [0, 2],
          times: (factor) => ({ usages, growth: growthPerMonth * factor }),
        },
      ],
      (varied) => creditSchedule(pools, varied.usages, varied.growth, maxMonths).endsAt,
    ),
    missing: [],
    priceVersion: PRICE_VERSION,
  };
}

function checkRunway(options: CreditRunwayOptions): void {
  check(options, OPTIONS);
  requireFields(options, ['pools', 'usage']);
  const { pools, usage, levers = [] } = options;
  checkCreditPools(pools, 'pools');
  if (Array.isArray(usage)) {
    if (usage.length === 0) throw invalid('usage', 'is empty; give what is paid every month');
    checkEach(usage as readonly CreditUsage[], USAGE, 'usage', ({ name }) => name);
    for (const [index, one] of (usage as readonly CreditUsage[]).entries()) {
      requireFields(one, ['name', 'usdPerMonth'], `usage[${index}].`);
    }
  }
  checkEach(levers, LEVER, 'levers', ({ name }) => name);
  const names = new Set(usagesOf(usage).map(({ name }) => name));
  for (const [index, lever] of levers.entries()) {
    requireFields(lever, ['name', 'savedShare'], `levers[${index}].`);
    if (lever.usage !== undefined && !names.has(lever.usage)) {
      throw invalid(`levers[${index}].usage`, `("${lever.usage}") is none of the usages`);
    }
  }
  for (const [index, { eligible = [] }] of pools.entries()) {
    const stranger = eligible.find((name) => !names.has(name));
    if (stranger !== undefined)
      throw invalid(`pools[${index}].eligible`, `("${stranger}") is none of the usages`);
  }
}

function usagesOf(usage: CreditRunwayOptions['usage']): readonly CreditUsage[] {
  return typeof usage === 'object' ? usage : [{ name: 'Bedrock', usdPerMonth: usage }];
}

/** Levers act one after another on what is left: savings multiply. */
function reduced(usage: CreditUsage, levers: readonly CreditLever[]): CreditUsage {
  let factor = 1;
  for (const lever of levers) {
    if (lever.usage === undefined || lever.usage === usage.name) factor *= 1 - lever.savedShare;
  }
  return scaled([usage], factor)[0]!;
}

function scaled(usages: readonly CreditUsage[], factor: number): CreditUsage[] {
  return usages.map((usage) => ({
    ...usage,
    usdPerMonth: scaleMoney(moneyOf(usage.usdPerMonth), factor).toUsdString(),
  }));
}

function runwayOf({ endsAt, left }: CreditSchedule, pools: readonly CreditPool[]): Runway {
  if (pools.length === 0) return { months: 0, endedBy: 'spent' };
  if (endsAt === undefined) return { months: undefined, endedBy: undefined };
  const isLost = ({ name, expiresInMonths = Number.POSITIVE_INFINITY }: CreditPool): boolean =>
    expiresInMonths <= endsAt && left.get(name)!.picoUsd > 0n;
  return { months: endsAt, endedBy: pools.some(isLost) ? 'expired' : 'spent' };
}

/** The months in which credits pay, and the first without. */
function untilTheEnd({ months }: CreditSchedule): readonly CreditMonth[] {
  const last = months.findLastIndex(({ paid }) => Object.keys(paid).length > 0);
  return months.slice(0, last + 2);
}
