import { InvalidOptionError, isArray, isText } from '@costkit/core';
import type { GradedOutcome, RouterRecord } from '../learned/types.js';
import type { EvaluationCase } from './evaluation-case.js';
import type { EvaluationReport } from './evaluation-report.js';

interface Message {
  readonly role?: string;
  readonly content?: readonly { readonly text?: string }[];
}

/** What a router reads of a request: the texts of its last user message. */
function promptOf({ request }: EvaluationCase): string {
  const { messages } = request as { readonly messages: readonly Message[] };
  const last = messages.findLast(({ role }) => role === 'user');
  return (last?.content ?? []).flatMap(({ text }) => text ?? []).join('\n');
}

/**
 * The graded matrix of an evaluation as records to train a router or a cascade scorer from. They hold the grades of all
 * tiers: those beside the two that a router chooses between make it better. Calls that failed with an error say nothing of
 * the prompt and are left out, and so are cases that lack the grade of either tier.
 *
 * @param cases - those that were evaluated; the report itself holds no prompts.
 * @param tiers - the two that the router is to choose between, as `trainRouter` takes them.
 * @throws `InvalidOptionError` where the report lacks one of the tiers, or `cases` lacks a case of the report.
 *
 * @example
 * ```ts
 * const tiers = { cheap: 'haiku', strong: 'sonnet' };
 * const model = await trainRouter(routerRecords(report, cases, tiers), tiers);
 * ```
 */
export function routerRecords(
  report: EvaluationReport,
  cases: readonly EvaluationCase[],
  tiers: { readonly cheap: string; readonly strong: string },
): RouterRecord[] {
  const wrong = isArray(cases);
  if (wrong !== undefined) throw new InvalidOptionError('router', 'cases', wrong);
  for (const name of ['cheap', 'strong'] as const) {
    const tier = tiers?.[name];
    if (isText(tier) === undefined && report.tiers.some((one) => one.name === tier)) continue;
    const known = report.tiers.map((one) => one.name).join(', ');
    throw new InvalidOptionError('router', name, `must name a tier of the report; known are ${known}`);
  }
  const graded = new Map<string, Map<string, GradedOutcome>>();
  for (const { id, tier, score, usd, failure } of report.outcomes) {
    const outcomes = graded.get(id) ?? new Map<string, GradedOutcome>();
    graded.set(id, outcomes);
    if (failure !== 'error') outcomes.set(tier, usd === null ? { score } : { score, usd });
  }
  const byId = new Map(cases.map((one) => [one.id, one]));
  return [...graded].flatMap(([id, outcomes]): RouterRecord[] => {
    const own = byId.get(id);
    if (own === undefined) {
      throw new InvalidOptionError(
        'router',
        'cases',
        `must hold the cases of the report; "${id}" is missing`,
      );
    }
    if (!outcomes.has(tiers.cheap) || !outcomes.has(tiers.strong)) return [];
    return [{ prompt: promptOf(own), task: own.task, outcomes: Object.fromEntries(outcomes) }];
  });
}
