import type { Tags } from '@costkit/core';

/** An application inference profile: one model, for one team. Plain data, to be kept in a JSON file. */
export interface TeamProfile {
  /** What requests name as their model. */
  readonly arn: string;
  /** Its name in the account. */
  readonly name: string;
  /** The model or inference profile behind it; absent where Bedrock does not say which. */
  readonly modelId?: string;
  /** Whom its calls are booked to, by cost-allocation tags. */
  readonly tags: Tags;
}
