import { CostkitError } from '@costkit/core';

/** A saved router model is not what it must be. */
export class RouterModelError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'RouterModelError';
  override readonly name: string = 'RouterModelError';
  /** Where in the model, e.g. `heads.cheap.words`; empty for the whole document. */
  readonly path: string;

  constructor(path: string, problem: string, options: ErrorOptions = {}) {
    super(
      `costkit router: the router model is invalid${path === '' ? '' : ` at "${path}"`}: ${problem}. Train it again, or load the file it was saved to.`,
      { code: 'COSTKIT_INVALID_ROUTER_MODEL', ...options },
    );
    this.path = path;
  }
}
