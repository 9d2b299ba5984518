import type { ResolvedBar } from './evaluation-bar.js';
import type { EvaluationForecast } from './forecast.js';
import type { Judgement } from './grader.js';
import type { NothingToTell } from './nothing-to-tell.js';
import type { Interval } from './statistics/wilson.js';

/** Version of the report's shape. */
export const EVALUATION_REPORT_VERSION = 1;

/** Why an answer counts as wrong without being graded. */
export type AnswerFailure = 'refused' | 'cut' | 'malformed' | 'error';

/** One cell of the graded matrix: what one tier did with one case. No prompt and no answer is in it. */
export interface CaseOutcome {
  readonly id: string;
  readonly task: string;
  /** Name of the tier. */
  readonly tier: string;
  /** 0 to 1. */
  readonly score: number;
  readonly failure?: AnswerFailure;
  /** Name of the error, where it failed by one. */
  readonly error?: string;
  readonly judgement?: Judgement;
  /** What the call costs on demand, which is what it will cost; `null`: unknown. */
  readonly usd: number | null;
  /** What the same tokens cost on demand on the baseline's model; `null`: unknown. */
  readonly usdOnBaseline: number | null;
  /** What was paid for it here: half of that in a batch job; judges are not in it. `null`: unknown. */
  readonly paidUsd: number | null;
  /** `null` in a batch job, which says nothing about it. */
  readonly latencyMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A model that was evaluated. */
export interface EvaluatedTier {
  readonly name: string;
  readonly modelId: string;
  /** The catalogue's id. */
  readonly model: string;
}

/** `holds`: good enough by the bar. `loses`: more cases will hardly change it. `undecided`: there are not enough. */
export type Verdict = 'holds' | 'loses' | 'undecided';

/**
 * A cheaper tier beside the baseline, on the cases of one task that both have answered: those on which the baseline's call
 * ended in an error are left out, an error of the tier counts as wrong.
 */
export interface TierComparison {
  readonly verdict: Verdict;
  /** The verdict in a sentence, with its figures. */
  readonly summary: string;
  /** Mean grade of the baseline less that of the tier, as seen. */
  readonly loss: number;
  /** At least this much is lost, one-sided. */
  readonly lossLowerBound: number;
  /** The largest loss that the cases do not rule out, one-sided, for this comparison alone. */
  readonly lossUpperBound: number;
  /** What the bar allows. */
  readonly maxLoss: number;
  /** Of "loses `maxLoss` or more". */
  readonly p: number;
  /** The same, adjusted (Holm) for all tasks and tiers of the report: accepted at one minus the confidence or below. */
  readonly adjustedP: number;
  /** Of "both are equally good", two-sided: McNemar's exact test where answers are right or wrong. */
  readonly differenceP: number;
  /** Cases that only the baseline, and only the tier, got right; absent where grades lie between. */
  readonly discordant?: { readonly losses: number; readonly gains: number };
  /** About how likely a tier that is as good would be accepted, with these cases and this many comparisons. */
  readonly powerIfEqual: number;
  /** About how likely a true loss of five points would show as a loss. */
  readonly powerForFivePoints: number;
  /** About how many cases a verdict needs; absent where there is one, and where no number would do. */
  readonly casesNeeded?: number;
  /**
   * Why no number of cases would do. `baseline`: it is so rarely right that even a tier that is always wrong would lose no
   * more than the bar allows. `judge`: more often than its preference, the order in which the answers stood decided.
   */
  readonly nothingToTell?: NothingToTell;
  /** Dollars saved per call; negative where it is dearer; `null`: unknown. */
  readonly savedUsdPerCall: number | null;
  /** The same as a share of what the baseline costs. */
  readonly savedShare: number | null;
}

/** What one tier did with the cases of one task. */
export interface TierResult {
  readonly tier: string;
  readonly cases: number;
  /** Mean grade. */
  readonly score: number;
  /** Around `score`, two-sided: Wilson's for right and wrong answers, else Gaffke's. */
  readonly scoreInterval: Interval;
  /** Mean cost of a call on demand, those aside that ended in an error; `null`: unknown. */
  readonly usdPerCall: number | null;
  /** Of the same calls; `null` where all came by batch jobs. */
  readonly medianLatencyMs: number | null;
  /** 95 of 100 calls took less. */
  readonly p95LatencyMs: number | null;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Answers that counted as wrong ungraded, by why. */
  readonly failures: Readonly<Record<AnswerFailure, number>>;
  /** Absent for the baseline. */
  readonly comparison?: TierComparison;
}

/** One task. */
export interface TaskReport {
  readonly task: string;
  readonly cases: number;
  /** Whether every grade is 0 or 1. */
  readonly rightOrWrong: boolean;
  /** In the order of the report's tiers. */
  readonly tiers: readonly TierResult[];
  /** The cheapest tier that holds and costs less than the baseline, or the baseline. */
  readonly choice: string;
}

/** Sending tasks where they hold, beside sending the same share of traffic there by chance. */
export interface ShuffledControl {
  /** Share of the cases that leave the baseline. */
  readonly movedShare: number;
  /** Mean grade and cost of a call when every task goes to its `choice`. */
  readonly chosen: { readonly score: number; readonly usdPerCall: number };
  /**
   * The same when as many cases go to each tier, but which ones is chance; scaled so that both cost the same, as far as
   * moving everything allows.
   */
  readonly shuffled: { readonly score: number; readonly usdPerCall: number; readonly movedShare: number };
  /** Mean grade of every case on the baseline, and its cost. */
  readonly baseline: { readonly score: number; readonly usdPerCall: number };
  /** What the choice is worth: grade when chosen less grade when shuffled, with its interval. */
  readonly difference: number;
  readonly differenceInterval: Interval;
}

/** What a judge did in both orders. */
export interface JudgeReport {
  /** Answers that it compared. */
  readonly compared: number;
  /** Share for which both orders led to the same verdict; what cannot be read agrees with nothing. */
  readonly agreement: number;
  /** Both orders: a tie. */
  readonly ties: number;
  /** Whichever answer stood first, or second, won both times. */
  readonly positionDisagreements: number;
  /** Verdicts that could not be read, of two for each answer. */
  readonly unreadable: number;
}

/** What an evaluation showed. Plain data: `JSON.stringify` keeps all of it. */
export interface EvaluationReport {
  readonly version: number;
  /** ISO time. */
  readonly evaluatedAt: string;
  /** Package and version that made it. */
  readonly tool: string;
  /** Fingerprint of the cases and what is right about them. */
  readonly casesDigest: string;
  readonly cases: number;
  readonly tiers: readonly EvaluatedTier[];
  /** Name of the tier that the others are compared with. */
  readonly baseline: string;
  /** Ids of the graders, by task. */
  readonly graders: Readonly<Record<string, string>>;
  readonly bar: ResolvedBar;
  readonly tasks: readonly TaskReport[];
  /** Absent where no task leaves the baseline, or a cost is unknown. */
  readonly control?: ShuffledControl;
  /** Absent without a judge. */
  readonly judge?: JudgeReport;
  readonly forecast: EvaluationForecast;
  /** Paid in all, judges and earlier runs of the results file included; what has no price is not in it. */
  readonly spentUsd: number;
  /** All digits of `spentUsd`. */
  readonly spentUsdExact: string;
  /** Of that, paid for grading. */
  readonly gradingUsd: number;
  /** Outcomes that came from the results file. */
  readonly resumed: number;
  /** Outcomes that are missing because `maxUsd` was reached, or a judge was throttled or not to be reached. */
  readonly missing: number;
  /** The graded matrix. */
  readonly outcomes: readonly CaseOutcome[];
}
