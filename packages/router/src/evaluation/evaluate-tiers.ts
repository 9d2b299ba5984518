import type { EvaluationOptions } from './evaluation-options.js';
import type { EvaluationReport } from './evaluation-report.js';
import type { EvaluationForecast } from './forecast.js';

/**
 * Asks every tier every case, grades the answers, and says for each task which cheaper tier is good enough: the quality
 * of each with its interval, cost and latency; what each downgrade saves and loses; whether the cases are enough to say so.
 *
 * Answers that are refused, cut or end in an error count as wrong. Nothing is asked before everything that can be checked
 * is: the cases, the graders, the prices, the limit.
 *
 * @throws `InvalidOptionError` for options that are wrong, `UnknownModelError` and `ModelEndOfLifeError` for tiers, and
 * `EvaluationError` for cases, limits, result files and graders; errors of the SDK that every call would meet (access,
 * credentials) as they are.
 *
 * @example
 * ```ts
 * const report = await evaluateTiers({
 *   client: new BedrockRuntimeClient({}),
 *   cases: readEvaluationCases('cases.jsonl'),
 *   tiers: [
 *     { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
 *     { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
 *   ],
 *   grade: exactGrader(),
 *   maxUsd: 5,
 *   resultsFile: 'results.jsonl',
 * });
 * for (const { task, tiers } of report.tasks) console.log(task, tiers[0]?.comparison?.summary);
 * ```
 */
export async function evaluateTiers(options: EvaluationOptions): Promise<EvaluationReport> {
  // Loaded when first used: an application that routes never evaluates.
  const { runEvaluation } = await import('./run-evaluation.js');
  return runEvaluation(options);
}

/**
 * What {@link evaluateTiers} would cost with these options, by tier; asks nobody.
 *
 * @throws what {@link evaluateTiers} throws before its first call, but for limits.
 *
 * @example
 * ```ts
 * const { expectedUsd, highestUsd } = await forecastEvaluation(options);
 * ```
 */
export async function forecastEvaluation(options: EvaluationOptions): Promise<EvaluationForecast> {
  const { forecastOf } = await import('./run-evaluation.js');
  return forecastOf(options);
}
