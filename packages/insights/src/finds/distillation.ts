import { Money } from '@costkit/core';
import type { DistillationPayback } from '@costkit/planner';
import { DAYS_PER_MONTH, inSpan, perMonth } from '../months.js';
import type { UndecidedLever } from '../types.js';
import { type EvaluatedStudent, evaluatedStudent } from './evaluated-student.js';
import type { Find, FindContext, Part } from './find.js';
import { byTask, type DailyUsage, partOn, usageWhere } from './on-other-model.js';

/** Tasks that are worth asking the question for. */
const MOST_TASKS = 3;
/** What is undecided about a smaller share of the dollars pays no training back. */
const LEAST_SHARE = 0.1;
/** A student must take off this share, or the evaluation is not worth its while. */
const LEAST_SAVED_SHARE = 0.5;
/** "Distillation is not currently available for Anthropic models." (user guide, model distillation) */
const EXCLUDED = 'anthropic';
/** Months over which labels and training are spread: the year by which recommendations are ranked. */
const MONTHS_OF_PAYBACK = 12;

/** Text of a log that may stand in a command. */
const IS_REGION = /^[a-z]{2}(-[a-z]+)+-\d+$/;

/** Single questions without tools, which are what a student learns from pairs of prompt and answer. */
const IS_TEACHABLE = 'tools = 0 AND turns <= 1';

const PROMPTS = `SELECT task, model_id, count(DISTINCT prompt) AS prompts FROM priced
  WHERE cost > 0 AND kind = 'text' AND tier = 'standard' AND bracket = 0 AND ${IS_TEACHABLE} GROUP BY ALL`;

/** A task that one model answers. */
interface TaughtTask {
  readonly task: string;
  readonly modelId: string;
  /** The catalogue's id. */
  readonly teacher: string;
  readonly region: string | undefined;
  readonly usages: readonly DailyUsage[];
  readonly picoUsd: bigint;
  readonly perMonth: { readonly requests: number; readonly input: number; readonly output: number };
  /** Different prompts. */
  readonly prompts: number;
}

/** A student for it, with everything that it costs. */
interface StudentPlan {
  readonly student: string;
  readonly payback: DistillationPayback;
  /** What the same tokens cost less; `undefined`: a rate is unknown. */
  readonly onStudent: ReturnType<typeof partOn>;
}

/** A student whose every price is known. */
interface PricedStudent extends StudentPlan {
  readonly part: Part;
  readonly unitPrice: number;
  readonly once: Money;
  readonly fixed: Money;
  /** A month once it is trained, storage and hosting paid. */
  readonly savedPerMonth: Money;
  /** A month of the first year, labels, training, storage and hosting paid. */
  readonly netPerMonth: Money;
  readonly months: number;
}

/** What distillation is worth, task by task, and what keeps it from being known. */
export interface DistillationFinds {
  readonly finds: readonly Find[];
  readonly undecided: readonly UndecidedLever[];
}

/**
 * Tasks whose teacher has a student that AWS trains: the logged tokens at the student's rates, less what the planner
 * says of labels, training, storage and hosting, spread over a year. What the student's answers are worth no log knows:
 * without an evaluation it is an upper bound.
 */
export async function distillation(context: FindContext): Promise<DistillationFinds> {
  const planner = await import('@costkit/planner');
  const { list, total } = await taughtTasks(context);
  const finds: Find[] = [];
  const undecided: UndecidedLever[] = [];
  for (const taught of list) {
    const evaluated = evaluatedStudent(context.evaluation, taught.task, planner.studentsOf(taught.teacher));
    const students = planner.studentsOf(taught.teacher).filter((id) => !evaluated.refused.includes(id));
    const plans = students.map((student) => planOf(context, taught, student, planner));
    const { least } = planner.DISTILLATION_PROMPTS;
    const priced = taught.prompts >= least ? plans.flatMap((plan) => pricedStudent(plan, context.days)) : [];
    const find = findOf(context, taught, { priced, evaluated });
    if (find !== undefined) finds.push(find);
    const isLarge = Number(taught.picoUsd) >= LEAST_SHARE * Number(total);
    if (find !== undefined || !isLarge || evaluated.refused.length > 0) continue;
    const open = undecidedOf(taught, plans, { days: context.days, least });
    if (open !== undefined) undecided.push(open);
  }
  return { finds, undecided: undecided.slice(0, MOST_TASKS) };
}

