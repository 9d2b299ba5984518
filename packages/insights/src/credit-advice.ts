import type { Money } from '@costkit/core';
import type {
  CreditLever,
  CreditPool,
  CreditProgramme,
  StartupFunding,
  StartupStage,
} from '@costkit/planner';
import { type BilledBeside, billedBeside } from './billed-beside.js';
import type { Database } from './database.js';

/** Credits that an account has. */
export interface HeldCredits extends Pick<CreditPool, 'name' | 'usd' | 'expiresInMonths' | 'startsInMonths'> {
  /** What their terms let them pay: everything, or Bedrock alone. @defaultValue `"everything"` */
  readonly pays?: 'everything' | 'bedrock';
}

/** What is known of an account's credits; no log says it. */
export interface CreditOptions {
  /** How far the startup is: programmes of other stages are left out. @defaultValue programmes of every stage */
  readonly stage?: StartupStage;
  /** Who has paid for it so far. @defaultValue programmes for any funding */
  readonly funding?: StartupFunding;
  /** Credits at hand or promised. @defaultValue unknown */
  readonly held?: readonly HeldCredits[];
  /** Growth of the spending per month, e.g. 0.05. @defaultValue 0 */
  readonly growthPerMonth?: number;
}

/** How long credits last. */
export interface CreditMonths {
  /** With what is spent today; `undefined`: ten years and more. */
  readonly today: number | undefined;
  /** When everything recommended is done; `undefined`: ten years and more. */
  readonly after: number | undefined;
}

/** What a programme of credits would pay. */
export interface ProgrammeRunway
  extends Pick<CreditProgramme, 'name' | 'kind' | 'minUsd' | 'maxUsd' | 'pays' | 'source' | 'certainty'> {
  /** Who it is for, by what third parties report. */
  readonly isFor: string;
  /** With the least that it grants. */
  readonly least: CreditMonths;
  /** With the most that it grants. */
  readonly most: CreditMonths;
}

/** Credits: runway, and no saving, so that no amount of the ranking holds them. */
export interface CreditAdvice {
  readonly title: string;
  /** The tokens of the calls, a month. */
  readonly perMonth: Money;
  /** The same when everything recommended is done. */
  readonly perMonthAfter: Money;
  /** What the account pays beside its models, a month, by the bill: credits go there, too. `undefined`: no bill. */
  readonly besidePerMonth: Money | undefined;
  /** What credits have paid a month, by the bill. `undefined`: no bill. */
  readonly usedPerMonth: Money | undefined;
  /** How long the credits last that were told, in months. */
  readonly held?: CreditMonths & {
    /** `expired`: they end with money left. */
    readonly endedBy: 'spent' | 'expired' | undefined;
  };
  /** What could be asked for. */
  readonly programmes: readonly ProgrammeRunway[];
  readonly confidence: 'low';
  readonly method: string;
  readonly risk: string;
  readonly effortDays: number;
  readonly bestFor: string;
  /** What no log and no bill says. */
  readonly unknown: readonly string[];
  /** The command that goes on from here. */
  readonly command: string;
}

/** What the advice is about. */
export interface SpendingFacts {
  readonly perMonth: Money;
  readonly perMonthAfter: Money;
  /** What is recommended to save beside the tokens, a month. */
  readonly savedBeside: Money;
  readonly options: CreditOptions;
}

const BEDROCK = 'Bedrock';
const BESIDE = 'everything else on the bill';
/** Ten years. */
const MOST_MONTHS = 120;

const poolsOf = (held: readonly HeldCredits[]): CreditPool[] =>
  held.map(({ pays, ...pool }) => (pays === 'bedrock' ? { ...pool, eligible: [BEDROCK] } : pool));

/** @throws InvalidOptionError for credits that are none, before anything is read. */
export async function checkCreditOptions({ held = [], growthPerMonth = 0 }: CreditOptions): Promise<void> {
  const { creditRunway } = await import('@costkit/planner');
  creditRunway({ pools: poolsOf(held), usage: [{ name: BEDROCK, usdPerMonth: 1 }], growthPerMonth });
}

