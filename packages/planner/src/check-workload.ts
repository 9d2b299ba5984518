import {
  isArray,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
  type OptionChecks,
} from '@costkit/core';
import { checkCreditPools } from './check-credit-pools.js';
import {
  check,
  checkEach,
  invalid,
  isCount,
  isEstimated,
  isIsoDate,
  isPositiveNumber,
  isUsd,
  isWholeCount,
  modelOf,
  requireFields,
} from './checks.js';
import type {
  BatchLever,
  CachedPrefix,
  CachingLever,
  ContextLever,
  CreditsLever,
  DistillationLever,
  EmbeddingsLever,
  LeverNote,
  MeteringLever,
  OutputLimitsLever,
  ProvisionedLever,
  RoutingLever,
  TaskLevers,
  Workload,
  WorkloadLevers,
  WorkloadMode,
  WorkloadService,
  WorkloadTask,
} from './workload.js';

const NOTE: OptionChecks<LeverNote> = { effort: isOneOf('low', 'medium', 'high'), evidence: isText };
const SHARE = isEstimated(isShare);
const MODES: readonly WorkloadMode[] = [
  'standard',
  'flex',
  'priority',
  'reserved',
  'latencyOptimized',
  'batch',
];
/** Shares add up to 1 within what ten decimals of input can lose. */
const SHARE_TOLERANCE = 1e-9;

const ROUTING: OptionChecks<RoutingLever> = { ...NOTE, model: isText, share: SHARE };
const CACHING: OptionChecks<CachingLever> = {
  ...NOTE,
  prefixTokens: isWholeCount,
  hitShare: SHARE,
  prefixes: isPositiveInteger,
  activeHoursPerMonth: isPositiveNumber,
};
const BATCH: OptionChecks<BatchLever> = { ...NOTE, share: SHARE };
const OUTPUT: OptionChecks<OutputLimitsLever> = { ...NOTE, savedShare: SHARE };
const PROVISIONED: OptionChecks<ProvisionedLever> = { ...NOTE, share: SHARE, usdPerMonth: isUsd };
const CONTEXT: OptionChecks<ContextLever> = {
  ...NOTE,
  inputTokens: isEstimated(isCount),
  usdPerMonth: isUsd,
};
const DISTILLATION: OptionChecks<DistillationLever> = {
  ...NOTE,
  model: isText,
  share: SHARE,
  usdPerMonth: isUsd,
};
const EMBEDDINGS: OptionChecks<EmbeddingsLever> = { ...NOTE, service: isText, savedShare: SHARE };
const METERING: OptionChecks<MeteringLever> = { ...NOTE, wasteShare: SHARE };
const CREDITS: OptionChecks<CreditsLever> = {
  ...NOTE,
  pools: isArray,
  growthPerMonth: isGrowth,
  horizonMonths: isPositiveInteger,
};

const TASK_LEVERS: OptionChecks<TaskLevers> = {
  routing: isObject,
  caching: isObject,
  batch: isObject,
  outputLimits: isObject,
  provisioned: isObject,
  context: isObject,
  distillation: isObject,
};
const WORKLOAD_LEVERS: OptionChecks<WorkloadLevers> = {
  embeddings: isObject,
  metering: isObject,
  credits: isObject,
};

const WORKLOAD: OptionChecks<Workload> = {
  name: isText,
  region: isText,
  at: isIsoDate,
  tasks: isArray,
  services: isArray,
  levers: isObject,
};
const TASK: OptionChecks<WorkloadTask> = {
  name: isText,
  model: isText,
  requestsPerMonth: isCount,
  inputTokens: isWholeCount,
  outputTokens: isWholeCount,
  modes: isObject,
  cachedPrefix: isObject,
  levers: isObject,
};
const SERVICE: OptionChecks<WorkloadService> = { name: isText, usdPerMonth: isUsd };
const PREFIX: OptionChecks<CachedPrefix> = {
  tokens: isWholeCount,
  hitShare: isShare,
  ttl: isOneOf('5m', '1h'),
};

/** Growth per month: −1 (all gone) to 1 (doubled). */
export function isGrowth(value: unknown): string | undefined {
  return typeof value === 'number' && value > -1 && value <= 1 ? undefined : 'must be above -1 and at most 1';
}

/**
 * Checks a workload as a whole.
 *
 * @throws InvalidOptionError for what cannot be a workload, naming the field
 * @throws UnknownModelError for a model that the catalogue does not have
 */
