import { Money } from '@costkit/pricing';
import { boundedMap } from './bounded-map.js';
import type { ChosenTier } from './choose-tier.js';

/** From so many drafts on only what they came to counts; before, what is expected of them makes up for the rest. */
const ENOUGH_DRAFTS = 20;
/** Weight of the newest draft, once there are enough. */
const NEWEST_WEIGHT = 1 / ENOUGH_DRAFTS;
/** Where drafts lose, one call in so many still asks for one: what loses today may pay tomorrow. */
const TRIAL_EVERY = 50;
const MAX_TASKS = 1_000;
/** Share of the drafts that is escalated where nobody has said or seen it; `CascadeOptions.escalationShare` says why. */
const DEFAULT_ESCALATION_SHARE = 0.5;

/** What the calls of one cascade are expected to cost, in US dollars. */
export interface DraftPrices {
  readonly draftUsd: number;
  /** The model asked for, without a draft. */
  readonly requestedUsd: number;
  /** The model that answers where the draft is refused. */
  readonly escalationUsd: number;
}

/** What one draft came to. */
interface DraftOutcome {
  readonly accepted: boolean;
  /** What it saved, its checks and the escalation included; less than 0: it lost. */
  readonly savedUsd: number;
}

/** What the drafts of one task came to. */
export interface DraftBalance {
  readonly drafts: number;
  readonly meanSavedUsd: number;
  readonly acceptedShare: number;
}

/** Whether drafts pay, task by task: several published cascades lose money. */
export interface CascadeEconomics {
  /** Why no more drafts are to be asked for, by what they came to; `undefined`: ask. Counts the calls that are turned away. */
  reasonToStop(task: string): string | undefined;
  /** The same by what is expected of drafts, as long as too few were seen. */
  reasonNotToBegin(task: string, prices: DraftPrices | undefined): string | undefined;
  /** What a draft saves on average, escalations included; `undefined`: nobody can say. */
  expectedSaving(task: string, prices: DraftPrices | undefined): Money | undefined;
  learn(task: string, outcome: DraftOutcome): void;
  /** What every task's drafts came to. */
  balances(): Iterable<readonly [task: string, balance: DraftBalance]>;
  /** Takes over what another process has seen of a task, where that is more. */
  absorb(task: string, balance: DraftBalance): void;
}

/** What a cascade is expected to cost, call by call; without `strong` the model asked for takes escalations. */
export function draftPrices(draft: ChosenTier, strong: ChosenTier | undefined): DraftPrices | undefined {
  const requested = draft.saving === undefined ? undefined : draft.cost?.plus(draft.saving);
  const escalation = strong === undefined ? requested : strong.cost;
  if (draft.cost === undefined || requested === undefined || escalation === undefined) return undefined;
  return { draftUsd: draft.cost.usd, requestedUsd: requested.usd, escalationUsd: escalation.usd };
}

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const NONE: DraftBalance = { drafts: 0, meanSavedUsd: 0, acceptedShare: 0 };

/**
 * Makes an empty memory.
 *
 * @param expected - the share of drafts that is expected to be escalated, for all tasks or by task.
 */
export function createCascadeEconomics(
  expected: number | Readonly<Record<string, number>> = DEFAULT_ESCALATION_SHARE,
): CascadeEconomics {
  const balances = boundedMap<string, DraftBalance>(MAX_TASKS);
  const turnedAway = boundedMap<string, number>(MAX_TASKS);
  const expectedShare = (task: string): number => {
    if (typeof expected === 'number') return expected;
    return Object.hasOwn(expected, task) ? (expected[task] as number) : DEFAULT_ESCALATION_SHARE;
  };
  /** What was expected of a task, as far as too few drafts were seen, and what they came to. */
  const blended = (task: string, expectedValue: number, seenValue: number): number => {
    const { drafts } = balances.get(task) ?? NONE;
    return expectedValue + Math.min(1, drafts / ENOUGH_DRAFTS) * (seenValue - expectedValue);
  };
  const savingUsd = (task: string, prices: DraftPrices | undefined): number | undefined => {
    const { drafts, meanSavedUsd } = balances.get(task) ?? NONE;
    if (drafts >= ENOUGH_DRAFTS) return meanSavedUsd;
    if (prices === undefined) return undefined;
    const { draftUsd, requestedUsd, escalationUsd } = prices;
    return blended(task, requestedUsd - draftUsd - expectedShare(task) * escalationUsd, meanSavedUsd);
  };
  /** Counts a call that is turned away; now and then one is let through. */
  const isTurnedAway = (task: string): boolean => {
    const calls = (turnedAway.get(task) ?? 0) + 1;
    turnedAway.set(task, calls);
    return calls % TRIAL_EVERY !== 0;
  };
  const isEnough = (task: string): boolean => (balances.get(task)?.drafts ?? 0) >= ENOUGH_DRAFTS;
  return {
    reasonToStop: (task) => {
      const { meanSavedUsd, acceptedShare } = balances.get(task) ?? NONE;
      if (!isEnough(task) || meanSavedUsd >= 0 || !isTurnedAway(task)) return undefined;
      return `drafts do not pay here: ${percent(acceptedShare)} of the drafts are accepted, and each costs ${Money.fromUsd(-meanSavedUsd)} more than it saves`;
    },
    reasonNotToBegin: (task, prices) => {
      const saving = isEnough(task) ? undefined : savingUsd(task, prices);
      if (saving === undefined || saving >= 0 || !isTurnedAway(task)) return undefined;
      const { drafts, acceptedShare } = balances.get(task) ?? NONE;
      const share = percent(blended(task, expectedShare(task), 1 - acceptedShare));
      const by =
        drafts === 0 ? 'by what is expected' : `by what is expected and by ${drafts} that were tried`;
      return `drafts are not expected to pay here: ${share} of them would be escalated, ${by}, and each would cost ${Money.fromUsd(-saving)} more than it saves`;
    },
    expectedSaving: (task, prices) => {
      const saving = savingUsd(task, prices);
      return saving === undefined ? undefined : Money.fromUsd(saving);
    },
    learn: (task, { accepted, savedUsd }) => {
      const { drafts, meanSavedUsd, acceptedShare } = balances.get(task) ?? NONE;
      const weight = Math.max(NEWEST_WEIGHT, 1 / (drafts + 1));
      balances.set(task, {
        drafts: drafts + 1,
        meanSavedUsd: meanSavedUsd + weight * (savedUsd - meanSavedUsd),
        acceptedShare: acceptedShare + weight * ((accepted ? 1 : 0) - acceptedShare),
      });
    },
    balances: () => balances.entries(),
    absorb: (task, balance) => {
      if (balance.drafts > (balances.get(task) ?? NONE).drafts) balances.set(task, balance);
    },
  };
}
