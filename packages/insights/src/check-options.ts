import {
  checkOptions,
  InvalidOptionError,
  isArray,
  isBoolean,
  isFunction,
  isNonNegativeNumber,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
  Money,
} from '@costkit/core';
import type { CreditOptions } from './credit-advice.js';
import { checkEvaluation } from './report/quality-plane.js';
import type { AnalyzeOptions } from './types.js';

const isSource = (value: unknown): string | undefined =>
  isText(value) === undefined ||
  (Array.isArray(value) && value.length > 0 && value.every((one) => isText(one) === undefined))
    ? undefined
    : 'must be a path or address, or several';

const isNumber = (value: unknown): string | undefined =>
  typeof value === 'number' ? undefined : 'must be a number';

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
    credits: isObject,
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
  checkOptions<CreditOptions>(
    'insights',
    options.credits ?? {},
    {
      stage: isOneOf('pre-seed', 'seed', 'series-a', 'later'),
      funding: isOneOf('none', 'institutional'),
      held: isArray,
      growthPerMonth: isNumber,
    },
    'credits.',
  );
  for (const [index, { pays }] of (options.credits?.held ?? []).entries()) {
    const problem = pays === undefined ? undefined : isOneOf('everything', 'bedrock')(pays);
    if (problem !== undefined)
      throw new InvalidOptionError('insights', `credits.held[${index}].pays`, problem);
  }
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
