/** What one tier did with one prompt, as graded by the caller. */
export interface GradedOutcome {
  /** Grade from 0 (useless) to 1 (right). */
  readonly score: number;
  /** What the answer cost, in US dollars; absent: unknown. Training does not read it. */
  readonly usd?: number;
}

/** One prompt with the grades of the answers that the tiers gave. */
export interface RouterRecord {
  /** What was asked, as plain text. */
  readonly prompt: string;
  /** The value of the `task` tag. Helps where tasks differ in how hard they are; a model scores without it, too. */
  readonly task?: string;
  /**
   * By the name of the tier: the two that a router is trained for, and any further ones. A single answer is right or wrong
   * by much chance; what further tiers made of the same prompt says how hard it is, and makes a better model. They may be
   * missing here and there.
   */
  readonly outcomes: Readonly<Record<string, GradedOutcome>>;
}

/** What is known of the cheap tier's answer before it is accepted. */
export interface CheapAnswer {
  /** The answer. */
  readonly text: string;
  /** Another cheap answer to the same prompt, of the same model or of another: agreement is the best sign there is. */
  readonly second?: string;
  /** How sure the cheap tier said it was, from 0 to 1. */
  readonly confidence?: number;
  /**
   * How likely the cheap tier found its own words: the mean of the log-probabilities of the tokens of an answer (natural
   * logarithm, 0 or less). Imported models say them: `return_logprobs` of InvokeModel
   * (https://docs.aws.amazon.com/bedrock/latest/userguide/custom-model-import-advanced-features.html).
   */
  readonly meanLogProbability?: number;
  /** Why the answer ended, as Bedrock says it. */
  readonly stopReason?: string;
}

/** A graded record with the cheap tier's answer. */
export interface CascadeRecord extends RouterRecord {
  readonly answer: CheapAnswer;
}

/** What a threshold has to hold, and how surely. */
export interface QualityTarget {
  /** Share of the strong tier's mean grade to keep, e.g. 0.99. */
  readonly keepShareOfStrongQuality: number;
  /**
   * The chance of missing the target on new prompts like the recorded ones that is accepted.
   * @defaultValue 0.1
   */
  readonly delta?: number;
  /**
   * The number of new prompts over which the target has to hold. Chance weighs more in few prompts, so fewer ask for
   * more caution.
   * @defaultValue as many as there are graded samples
   */
  readonly overPrompts?: number;
}

/** One graded prompt for the choice of a threshold, which must not have been used to train what scored it. */
export interface ThresholdSample {
  /** What the model said, from 0 to 1. */
  readonly score: number;
  /** Whether the model had seen the like; where it had not, the strong tier answers. @defaultValue true */
  readonly known?: boolean;
  /** Grade of the cheap tier's answer, from 0 to 1. */
  readonly cheap: number;
  /** Grade of the strong tier's answer, from 0 to 1. */
  readonly strong: number;
}

/** A threshold and what it does on the samples it was chosen from. Shares are 0 to 1. */
export interface ThresholdChoice {
  /** Prompts whose score is at least this go to the strong tier. 0: all do, because nothing less holds the target. */
  readonly threshold: number;
  /** Share of the samples that go to the cheap tier. */
  readonly cheapShare: number;
  /** Share of the samples that go to the strong tier because the model has not seen the like. */
  readonly abstainedShare: number;
  /** Mean grade reached, as a share of the strong tier's. */
  readonly shareOfStrongQuality: number;
  /** The target it was chosen for. */
  readonly target: Required<QualityTarget>;
}

/** Options of `trainRouter` and `trainCascadeScorer`. */
export interface TrainRouterOptions {
  /** Name of the cheap tier, as in the outcomes of the records. */
  readonly cheap: string;
  /** Name of the strong tier, as in the outcomes of the records. */
  readonly strong: string;
  /**
   * Decides how the records are divided for cross-validation. The same records and seed give the same model.
   * @defaultValue 1
   */
  readonly seed?: number;
  /** Chooses a threshold from cross-validated scores and keeps it in the model. */
  readonly target?: QualityTarget;
  /**
   * When the model was made, for its provenance.
   * @defaultValue now
   */
  readonly createdAt?: Date;
}

