import type { FindContext } from './finds/find.js';
import { DAYS_PER_MONTH, perMonth } from './rank.js';
import type { Analysis, UndecidedLever } from './types.js';

/** Tasks that are worth asking the question for. */
const MOST_TASKS = 3;
/** A smaller share of the dollars pays no training back. */
const LEAST_SHARE = 0.1;
/** "Distillation is not currently available for Anthropic models." (user guide, model distillation) */
const EXCLUDED = 'anthropic';
const VECTOR_STORES = /opensearch|s3 ?vectors|aurora|\brds\b|relational database|kendra/i;

interface TeachableTask {
  readonly task: string;
  readonly model_id: string;
  readonly region: string | null;
  readonly calls: bigint;
  readonly input: bigint;
  readonly output: bigint;
  readonly cost: bigint;
}

/** Tasks of single questions without tools, which are what a student learns from pairs of prompt and answer. */
const TEACHABLE = `SELECT task, model_id, any_value(region) AS region, sum(call_count)::HUGEINT AS calls, sum(input)::HUGEINT AS input,
    sum(output)::HUGEINT AS output, sum(cost)::HUGEINT AS cost
  FROM priced WHERE cost > 0 AND kind = 'text' AND tier = 'standard' AND tools = 0 AND turns <= 1
  GROUP BY task, model_id
  HAVING sum(cost) >= ${LEAST_SHARE} * (SELECT sum(cost) FROM priced)
  ORDER BY cost DESC, task, model_id`;

async function distillation(context: FindContext, days: number): Promise<readonly UndecidedLever[]> {
  const tasks = await context.database.all<TeachableTask>(TEACHABLE);
  return tasks
    .flatMap((row): readonly UndecidedLever[] => {
      const { task, model_id, region, calls, input, output, cost } = row;
      const model = context.pricing.resolve(model_id)?.model;
      if (model === undefined || model.provider === EXCLUDED) return [];
      const monthly = Math.round((Number(calls) * DAYS_PER_MONTH) / days);
      const each = (tokens: bigint): number => Math.round(Number(tokens) / Number(calls));
      return [
        {
          lever: 'distillation',
          about: `task ${task} on ${model_id}`,
          perMonthAtStake: perMonth(cost, days),
          unknownWithout:
            'a student that AWS trains by this teacher, the price of training, and answers judged on your own cases',
          command: `costkit plan distill --teacher ${model.id}${region === null ? '' : ` --region ${region}`} --requests ${monthly} --input ${each(input)} --output ${each(output)}`,
        },
      ];
    })
    .slice(0, MOST_TASKS);
}

const vectorStore = (
  services: NonNullable<Analysis['supportingServices']>,
  days: number,
): readonly UndecidedLever[] =>
  services
    .filter(({ service }) => VECTOR_STORES.test(service))
    .map(({ service, cost }) => ({
      lever: 'vector-store',
      about: service,
      perMonthAtStake: perMonth(cost.picoUsd, days),
      unknownWithout: 'how many vectors it holds, of which dimensions and type, and how often it is asked',
      command: 'costkit plan vectors',
    }));

/**
 * Levers of which logs say what is at stake, and not what is to be won: a student has no price and no quality before
 * it is trained, and a bill knows no vectors.
 */
export async function undecidedLevers(
  context: FindContext,
  services: Analysis['supportingServices'],
  days: number,
): Promise<readonly UndecidedLever[]> {
  return [...(await distillation(context, days)), ...vectorStore(services ?? [], days)];
}
