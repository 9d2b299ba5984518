import type { Money } from '@costkit/pricing';
import { estimateTokens } from '@costkit/tokens';
import { modelOf, moneyOf } from '../checks.js';
import type { Usd } from '../plan.js';
import { requestCost } from '../request-cost.js';
import { scaleMoney, sumOfKnown } from '../scale-money.js';
import { trainingPrice } from '../training-prices.js';
import { baseOf } from './require-pair.js';
import type { TrainingExample } from './training-example.js';
import { requestOf } from './training-files.js';

/** What a job would cost; `undefined` where a price is unknown. */
export interface DistillationForecast {
  /** Prompts of the data set. */
  readonly prompts: number;
  /** Tokens of all prompts, at the upper end of the estimate. */
  readonly inputTokens: number;
  /** The teacher's answers, each as long as it may be: an upper bound, on demand. Zero when they are in the logs. */
  readonly labels: Money | undefined;
  /** The training, by tokens of prompts and answers; `undefined` when no source lists the student's price. */
  readonly training: Money | undefined;
  /** Both; `undefined` when one of them is. */
  readonly total: Money | undefined;
}

/** What {@link forecastDistillation} needs besides the data. */
export interface DistillationForecastOptions {
  readonly teacher: string;
  readonly student: string;
  /** Most tokens of one answer. */
  readonly maxAnswerTokens: number;
  /** Source Region. */
  readonly region?: string;
  /** Passes over the data. @defaultValue 1 */
  readonly epochs?: number;
  /** Dollars per million training tokens. @defaultValue the published price, for the students that have one */
  readonly usdPerMillionTokens?: Usd;
}

/**
 * The most that a distillation costs: the teacher is asked once for every prompt. The service may add prompts of its
 * own to the data set, up to 15,000; those are not in it.
 */
export function forecastDistillation(
  examples: readonly TrainingExample[],
  options: DistillationForecastOptions,
): DistillationForecast {
  const { maxAnswerTokens, region, epochs = 1 } = options;
  const student = modelOf(baseOf(options.student));
  const teacher = modelOf(options.teacher);
  const context = region === undefined ? {} : { region };
  let inputTokens = 0;
  const answers: (Money | undefined)[] = [];
  // Each by itself: a long prompt may be in a dearer bracket.
  for (const example of examples) {
    const input = estimateTokens(requestOf(example), { model: options.teacher }).high;
    inputTokens += input;
    answers.push(requestCost(teacher, 'standard', { input, output: maxAnswerTokens }, context).cost);
  }
  const output = examples.length * maxAnswerTokens;
  const labels = sumOfKnown(answers);
  const perMillion =
    options.usdPerMillionTokens === undefined
      ? trainingPrice(student.model.id)
      : moneyOf(options.usdPerMillionTokens);
  const training =
    perMillion === undefined ? undefined : scaleMoney(perMillion, ((inputTokens + output) * epochs) / 1e6);
  return { prompts: examples.length, inputTokens, labels, training, total: sumOfKnown([labels, training]) };
}
