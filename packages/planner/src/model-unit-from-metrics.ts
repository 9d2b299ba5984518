import { isArray, isPositiveInteger, type OptionChecks } from '@costkit/core';
import { check, checkEach, invalid, isCount, requireFields } from './checks.js';
import type { ModelUnit } from './provisioned-throughput.js';

/** One minute of a provisioned model, as `AWS/Bedrock` metrics say it with a period of 60 seconds. */
export interface MeteredMinute {
  /** Sum of `InputTokenCount`; with a prompt cache, its reads and writes too. */
  readonly inputTokens: number;
  /** Sum of `OutputTokenCount`. */
  readonly outputTokens: number;
  /** Sum of `InvocationThrottles`. @defaultValue 0 */
  readonly throttles?: number;
}

/** What {@link modelUnitFromMetrics} is asked. */
export interface MeteredUnits {
  /** Model units that served these minutes. */
  readonly units: number;
  /** The metrics, in any order; minutes without requests may be left out. */
  readonly minutes: readonly MeteredMinute[];
}

/** What a unit has been seen to do. */
export interface MeteredUnit extends Required<ModelUnit> {
  /** Minutes in which requests were throttled: the units were full. */
  readonly throttledMinutes: number;
  /**
   * `full`: the busiest minutes were throttled ones, so that at least one of both figures is what a unit can do.
   * `notFull`: nothing was throttled; a unit can do at least this, and nobody has seen how much more.
   */
  readonly certainty: 'full' | 'notFull';
}

const OPTIONS: OptionChecks<MeteredUnits> = { units: isPositiveInteger, minutes: isArray };
const MINUTE: OptionChecks<MeteredMinute> = {
  inputTokens: isCount,
  outputTokens: isCount,
  throttles: isCount,
};

/**
 * What a model unit can do, from your own metrics: AWS publishes no figures. The busiest minute in input and the busiest
 * in output, each divided by the units: a lower bound of both. Only where requests were throttled had the units reached
 * their end, and then it is not known in which of the two; a load test with long prompts and one with long answers tell.
 *
 * @throws InvalidOptionError for a malformed option, or when no minute has tokens.
 *
 * @example
 * ```ts
 * const unit = modelUnitFromMetrics({
 *   units: 2,
 *   minutes: [{ inputTokens: 1_780_000, outputTokens: 92_000, throttles: 14 }],
 * });
 * unit.inputTokensPerMinute; // 890_000
 * ```
 */
export function modelUnitFromMetrics(metered: MeteredUnits): MeteredUnit {
  check(metered, OPTIONS);
  requireFields(metered, ['units', 'minutes']);
  const { units, minutes } = metered;
  checkEach(minutes, MINUTE, 'minutes');
  let [input, output, throttledMinutes, throttledPeak] = [0, 0, 0, 0];
  for (const [index, minute] of minutes.entries()) {
    requireFields(minute, ['inputTokens', 'outputTokens'], `minutes[${index}].`);
    input = Math.max(input, minute.inputTokens);
    output = Math.max(output, minute.outputTokens);
    throttledMinutes += (minute.throttles ?? 0) > 0 ? 1 : 0;
  }
  if (input === 0 || output === 0) throw invalid('minutes', 'has no minute with tokens in and out');
  for (const { inputTokens, outputTokens, throttles = 0 } of minutes) {
    if (throttles > 0) throttledPeak = Math.max(throttledPeak, inputTokens / input, outputTokens / output);
  }
  return {
    inputTokensPerMinute: input / units,
    outputTokensPerMinute: output / units,
    source: `the busiest of ${minutes.length} minutes on ${units} units, ${throttledMinutes} of them throttled`,
    throttledMinutes,
    certainty: throttledPeak >= NEAR_PEAK ? 'full' : 'notFull',
  };
}

/** A throttled minute that did far less than the busiest one was throttled for another reason. */
const NEAR_PEAK = 0.9;
