import type { Usd } from './plan.js';

/** An amount of AWS credits with its own end and its own rules. */
export interface CreditPool {
  /** Unique, e.g. `Activate`. */
  readonly name: string;
  /** Dollars left. */
  readonly usd: Usd;
  /** Months from now until it expires; may be fractional. @defaultValue never */
  readonly expiresInMonths?: number;
  /** Names of the usages that it may pay. @defaultValue all */
  readonly eligible?: readonly string[];
  /** Months from now until it arrives, e.g. a second tranche. @defaultValue 0 */
  readonly startsInMonths?: number;
}
