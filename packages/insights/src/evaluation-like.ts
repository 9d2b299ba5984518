/** The part of an evaluation's report (`evaluateTiers`, `costkit eval --json`) that is read here. */
export interface EvaluationLike {
  /** Which model a tier is: by it a student is known. */
  readonly tiers?: readonly {
    readonly name: string;
    /** As it is called. */
    readonly modelId: string;
    /** The catalogue's id; of a student that of its base model. */
    readonly model: string;
  }[];
  readonly tasks: readonly {
    readonly task: string;
    readonly tiers: readonly {
      readonly tier: string;
      /** Mean grade, 0 to 1, and its interval. */
      readonly score: number;
      readonly scoreInterval: { readonly low: number; readonly high: number };
      /** `null`: unknown. */
      readonly usdPerCall: number | null;
      /** Beside the baseline. */
      readonly comparison?: { readonly verdict: 'holds' | 'loses' | 'undecided' };
    }[];
  }[];
}
