import { Money } from '@costkit/core';
import { systemWaitingClock } from '@costkit/core/waiting-clock';
import type { BatchSetting } from './batch.js';
import type { BatchPlan, RetryBudget } from './batch-plan.js';
import { BatchError } from './errors.js';
import type { Forecaster } from './forecast.js';
import { newForecaster, readInto, viewOf } from './forecast-batch.js';
import { type HeldBudget, holdBudget, holdLater } from './held-budget.js';
import { isReadAgain } from './source.js';
import type { BatchInput } from './types.js';

/** Sees to it that a batch costs no more than it may. */
export interface LimitedMoney {
  /**
   * Before anything is staged, where all records can be read for it.
   *
   * @throws {@link BatchError} `COSTKIT_BATCH_TOO_EXPENSIVE`; what the budget throws.
   * @returns what is held, where it is.
   */
  holdFirst(): Promise<HeldBudget | undefined>;
  /** Takes the records of the source while they are staged, where they can be read only once. */
  readonly whileStaging: Forecaster | undefined;
  /** The worst case in pico-dollars, once all records were read; `undefined`: nobody asked, or it is unknown. */
  highest(): bigint | undefined;
  /** Before the first job is created. @param picoUsd - the worst case, as the journal knows it. */
  hold(picoUsd: string | undefined): Promise<HeldBudget>;
  /** Where an earlier run has booked what it has paid: sees to what is tried again. */
  holdRetries(picoUsd: string | undefined): Promise<(HeldBudget & RetryBudget) | undefined>;
}

/**
 * Sees to `maxUsd` and `budget`. Where neither is given nothing is reckoned: that takes longer than to write the
 * records.
 */
export async function limitedMoney(setting: BatchSetting, plan: BatchPlan): Promise<LimitedMoney> {
  const { options } = setting;
  const { maxUsd, budget, source = [], tags, clock = systemWaitingClock } = options;
  const { log } = plan;
  const isLimited = maxUsd !== undefined || budget !== undefined;
  const forecaster =
    isLimited && log.round(0).sourced === undefined ? await newForecaster(setting) : undefined;
  const isFirst = forecaster !== undefined && isReadAgain(source);

  const byJobs = (records: number): boolean =>
    plan.jobLimits !== undefined && records >= plan.jobLimits.minRecords;
  const highestOf = (reckoned: Forecaster): Money | undefined =>
    reckoned.highestOf(byJobs(reckoned.records) ? 'batch' : 'single');
  /** What is to be held: records that go one by one are left to their client; what is booked is paid. */
  const holdable = (amount: Money | undefined, records: number): Money | undefined =>
    !byJobs(records) || log.settledRound >= 0 ? Money.zero : amount;
  const holdAll = (amount: Money | undefined, records: number): Promise<HeldBudget> => {
    if (maxUsd !== undefined && log.finishedRound === undefined) refuseTooDear(maxUsd, amount);
    return holdBudget({ budget, tags, clock }, log, () => holdable(amount, records));
  };

  return {
    holdFirst: async () => {
      if (!isFirst) return undefined;
      await readInto(forecaster, setting);
      const { records } = forecaster;
      // Refused for its number, before its price.
      if (!byJobs(records) && plan.singles === undefined) return undefined;
      return holdAll(highestOf(forecaster), records);
    },
    whileStaging: isFirst ? undefined : withAdded(forecaster, setting),
    highest: () => (forecaster === undefined ? undefined : highestOf(forecaster)?.picoUsd),
    hold: (picoUsd) =>
      holdAll(
        picoUsd === undefined ? undefined : Money.fromPicoUsd(BigInt(picoUsd)),
        log.round(0).sourced?.records ?? 0,
      ),
    holdRetries: async (picoUsd) => {
      const isBooked = log.settledRound >= 0 && log.reserved === undefined && log.failedRecords > 0;
      if (budget === undefined || !isBooked) return undefined;
      const retried = await newForecaster(setting);
      const all = picoUsd === undefined ? undefined : Money.fromPicoUsd(BigInt(picoUsd));
      return {
        ...holdLater(() => holdBudget({ budget, tags, clock }, log, () => retried.highestOf('batch') ?? all)),
        take: (modelInput) => retried.add(viewOf(JSON.parse(modelInput) as BatchInput, options.model)),
      };
    },
  };
}

/** Records that were added are known before the source is read. */
function withAdded(
  forecaster: Forecaster | undefined,
  { added, options }: BatchSetting,
): Forecaster | undefined {
  for (const { input } of added.values()) forecaster?.add(viewOf(input, options.model));
  return forecaster;
}

function refuseTooDear(maxUsd: number | string, highest: Money | undefined): void {
  if (highest === undefined) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_EXPENSIVE',
      'the worst case is unknown, so "maxUsd" cannot be kept. Give every record an inferenceConfig.maxTokens and no media that cannot be counted, and choose a model with a batch price',
    );
  }
  const limit = Money.fromUsd(maxUsd);
  if (highest.compare(limit) > 0) {
    throw new BatchError(
      'COSTKIT_BATCH_TOO_EXPENSIVE',
      `the worst case is ${highest}, above the limit of ${limit}. Lower the records' maxTokens, choose a cheaper model, or raise "maxUsd"`,
    );
  }
}
