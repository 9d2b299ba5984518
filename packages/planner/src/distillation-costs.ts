import { Money } from '@costkit/pricing';
import { HOURS_PER_MONTH } from './cached-request-cost.js';
import { modelOf, moneyOf } from './checks.js';
import type { DistillationPaybackOptions } from './distillation-options.js';
import { requestCost } from './request-cost.js';
import { scaleMoney, sumOfKnown } from './scale-money.js';
import { trainingPrice, USD_PER_MODEL_MONTH } from './training-prices.js';

/** What a student costs and saves; what needs an unknown price is `undefined`. */
export interface DistillationCosts {
  readonly once: {
    readonly labels: Money | undefined;
    readonly training: Money | undefined;
    readonly evaluation: Money;
    readonly total: Money | undefined;
  };
  readonly fixedPerMonth: {
    readonly storage: Money;
    readonly hosting: Money | undefined;
    readonly total: Money | undefined;
  };
  readonly savedPerRequest: Money | undefined;
  readonly perMonth: {
    readonly teacherPerMonth: Money | undefined;
    readonly studentPerMonth: Money | undefined;
    readonly savedPerMonth: Money | undefined;
  };
  readonly missing: readonly string[];
}

/** Sums what a student costs and saves. */
export function distillationCosts(options: DistillationPaybackOptions): DistillationCosts {
  const { region, at, inputTokens: input, outputTokens: output, requestsPerMonth, training } = options;
  const { studentShare = 1, savedInputTokens = 0, hosting = { kind: 'onDemand' } } = options;
  const context = {
    ...(region === undefined ? {} : { region }),
    ...(at === undefined ? {} : { at: new Date(at) }),
  };
  const ratesOf = hosting.kind === 'onDemand' ? (hosting.ratesOf ?? options.student) : undefined;
  const teacher = requestCost(modelOf(options.teacher), 'standard', { input, output }, context);
  const student =
    ratesOf === undefined
      ? undefined
      : requestCost(modelOf(ratesOf), 'standard', { input: input - savedInputTokens, output }, context);
  const studentCost = student === undefined ? Money.zero : student.cost;
  const labels = training.answersInLogs === true ? Money.zero : teacher.cost?.times(training.prompts);
  const perMillion =
    training.usdPerMillionTokens === undefined
      ? trainingPrice(modelOf(options.student).model.id)
      : moneyOf(training.usdPerMillionTokens);
  const tokens = training.prompts * (input - savedInputTokens + output) * (training.epochs ?? 1);
  const trained = perMillion === undefined ? undefined : scaleMoney(perMillion, tokens / 1e6);
  const evaluation = moneyOf(training.evaluationUsd ?? 0);
  const storage = moneyOf(USD_PER_MODEL_MONTH);
  const units = hosting.usdPerUnitHour === undefined ? undefined : moneyOf(hosting.usdPerUnitHour);
  const hosted =
    hosting.kind === 'onDemand' ? Money.zero : units?.times((hosting.modelUnits ?? 1) * HOURS_PER_MONTH);
  const fixed = sumOfKnown([storage, hosted]);
  const savedPerRequest = studentCost === undefined ? undefined : teacher.cost?.minus(studentCost);
  const teacherPerMonth = teacher.cost === undefined ? undefined : scaleMoney(teacher.cost, requestsPerMonth);
  const saved =
    savedPerRequest === undefined ? undefined : scaleMoney(savedPerRequest, requestsPerMonth * studentShare);
  const savedPerMonth = fixed === undefined ? undefined : saved?.minus(fixed);
  return {
    once: { labels, training: trained, evaluation, total: sumOfKnown([labels, trained, evaluation]) },
    fixedPerMonth: { storage, hosting: hosted, total: fixed },
    savedPerRequest,
    perMonth: {
      teacherPerMonth,
      studentPerMonth: savedPerMonth === undefined ? undefined : teacherPerMonth?.minus(savedPerMonth),
      savedPerMonth,
    },
    missing: [...teacher.missing, ...(student?.missing ?? [])],
  };
}