async function taughtTasks({ database, pricing, days }: FindContext): Promise<{
  readonly list: readonly TaughtTask[];
  readonly total: bigint;
}> {
  const counts = await database.all<{ task: string; model_id: string; prompts: bigint }>(PROMPTS);
  const promptsOf = new Map(counts.map((row) => [JSON.stringify([row.task, row.model_id]), row.prompts]));
  const [sum] = await database.all<{ cost: bigint | null }>('SELECT sum(cost)::HUGEINT AS cost FROM priced');
  const list = byTask(await database.all<DailyUsage>(usageWhere(IS_TEACHABLE)))
    .flatMap((usages): readonly TaughtTask[] => {
      const [first] = usages;
      const model = first === undefined ? undefined : pricing.resolve(first.model_id)?.model;
      if (first === undefined || model === undefined || model.provider === EXCLUDED) return [];
      const { task, model_id: modelId, region } = first;
      const total = (of: (usage: DailyUsage) => bigint): bigint =>
        usages.reduce((all, usage) => all + of(usage), 0n);
      const calls = Number(total((usage) => usage.calls));
      const input = total((one) => one.input + one.cache_read + one.cache_write_5m + one.cache_write_1h);
      const output = total((one) => one.output);
      const each = (tokens: bigint): number => Math.round(Number(tokens) / calls);
      return [
        {
          task,
          modelId,
          teacher: model.id,
          region: region ?? undefined,
          usages,
          picoUsd: total(({ cost }) => cost),
          perMonth: {
            requests: Math.round((calls * DAYS_PER_MONTH) / days),
            input: each(input),
            output: each(output),
          },
          prompts: Number(promptsOf.get(JSON.stringify([task, modelId])) ?? 0n),
        },
      ];
    })
    .sort((one, other) => Number(other.picoUsd - one.picoUsd) || (one.task < other.task ? -1 : 1));
  return { list, total: sum?.cost ?? 0n };
}

function planOf(
  context: FindContext,
  { modelId, teacher, region, usages, perMonth: monthly, prompts }: TaughtTask,
  student: string,
  planner: Pick<typeof import('@costkit/planner'), 'distillationPayback' | 'DISTILLATION_PROMPTS'>,
): StudentPlan {
  const { least, most } = planner.DISTILLATION_PROMPTS;
  const usdPerMillionTokens = context.trainingUsdPerMillionTokens[student];
  const payback = planner.distillationPayback({
    teacher: modelId.startsWith('arn:') ? teacher : modelId,
    student,
    ...(region === undefined ? {} : { region }),
    requestsPerMonth: monthly.requests,
    inputTokens: monthly.input,
    outputTokens: monthly.output,
    training: {
      prompts: Math.min(most, Math.max(least, prompts)),
      ...(usdPerMillionTokens === undefined ? {} : { usdPerMillionTokens }),
    },
    horizonMonths: MONTHS_OF_PAYBACK,
  });
  return { student, payback, onStudent: partOn(context, usages, student) };
}

/** What is paid once, as a month of the year by which it is paid back. */
const yearlyShare = (once: Money): Money => Money.fromPicoUsd(once.picoUsd / BigInt(MONTHS_OF_PAYBACK));

/** The student, where every price is known. */
function pricedStudent(plan: StudentPlan, days: number): readonly PricedStudent[] {
  const { payback, onStudent } = plan;
  const [once, fixed] = [payback.once.total, payback.fixedPerMonth.total];
  if (onStudent === undefined || once === undefined || fixed === undefined) return [];
  const { part, unitPrice } = onStudent;
  const savedPerMonth = perMonth(part.savedPicoUsd, days).minus(fixed);
  const netPerMonth = savedPerMonth.minus(yearlyShare(once));
  const months = savedPerMonth.picoUsd <= 0n ? Number.POSITIVE_INFINITY : once.usd / savedPerMonth.usd;
  return [{ ...plan, part, unitPrice, once, fixed, savedPerMonth, netPerMonth, months }];
}

