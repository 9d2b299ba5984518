import { CostkitError } from '@costkit/core';

/** A profile has the name that is wanted, but another model. Nothing was changed. */
export class ProfileConflictError extends CostkitError {
  override readonly name: string = 'ProfileConflictError';
  /** The profile that is there. */
  readonly arn: string;

  constructor(profileName: string, arn: string, present: string | undefined, wanted: string) {
    super(
      `costkit meter: the inference profile "${profileName}" (${arn}) is of ${present ?? 'an unknown model'}, not of ${wanted}. ` +
        'Delete it, or give its owner another name.',
      { code: 'COSTKIT_PROFILE_CONFLICT' },
    );
    this.arn = arn;
  }
}
