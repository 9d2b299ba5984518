import { Money } from '@costkit/pricing';
import { boundedMap } from './bounded-map.js';

/** Before so many drafts nothing is said. */
const MIN_DRAFTS = 20;
/** Weight of the newest draft, once there are enough. */
const NEWEST_WEIGHT = 0.05;
/** Where drafts lose, one call in so many still asks for one: what loses today may pay tomorrow. */
const TRIAL_EVERY = 50;
const MAX_TASKS = 1_000;

/** What one draft came to. */
interface DraftOutcome {
  readonly accepted: boolean;
  /** What the draft and its checks cost. */
  readonly paidUsd: number;
  /** What the call would have cost without a draft; `undefined`: unknown. */
  readonly strongUsd: number | undefined;
}

/** Whether drafts pay, task by task: several published cascades lose money. */
export interface CascadeEconomics {
  /** Why no draft is to be asked for; `undefined`: ask. Counts the calls that are turned away. */
  reasonToStop(task: string): string | undefined;
  /** What a draft saves on average, escalations included; `undefined` before the first. */
  expectedSaving(task: string): Money | undefined;
  learn(task: string, outcome: DraftOutcome): void;
}

interface Balance {
  drafts: number;
  meanSavedUsd: number;
  acceptedShare: number;
  turnedAway: number;
}

/** Makes an empty memory. */
export function createCascadeEconomics(): CascadeEconomics {
  const balances = boundedMap<string, Balance>(MAX_TASKS);
  return {
    reasonToStop: (task) => {
      const balance = balances.get(task);
      if (balance === undefined || balance.drafts < MIN_DRAFTS || balance.meanSavedUsd >= 0) return undefined;
      balance.turnedAway += 1;
      if (balance.turnedAway % TRIAL_EVERY === 0) return undefined;
      const accepted = `${(100 * balance.acceptedShare).toFixed(0)} % of the drafts are accepted`;
      return `drafts do not pay here: ${accepted}, and each costs ${Money.fromUsd(-balance.meanSavedUsd)} more than it saves`;
    },
    expectedSaving: (task) => {
      const balance = balances.get(task);
      return balance === undefined ? undefined : Money.fromUsd(balance.meanSavedUsd);
    },
    learn: (task, { accepted, paidUsd, strongUsd }) => {
      if (strongUsd === undefined) return;
      const balance = balances.get(task) ?? { drafts: 0, meanSavedUsd: 0, acceptedShare: 0, turnedAway: 0 };
      balances.set(task, balance);
      balance.drafts += 1;
      const weight = Math.max(NEWEST_WEIGHT, 1 / balance.drafts);
      const saved = (accepted ? strongUsd : 0) - paidUsd;
      balance.meanSavedUsd += weight * (saved - balance.meanSavedUsd);
      balance.acceptedShare += weight * ((accepted ? 1 : 0) - balance.acceptedShare);
    },
  };
}