/** The student that is asked first, as a find. */
function findOf(
  context: FindContext,
  { modelId, teacher, region, picoUsd }: TaughtTask,
  { priced, evaluated }: { readonly priced: readonly PricedStudent[]; readonly evaluated: EvaluatedStudent },
): Find | undefined {
  const { days } = context;
  const paying = priced.filter(({ netPerMonth }) => netPerMonth.picoUsd > 0n);
  const enough = LEAST_SAVED_SHARE * perMonth(picoUsd, days).usd;
  // The smallest ones are the least likely to do: the dearest that saves enough is tried first, or who saves most.
  const byPrice = paying
    .filter(({ savedPerMonth }) => savedPerMonth.usd >= enough)
    .sort((one, other) => other.unitPrice - one.unitPrice || other.student.localeCompare(one.student));
  const bySaving = [...paying].sort((one, other) => other.netPerMonth.compare(one.netPerMonth));
  const best = paying.find(({ student }) => student === evaluated.holds) ?? byPrice[0] ?? bySaving[0];
  if (best === undefined) return undefined;
  const { part, once, fixed, months, student, payback } = best;
  const paidPerMonth = fixed.plus(yearlyShare(once));
  const paidPerDay = inSpan(paidPerMonth, 1);
  return {
    kind: 'distillation',
    variant: student === evaluated.holds ? 'evaluated' : 'unknown',
    parts: [
      {
        ...part,
        savedPicoUsd: part.savedPicoUsd - inSpan(paidPerMonth, days),
        daily: new Map([...part.daily].map(([day, saved]) => [day, saved - paidPerDay])),
      },
    ],
    isMeasured: student === evaluated.holds,
    facts: {
      teacher: modelId.startsWith('arn:') ? teacher : modelId,
      student,
      region: region ?? '',
      prompts: payback.inputs.training.prompts,
      months: months < 0.1 ? '0.1' : months.toFixed(1),
      once: String(once),
    },
  };
}

/** What must be known first; `undefined` where nothing would make a student pay. */
function undecidedOf(
  taught: TaughtTask,
  plans: readonly StudentPlan[],
  { days, least }: { readonly days: number; readonly least: number },
): UndecidedLever | undefined {
  const { task, modelId, teacher, region, picoUsd, prompts, perMonth: monthly } = taught;
  const where = region === undefined || !IS_REGION.test(region) ? '' : ` --region ${region}`;
  const plan = `costkit plan distill --teacher ${teacher}${where} --requests ${monthly.requests} --input ${monthly.input} --output ${monthly.output}`;
  const asking = (unknownWithout: string, command = plan): UndecidedLever => ({
    lever: 'distillation',
    about: `task ${task} on ${modelId}`,
    perMonthAtStake: perMonth(picoUsd, days),
    unknownWithout,
    command,
  });
  const further = 'the price of training, and answers judged on your own cases';
  if (plans.length === 0) return asking(`a student that AWS trains by this teacher, ${further}`);
  if (prompts < least) {
    return asking(`${least} different prompts, the least that a job takes: the logs have ${prompts}`);
  }
  const untold = plans.flatMap(({ student, payback, onStudent }) =>
    onStudent === undefined || payback.once.training !== undefined
      ? []
      : [{ student, payback, saved: perMonth(onStudent.part.savedPicoUsd, days) }],
  );
  if (untold.length === 0) {
    const isUnpriced = plans.some(({ onStudent }) => onStudent === undefined);
    return isUnpriced
      ? asking(`what its students cost${where === '' ? '' : ` in ${region}`}, ${further}`)
      : undefined;
  }
  for (const { student, payback, saved } of untold) {
    const count = payback.inputs.training.prompts;
    const perYear = saved.minus(payback.fixedPerMonth.storage).usd * MONTHS_OF_PAYBACK;
    const { labels } = payback.once;
    const ceiling =
      labels === undefined ? 0 : (perYear - labels.usd) / ((count * (monthly.input + monthly.output)) / 1e6);
    if (ceiling <= 0) continue;
    return asking(
      `the price of training ${student}, which no source lists (--training-usd ${student}=USD says it): below ${Money.fromUsd(ceiling.toFixed(2))} per million tokens a year pays it back; and answers judged on your own cases`,
      `${plan} --student ${student} --prompts ${count} --training-usd USD`,
    );
  }
  return undefined;
}
