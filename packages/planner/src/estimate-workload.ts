import { Money, PRICE_VERSION } from '@costkit/pricing';
import { checkWorkload } from './check-workload.js';
import { modelOf, moneyOf } from './checks.js';
import type { Assumption, PlanBasis } from './plan.js';
import { priceAssumptions } from './price-assumptions.js';
import { type PriceContext, requestCost } from './request-cost.js';
import { scaleMoney, shareOf } from './scale-money.js';
import { sensitivityOf } from './sensitivity.js';
import { type TaskCost, type TaskPart, taskCost } from './task-cost.js';
import type { Workload, WorkloadMode, WorkloadTask } from './workload.js';

/** What one task costs in a month. */
export interface TaskEstimate {
  readonly name: string;
  /** Dollars a month; `undefined` when a price is unknown. */
  readonly cost: Money | undefined;
  /** Mean dollars of one request; `undefined` when a price is unknown or there are no requests. */
  readonly costPerRequest: Money | undefined;
  /** Share of the known total. */
  readonly share: number;
  /** The requests, grouped by how they are priced. */
  readonly parts: readonly TaskPart[];
}

/** What a workload costs in a month. */
export interface WorkloadEstimate extends PlanBasis<Workload> {
  /** Sum of everything that has a price; a lower bound when `complete` is false. */
  readonly total: Money;
  /** Whether every price was known. */
  readonly complete: boolean;
  readonly tasks: readonly TaskEstimate[];
  /** The other lines of the bill. */
  readonly services: readonly { readonly name: string; readonly cost: Money }[];
}

const NO_MOVES: ReadonlySet<never> = new Set();

/** How the requests of a workload are priced. */
export function priceContextOf({ region, at }: Workload): PriceContext {
  return { ...(region === undefined ? {} : { region }), ...(at === undefined ? {} : { at: new Date(at) }) };
}

/**
 * What a workload costs in a month, before any log exists: requests × tokens × catalogue rates, task by task. Means
 * stand for every request of a task, so a task whose prompts lie on both sides of a long-context threshold should be
 * two tasks.
 *
 * @throws InvalidOptionError for what cannot be a workload, naming the field
 * @throws UnknownModelError for a model that the catalogue does not have
 *
 * @example
 * ```ts
 * import { estimateWorkload } from '@costkit/planner';
 *
 * const estimate = estimateWorkload({
 *   tasks: [{ name: 'chat', model: 'amazon.nova-lite-v1:0', requestsPerMonth: 1e6, inputTokens: 1_000, outputTokens: 200 }],
 * });
 * String(estimate.total); // "$108.00"
 * ```
 */
export function estimateWorkload(workload: Workload): WorkloadEstimate {
  checkWorkload(workload);
  const costs = costsOf(workload);
  const services = (workload.services ?? []).map(({ name, usdPerMonth }) => ({
    name,
    cost: moneyOf(usdPerMonth),
  }));
  const total = totalOf(workload, costs);
  const tasks = workload.tasks.map((task, index) => {
    const { cost, parts } = costs[index]!;
    return {
      name: task.name,
      cost,
      costPerRequest:
        cost === undefined || task.requestsPerMonth === 0
          ? undefined
          : scaleMoney(cost, 1 / task.requestsPerMonth),
      share: cost === undefined ? 0 : shareOf(cost, total),
      parts,
    };
  });
  const missing = [...new Set(costs.flatMap((cost) => cost.missing))];
  return {
    inputs: workload,
    total,
    complete: missing.length === 0,
    tasks,
    services,
    assumptions: [
      MEANS,
      ...capacityAssumptions(workload),
      ...priceAssumptions(workload.tasks.map(({ model }) => model)),
    ],
    sensitivity: sensitivityOf(variationsOf(workload), (varied) => {
      const variedCosts = costsOf(varied);
      return variedCosts.some(({ cost }) => cost === undefined) ? undefined : totalOf(varied, variedCosts);
    }),
    missing,
    priceVersion: PRICE_VERSION,
  };
}

const MEANS: Assumption = {
  what: 'requests of a task',
  value: 'each as long as the mean',
  source: 'by definition of a task',
  certainty: 'assumed',
};

/** Requests that cost nothing by themselves: what pays for them is not in the estimate unless it is a service. */
function capacityAssumptions(workload: Workload): Assumption[] {
  const context = priceContextOf(workload);
  return workload.tasks.flatMap(
    ({ name, model, modes = { standard: 1 }, inputTokens: input, outputTokens: output }) =>
      (Object.keys(modes) as WorkloadMode[]).flatMap((mode) => {
        const { notes = [] } = requestCost(modelOf(model), mode, { input, output }, context).breakdown;
        return notes.map((note) => ({
          what: `${mode} requests of ${name}`,
          value: `${note} List the capacity as a service.`,
          source: 'the catalogue',
          certainty: 'documented' as const,
        }));
      }),
  );
}

function costsOf(workload: Workload): TaskCost[] {
  const context = priceContextOf(workload);
  return workload.tasks.map((task) => taskCost(task, NO_MOVES, 'expected', context));
}

function totalOf({ services = [] }: Workload, costs: readonly TaskCost[]): Money {
  return Money.sum([
    ...costs.map(({ cost }) => cost ?? Money.zero),
    ...services.map(({ usdPerMonth }) => moneyOf(usdPerMonth)),
  ]);
}

function variationsOf(workload: Workload) {
  const each =
    (change: (task: WorkloadTask, factor: number) => Partial<WorkloadTask>) => (factor: number) => ({
      ...workload,
      tasks: workload.tasks.map((task) => ({ ...task, ...change(task, factor) })),
    });
  return [
    {
      input: 'requestsPerMonth',
      times: each((task, factor) => ({ requestsPerMonth: task.requestsPerMonth * factor })),
    },
    {
      input: 'inputTokens',
      times: each(({ inputTokens, cachedPrefix }, factor) => ({
        inputTokens: Math.round(inputTokens * factor),
        ...(cachedPrefix === undefined
          ? {}
          : { cachedPrefix: { ...cachedPrefix, tokens: Math.round(cachedPrefix.tokens * factor) } }),
      })),
    },
    {
      input: 'outputTokens',
      times: each((task, factor) => ({ outputTokens: Math.round(task.outputTokens * factor) })),
    },
  ];
}