/** How long credits last, before and after what is recommended; `undefined` where nothing is spent. */
export async function creditAdvice(
  database: Database,
  { perMonth, perMonthAfter, savedBeside, options }: SpendingFacts,
): Promise<CreditAdvice | undefined> {
  if (perMonth.picoUsd <= 0n) return undefined;
  const { CREDIT_PROGRAMMES, creditProgrammesFor, creditRunway } = await import('@costkit/planner');
  const { stage, funding, held, growthPerMonth = 0 } = options;
  const beside = await billedBeside(database);
  const usage = [
    { name: BEDROCK, usdPerMonth: perMonth.toUsdString() },
    ...(beside.perMonth === undefined ? [] : [{ name: BESIDE, usdPerMonth: beside.perMonth.toUsdString() }]),
  ];
  const levers = leversOf(perMonth.minus(perMonthAfter), perMonth, BEDROCK).concat(
    beside.perMonth === undefined ? [] : leversOf(savedBeside, beside.perMonth, BESIDE),
  );
  const runwayOf = (pools: readonly CreditPool[]) => {
    const runway = creditRunway({ pools, usage, levers, growthPerMonth, maxMonths: MOST_MONTHS });
    const last = runway.withLevers.at(-1);
    return {
      today: runway.months,
      after: last === undefined ? runway.months : last.months,
      endedBy: runway.endedBy,
    };
  };
  const monthsOf = (usd: number): CreditMonths => {
    const { today, after } = runwayOf([{ name: 'programme', usd }]);
    return { today, after };
  };
  const programmes = CREDIT_PROGRAMMES.filter(
    (programme) =>
      (stage === undefined || creditProgrammesFor(stage, programme.funding ?? 'none').includes(programme)) &&
      (funding === undefined || programme.funding === undefined || programme.funding === funding),
  );
  return {
    title: 'Ask for AWS credits: they pay the bill for a while, and save nothing',
    perMonth,
    perMonthAfter,
    besidePerMonth: beside.perMonth,
    usedPerMonth: beside.creditsPerMonth,
    ...(held === undefined ? {} : { held: runwayOf(poolsOf(held)) }),
    programmes: programmes.map(({ name, kind, minUsd, maxUsd, pays, source, certainty, ...asks }) => ({
      name,
      kind,
      minUsd,
      maxUsd,
      pays,
      source,
      certainty,
      isFor: isForText(asks),
      least: monthsOf(minUsd),
      most: monthsOf(maxUsd),
    })),
    confidence: 'low',
    method:
      'The sums that third parties report of each programme, spent at what these logs cost a month, and at what is left of it when everything recommended is done.',
    risk: 'Credits expire, and the bill comes back: cut first, so that they last longer.',
    effortDays: 1,
    bestFor: 'Startups that have not asked for all that they may.',
    unknown: unknownOf(options, beside),
    command: commandOf(perMonth, perMonthAfter, options),
  };
}

const leversOf = (saved: Money, of: Money, usage: string): CreditLever[] =>
  saved.picoUsd <= 0n || of.picoUsd <= 0n
    ? []
    : [{ name: `what is recommended for ${usage}`, usage, savedShare: Math.min(1, saved.usd / of.usd) }];

function isForText({ stages, funding }: Pick<CreditProgramme, 'stages' | 'funding'>): string {
  const stage = stages === undefined ? 'any stage' : stages.join(', ');
  return funding === 'institutional' ? `${stage}, with institutional investors` : stage;
}

function unknownOf(
  { stage, funding, held }: CreditOptions,
  { perMonth, creditsPerMonth }: BilledBeside,
): string[] {
  return [
    'Whether you may have them, and how much is granted: AWS says that when asked.',
    'What they may pay: their terms say it, also of models that the Marketplace bills, such as Claude. Here they pay all of it.',
    'When they expire: what is left then is lost.',
    ...(stage === undefined || funding === undefined
      ? ['Stage and funding: programmes of others are listed, too.']
      : []),
    ...(held === undefined ? ['What is left of the credits that you have.'] : []),
    ...(perMonth === undefined
      ? ['What else the account pays from them: no bill is among the sources.']
      : []),
    ...(creditsPerMonth?.picoUsd === 0n
      ? ['Whether the account has any: its bill shows none that was used.']
      : []),
  ];
}

function commandOf(
  perMonth: Money,
  perMonthAfter: Money,
  { held = [], growthPerMonth }: CreditOptions,
): string {
  const share = 1 - perMonthAfter.usd / perMonth.usd;
  const pools =
    held.length === 0
      ? ' --pool NAME=DOLLARS@MONTHS'
      : held
          .map(
            ({ name, usd, expiresInMonths: end }) =>
              ` --pool '${name}=${usd}${end === undefined ? '' : `@${end}`}'`,
          )
          .join('');
  return `costkit plan credits${pools} --usage ${perMonth.usd.toFixed(2)}${
    growthPerMonth === undefined ? '' : ` --growth ${growthPerMonth}`
  }${share > 0 ? ` --lever recommended=${share.toFixed(4)}` : ''}`;
}
