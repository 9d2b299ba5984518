import type { Workload, WorkloadEstimate, WorkloadTask } from '@costkit/planner';
import { CliUsageError } from '../cli-error.js';
import { textTable } from '../text-table.js';
import type { Calculator } from './calculator.js';
import { readNumber, readNumbersByName, readText } from './flag-readers.js';
import {
  amountText,
  assumptionLines,
  countText,
  heading,
  page,
  sensitivityTable,
  shareText,
} from './plan-text.js';

/** One task in flags, before it is split by models. */
interface QuickTask {
  readonly model?: string;
  readonly requestsPerMonth?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly modes?: Readonly<Record<string, number>>;
  readonly mix?: Readonly<Record<string, number>>;
}

/** A share of the requests may go to other models: one task for each. */
function tasksOf({ mix = {}, model, requestsPerMonth = 0, ...rest }: QuickTask): WorkloadTask[] {
  const moved = Object.values(mix).reduce((sum, share) => sum + share, 0);
  if (moved > 1)
    throw new CliUsageError(
      `the shares of --mix add up to ${moved}. Give at most 1`,
      'COSTKIT_INVALID_OPTION',
    );
  const shares = [...(model === undefined ? [] : [[model, 1 - moved] as const]), ...Object.entries(mix)];
  return shares.map(([id, share]) => ({
    ...rest,
    name: id,
    model: id,
    requestsPerMonth: requestsPerMonth * share,
  })) as WorkloadTask[];
}

function workloadOf(input: object): Workload {
  const { quick, ...workload } = input as Partial<Workload> & { readonly quick?: QuickTask };
  return { ...workload, tasks: [...(workload.tasks ?? []), ...(quick === undefined ? [] : tasksOf(quick))] };
}

function tableOf({ tasks, services, total }: WorkloadEstimate): string {
  const table = textTable(
    ['task', 'model', 'mode', 'requests', 'month', 'share'],
    ['left', 'left', 'left', 'right', 'right', 'right'],
  );
  for (const { name, parts, share } of tasks) {
    for (const [index, { model, mode, requests, cost }] of parts.entries()) {
      table.push([
        index === 0 ? name : '',
        model,
        mode,
        countText(requests),
        amountText(cost),
        index === 0 ? shareText(share) : '',
      ]);
    }
  }
  for (const { name, cost } of services) table.push([name, '', '', '', String(cost), '']);
  table.push([heading('total'), '', '', '', heading(String(total)), '']);
  return table.toString();
}

const flag = (
  flags: string,
  description: string,
  field: string,
  read: (text: string | readonly string[]) => unknown,
) => ({
  flags,
  description,
  path: `quick.${field}`,
  read,
});

/** `costkit estimate` */
export const ESTIMATE_CALCULATOR: Calculator<WorkloadEstimate> = {
  name: 'estimate',
  description: 'what requests, tokens, models and modes cost in a month, before any log exists',
  flags: [
    flag('--model <id>', 'model id, inference profile or ARN', 'model', readText),
    flag('--requests <count>', 'requests in a month', 'requestsPerMonth', readNumber),
    flag('--input <tokens>', 'tokens of one prompt', 'inputTokens', readNumber),
    flag('--output <tokens>', 'tokens of one answer', 'outputTokens', readNumber),
    flag(
      '--mode <name=share...>',
      'standard, flex, priority, batch …; the shares add up to 1',
      'modes',
      readNumbersByName,
    ),
    flag('--mix <model=share...>', 'send a share of the requests to another model', 'mix', readNumbersByName),
    { flags: '--region <name>', description: 'source Region', path: 'region', read: readText },
  ],
  help: 'The file is a Workload of @costkit/planner; flags add one task to it.',
  async plan(input) {
    const { estimateWorkload } = await import('@costkit/planner');
    return estimateWorkload(workloadOf(input));
  },
  render: (estimate) =>
    page(
      heading(`${estimate.complete ? '' : 'At least '}${estimate.total} a month`),
      tableOf(estimate),
      sensitivityTable(estimate.sensitivity, 'month'),
      assumptionLines(estimate.assumptions),
    ),
};
