import { InvalidOptionError } from '@costkit/core';
import type { EvaluationReport } from './evaluation-report.js';

/**
 * What a cascade's check would refuse of a tier's answers if it refused all that is wrong and nothing else: one minus the
 * tier's mean grade, task by task. For `CascadeOptions.escalationShare`; a check that is less sure refuses more.
 *
 * @param tier - name of the drafting tier, as in the report.
 * @throws `InvalidOptionError` where the report has no such tier.
 *
 * @example
 * ```ts
 * const client = withRouter(bare, {
 *   tiers,
 *   cascade: { check, escalationShare: escalationShares(report, 'cheap') },
 * });
 * ```
 */
export function escalationShares(report: EvaluationReport, tier: string): Record<string, number> {
  if (!report.tiers.some(({ name }) => name === tier)) {
    const known = report.tiers.map(({ name }) => name).join(', ');
    throw new InvalidOptionError('router', 'tier', `must name a tier of the report; known are ${known}`);
  }
  const shares = report.tasks.flatMap(({ task, tiers }) => {
    const result = tiers.find((one) => one.tier === tier);
    return result === undefined || result.cases === 0 ? [] : [[task, 1 - result.score] as const];
  });
  return Object.fromEntries(shares);
}
