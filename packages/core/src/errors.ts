import { CostkitError } from '@costkit/pricing';

/** A lever was applied to a client that has it already; twice would be booked and changed twice. */
export class AlreadyAppliedError extends CostkitError {
  override readonly name: string = 'AlreadyAppliedError';
  /** Name of the lever. */
  readonly lever: string;

  constructor(lever: string) {
    super(`costkit core: the lever "${lever}" is on this client already. Apply it once.`, {
      code: 'COSTKIT_ALREADY_APPLIED',
    });
    this.lever = lever;
  }
}
