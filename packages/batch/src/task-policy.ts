import { checkOptions, currentTags, InvalidOptionError, type Tags } from '@costkit/core';
import { costOf, type ResolvedModel, resolveModel } from '@costkit/pricing';
import { POLICY_CHECKS } from './batch-options.js';
import { BatchError } from './errors.js';
import type { TaskPolicyOptions } from './types.js';

/** A call of usual proportions: by it models that no tier names are compared. */
const USUAL_CALL = {
  input: 3_000,
  output: 1_000,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  cacheWrite30m: 0,
};

/**
 * Refuses a model above what the task needs: nothing is dearer than a batch job that was set to the wrong model.
 *
 * @returns the model that the policy names for the task, where it is another one than the batch's.
 * @throws {@link BatchError} `COSTKIT_BATCH_MODEL_ABOVE_POLICY`; `InvalidOptionError` for a policy that names no tier.
 */
export function checkPolicy(
  given: TaskPolicyOptions | undefined,
  resolved: ResolvedModel,
  tags: Tags | undefined,
): string | undefined {
  if (given === undefined) return undefined;
  checkOptions<TaskPolicyOptions>('batch', given, POLICY_CHECKS, 'policy.');
  const { tiers, policy, allowAbove = false } = given;
  const task = given.task ?? tags?.['task'] ?? currentTags()['task'] ?? '';
  const name = Object.hasOwn(policy.tasks ?? {}, task) ? policy.tasks[task]?.tier : policy.default;
  // A policy says nothing of tasks that nobody evaluated.
  if (name === undefined) return undefined;
  const needed = tiers.findIndex((tier) => tier.name === name);
  const needs = tiers[needed]?.modelId;
  const model = needs === undefined ? undefined : resolveModel(needs);
  if (needs === undefined || model === undefined) {
    throw new InvalidOptionError('batch', 'policy.tiers', `must name a known model for the tier "${name}"`);
  }
  if (model.model.id === resolved.model.id) return undefined;
  const own = tiers.findIndex(({ modelId }) => resolveModel(modelId)?.model.id === resolved.model.id);
  const isAbove = own === -1 ? usualCost(resolved) > usualCost(model) : own > needed;
  if (isAbove && !allowAbove) {
    throw new BatchError(
      'COSTKIT_BATCH_MODEL_ABOVE_POLICY',
      `the policy says that the task "${task}" needs "${name}" (${needs}), and ${resolved.model.id} is above it. Run that model, or say policy.allowAbove`,
    );
  }
  return isAbove ? needs : undefined;
}

const usualCost = (model: ResolvedModel): number => costOf(USUAL_CALL, { model, batch: true }).total.usd;