export function checkWorkload(workload: Workload): void {
  check(workload, WORKLOAD);
  requireFields(workload, ['tasks']);
  const { tasks, services = [], levers } = workload;
  if (tasks.length === 0) throw invalid('tasks', 'is empty; give at least one task');
  checkEach(tasks, TASK, 'tasks', ({ name }) => name);
  for (const [index, task] of tasks.entries()) checkTask(task, `tasks[${index}].`);
  checkEach(services, SERVICE, 'services', ({ name }) => name);
  const reserved = services.findIndex(({ name }) => name === 'Bedrock');
  if (reserved >= 0) throw invalid(`services[${reserved}].name`, 'is "Bedrock", which stands for the tasks');
  for (const [index, service] of services.entries()) {
    requireFields(service, ['name', 'usdPerMonth'], `services[${index}].`);
  }
  if (levers !== undefined) checkWorkloadLevers(levers, services);
}

function checkTask(task: WorkloadTask, path: string): void {
  requireFields(task, ['name', 'model', 'requestsPerMonth', 'inputTokens', 'outputTokens'], path);
  modelOf(task.model);
  if (task.modes !== undefined) checkModes(task.modes, `${path}modes`);
  const { cachedPrefix, levers } = task;
  if (cachedPrefix !== undefined) {
    check(cachedPrefix, PREFIX, `${path}cachedPrefix.`);
    requireFields(cachedPrefix, ['tokens', 'hitShare'], `${path}cachedPrefix.`);
    if (cachedPrefix.tokens > task.inputTokens) {
      throw invalid(`${path}cachedPrefix.tokens`, `(${cachedPrefix.tokens}) is more than inputTokens`);
    }
  }
  if (levers !== undefined) checkTaskLevers(task, levers, `${path}levers.`);
}

function checkModes(modes: Readonly<Partial<Record<WorkloadMode, number>>>, path: string): void {
  let sum = 0;
  for (const [mode, share] of Object.entries(modes)) {
    if (!MODES.includes(mode as WorkloadMode))
      throw invalid(`${path}.${mode}`, `is unknown; known are ${MODES.join(', ')}`);
    const problem = isShare(share);
    if (problem !== undefined) throw invalid(`${path}.${mode}`, problem);
    sum += share;
  }
  if (Math.abs(sum - 1) > SHARE_TOLERANCE) throw invalid(path, `add up to ${sum}, not to 1`);
}

function checkTaskLevers(task: WorkloadTask, levers: TaskLevers, path: string): void {
  check(levers, TASK_LEVERS, path);
  const { routing, caching, batch, outputLimits, provisioned, context, distillation } = levers;
  checkLever(routing, ROUTING, ['model', 'share'], `${path}routing.`);
  checkLever(caching, CACHING, ['prefixTokens'], `${path}caching.`);
  checkLever(batch, BATCH, ['share'], `${path}batch.`);
  checkLever(outputLimits, OUTPUT, ['savedShare'], `${path}outputLimits.`);
  checkLever(provisioned, PROVISIONED, ['share', 'usdPerMonth'], `${path}provisioned.`);
  checkLever(context, CONTEXT, ['inputTokens'], `${path}context.`);
  checkLever(distillation, DISTILLATION, ['model', 'share'], `${path}distillation.`);
  if (caching !== undefined && caching.prefixTokens > task.inputTokens) {
    throw invalid(`${path}caching.prefixTokens`, `(${caching.prefixTokens}) is more than inputTokens`);
  }
  for (const lever of [routing, distillation]) if (lever !== undefined) modelOf(lever.model);
}

function checkWorkloadLevers(levers: WorkloadLevers, services: readonly WorkloadService[]): void {
  check(levers, WORKLOAD_LEVERS, 'levers.');
  const { embeddings, metering, credits } = levers;
  checkLever(embeddings, EMBEDDINGS, ['service', 'savedShare'], 'levers.embeddings.');
  checkLever(metering, METERING, ['wasteShare'], 'levers.metering.');
  checkLever(credits, CREDITS, ['pools'], 'levers.credits.');
  if (embeddings !== undefined && !services.some(({ name }) => name === embeddings.service)) {
    throw invalid('levers.embeddings.service', `("${embeddings.service}") is none of the services`);
  }
  if (credits !== undefined) checkCreditPools(credits.pools, 'levers.credits.pools');
}

function checkLever<T extends object>(
  lever: T | undefined,
  checks: OptionChecks<T>,
  required: readonly (keyof T & string)[],
  path: string,
): void {
  if (lever === undefined) return;
  check(lever, checks, path);
  requireFields(lever, required, path);
}
