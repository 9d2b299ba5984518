import { checkOptions, InvalidOptionError, isMode, isPositiveInteger, type LeverMode } from '@costkit/core';
import { isNames } from './is-names.js';

/** When the calls of one scope look like a loop. */
export interface LoopBreakerOptions {
  /** Dollars per minute that a scope may spend. @defaultValue no limit */
  readonly maxUsdPerMinute?: number;
  /**
   * How often a scope may send the same request (same model, same last message) within `windowMs`, or one request that
   * grows: each time all of the former, continued.
   *
   * @defaultValue 30, unless `maxUsdPerMinute` is given alone
   */
  readonly maxRepeats?: number;
  /** Window of `maxRepeats`. @defaultValue 60_000 */
  readonly windowMs?: number;
  /** Tags whose values make a scope: each is watched and stopped for itself. @defaultValue all calls are one scope */
  readonly per?: string | readonly string[];
  /** How long an open breaker stops a scope before it lets one call through. @defaultValue 60_000 */
  readonly coolDownMs?: number;
  /** `observe` alerts, `enforce` also stops. @defaultValue the meter's mode */
  readonly mode?: LeverMode;
}

/** Options with their defaults. */
export interface ReadyBreaker {
  readonly maxUsdPerMinute: number | undefined;
  readonly maxRepeats: number;
  readonly windowMs: number;
  readonly names: readonly string[];
  readonly coolDownMs: number;
  readonly mode: LeverMode;
}

const MINUTE_MS = 60_000;
const DEFAULT_MAX_REPEATS = 30;

const isPositiveNumber = (value: unknown): string | undefined =>
  typeof value === 'number' && Number.isFinite(value) && value > 0
    ? undefined
    : 'must be a finite number above 0';

/** @throws `InvalidOptionError` for options that are unknown or out of range. */
export function readyBreaker(options: LoopBreakerOptions, meterMode: LeverMode): ReadyBreaker {
  checkOptions<LoopBreakerOptions>(
    'meter',
    options,
    {
      maxUsdPerMinute: isPositiveNumber,
      maxRepeats: isPositiveInteger,
      windowMs: isPositiveInteger,
      per: (value) => isNames([value].flat()),
      coolDownMs: isPositiveInteger,
      mode: isMode,
    },
    'breaker.',
  );
  const { maxUsdPerMinute, windowMs = MINUTE_MS, coolDownMs = MINUTE_MS, mode = meterMode } = options;
  if (mode === 'enforce' && meterMode !== 'enforce') {
    throw new InvalidOptionError(
      'meter',
      'breaker.mode',
      `cannot be "enforce" while the meter's own mode is "${meterMode}"`,
    );
  }
  return {
    maxUsdPerMinute,
    maxRepeats:
      options.maxRepeats ?? (maxUsdPerMinute === undefined ? DEFAULT_MAX_REPEATS : Number.POSITIVE_INFINITY),
    windowMs,
    names: options.per === undefined ? [] : [options.per].flat(),
    coolDownMs,
    mode,
  };
}
