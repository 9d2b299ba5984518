import { CostkitError } from '@costkit/pricing';

/** A routing policy is not what it must be. */
export class RoutingPolicyError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'RoutingPolicyError';
  override readonly name: string = 'RoutingPolicyError';
  /** Where in the policy, e.g. `tasks.faq.tier`; empty for the whole document. */
  readonly path: string;

  constructor(path: string, problem: string, options: ErrorOptions = {}) {
    super(`costkit router: the routing policy is invalid${path === '' ? '' : ` at "${path}"`}: ${problem}.`, {
      code: 'COSTKIT_INVALID_POLICY',
      ...options,
    });
    this.path = path;
  }
}

/** A tier names a model whose end of life has passed: every call to it would fail. */
export class ModelEndOfLifeError extends CostkitError {
  /** @internal */
  static readonly instanceName: string = 'ModelEndOfLifeError';
  override readonly name: string = 'ModelEndOfLifeError';
  /** The catalogue's model id. */
  readonly modelId: string;
  /** UTC, ISO date. */
  readonly endOfLife: string;

  constructor(tier: string, modelId: string, endOfLife: string) {
    super(
      `costkit router: tier "${tier}" names "${modelId}", whose end of life was ${endOfLife}. Choose another.`,
      { code: 'COSTKIT_MODEL_END_OF_LIFE' },
    );
    this.modelId = modelId;
    this.endOfLife = endOfLife;
  }
}
