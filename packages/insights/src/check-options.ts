import {
  checkOptions,
  InvalidOptionError,
  isArray,
  isBoolean,
  isFunction,
  isNonNegativeNumber,
  isObject,
  isPositiveInteger,
  isShare,
  isText,
  Money,
} from '@costkit/core';
import { checkEvaluation } from './report/quality-plane.js';
import type { AnalyzeOptions } from './types.js';

const isSource = (value: unknown): string | undefined =>
  isText(value) === undefined ||
  (Array.isArray(value) && value.length > 0 && value.every((one) => isText(one) === undefined))
    ? undefined
    : 'must be a path or address, or several';

const isPrice = (value: unknown): boolean => {
  try {
    return Money.fromUsd(value as string).picoUsd >= 0n;
  } catch {
    return false;
  }
};

/** @throws InvalidOptionError for options that are unknown or wrong. */
export function checkAnalyzeOptions(options: AnalyzeOptions): void {
  checkOptions<AnalyzeOptions>('insights', options, {
    source: isSource,
    s3: (value) =>
      typeof (value as { send?: unknown }).send === 'function' ? undefined : 'must be an S3 client',
    models: isObject,
    priceOverrides: isArray,
    provisionedUsdPerHour: isObject,
    trainingUsdPerMillionTokens: isObject,
    evaluation: isObject,
    tagKeys: isObject,
    allowGlobal: isBoolean,
    engineerDayUsd: isNonNegativeNumber,
    minUsdPerMonth: isNonNegativeNumber,
    minShare: isShare,
    memoryMb: isPositiveInteger,
    threads: isPositiveInteger,
    onProgress: isFunction,
  });
  if (options.source === undefined) throw new InvalidOptionError('insights', 'source', 'is missing');
  checkOptions<NonNullable<AnalyzeOptions['tagKeys']>>(
    'insights',
    options.tagKeys ?? {},
    { feature: isText, team: isText, task: isText },
    'tagKeys.',
  );
  for (const name of ['provisionedUsdPerHour', 'trainingUsdPerMillionTokens'] as const) {
    for (const [key, usd] of Object.entries(options[name] ?? {})) {
      if (!isPrice(usd)) {
        throw new InvalidOptionError(
          'insights',
          `${name}["${key}"]`,
          'must be dollars as decimal text, such as "39.60"',
        );
      }
    }
  }
  if (options.evaluation !== undefined) checkEvaluation(options.evaluation);
}