/** What a model says of one prompt. */
export interface Assessment {
  /**
   * From 0 (easy) to 1 (hard): the chance that the cheap tier's answer is worse than the strong tier's. Prompts that
   * are too hard for both tiers score low: the dearer answer would be wrong as well.
   */
  readonly score: number;
  /** The expected grade of the strong tier less that of the cheap tier, from −1 to 1. Orders prompts as `score` does. */
  readonly gain: number;
  /** Whether the model was trained on prompts like this one. Where not, do not trust the score. */
  readonly known: boolean;
  /** What the score is compared with, if the model was trained for a `target`: it depends on whether the task is told. */
  readonly threshold?: number;
  /** Where the prompt should go, if the model was trained for a `target`; the strong tier where it is not `known`. */
  readonly tier?: string;
}

/** Where a model comes from. */
export interface RouterModelProvenance {
  /** ISO time. */
  readonly createdAt: string;
  /** Number of graded records it was trained on. */
  readonly records: number;
  readonly cheap: string;
  readonly strong: string;
  readonly seed: number;
}

/** Judges prompts before they are sent. Scores take well under a millisecond and are pure. */
export interface RouterModel {
  readonly provenance: RouterModelProvenance;
  /** The threshold for the `target` that training was given. It holds for prompts whose task is told as in the records. */
  readonly threshold?: ThresholdChoice;
  /** The same for prompts whose task is not told or not known; absent where no record has a task. */
  readonly thresholdWithoutTask?: ThresholdChoice;
  /** The {@link Assessment.score} of a prompt. */
  score(prompt: string, task?: string): number;
  /** Everything the model says of a prompt. */
  assess(prompt: string, task?: string): Assessment;
  /** The form to save; `loadRouterModel` reads it. It holds weights and the names of tasks, no text of any prompt. */
  toJSON(): RouterModelJson;
}

/** Judges the cheap tier's answer before it is accepted. */
export interface CascadeScorer {
  readonly provenance: RouterModelProvenance;
  /** The threshold for the `target` that training was given. It holds for prompts whose task is told as in the records. */
  readonly threshold?: ThresholdChoice;
  /** The same for prompts whose task is not told or not known; absent where no record has a task. */
  readonly thresholdWithoutTask?: ThresholdChoice;
  /** The {@link Assessment.score} of an answer. */
  score(prompt: string, answer: CheapAnswer, task?: string): number;
  /** Everything the scorer says of an answer. */
  assess(prompt: string, answer: CheapAnswer, task?: string): Assessment;
  /** The form to save; `loadCascadeScorer` reads it. It holds weights and the names of tasks, no text. */
  toJSON(): RouterModelJson;
}

/** A linear model of one tier's grade: quantised weights of words, weights of structure. */
export interface HeadJson {
  readonly intercept: number;
  /** What one step of `words` is worth. */
  readonly step: number;
  /** Base64 of little-endian 16-bit integers, one a bucket. */
  readonly words: string;
  readonly structure: readonly number[];
}

/** The saved form of a model. Under 1 MB. */
export interface RouterModelJson {
  readonly version: number;
  readonly kind: 'prompt' | 'answer';
  readonly provenance: RouterModelProvenance;
  /** Base64 of one byte a bucket: how rare its words are; 0 for words that are not used. */
  readonly rarity: string;
  /** Base64 of the set of words that training has seen. */
  readonly vocabulary: string;
  readonly structure: { readonly means: readonly number[]; readonly deviations: readonly number[] };
  readonly heads: { readonly cheap: HeadJson; readonly strong: HeadJson };
  /** What the gain of a task is above what its text says. */
  readonly tasks: Readonly<Record<string, number>>;
  /** From the gain to the score. */
  readonly calibration: { readonly slope: number; readonly intercept: number };
  readonly limits: { readonly minKnownShare: number; readonly maxCharacters: number };
  readonly threshold?: ThresholdChoice;
  readonly thresholdWithoutTask?: ThresholdChoice;
}
