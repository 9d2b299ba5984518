import { CostkitError } from '../errors.js';

/** A source of prices cannot be reached, or what it sends is no price list. Nothing has been written. */
export class PriceSourceError extends CostkitError {
  override readonly name: string = 'PriceSourceError';

  constructor(
    problem: string,
    code: 'COSTKIT_PRICE_SOURCE_UNREACHABLE' | 'COSTKIT_PRICE_SOURCE_BROKEN',
    options: ErrorOptions = {},
  ) {
    super(`costkit pricing: ${problem}.`, { code, ...options });
  }
}
