export { CostkitError, type CostkitErrorOptions, InvalidOptionError, UnknownModelError } from './errors.js';
export { Money } from './money.js';
export type * from './types.js';
