import { Money, type Tags } from '@costkit/core';
import type { ReceiptTeller } from '@costkit/core/receipts';
import type { AddedRecord, BatchSetting } from './batch.js';
import type { BatchPlan } from './batch-plan.js';
import { beginBatch } from './begin-batch.js';
import { BatchError } from './errors.js';
import { viewOf } from './forecast-batch.js';
import type { BatchEvent } from './harvest.js';
import type { HeldBudget } from './held-budget.js';
import { type LimitedMoney, limitedMoney } from './limited-money.js';
import { planBatch } from './plan-batch.js';
import { resultReader } from './read-result.js';
import { runRounds } from './run-rounds.js';
import { sortEvents } from './sort-events.js';
import { type BatchRecord, openSource } from './source.js';
import { stageSource, type WrittenRecord } from './stage-source.js';
import type { BatchResult } from './types.js';
import { writeInput } from './write-record.js';

/** For whom a batch is run. */
export interface BatchRun {
  /** Whether the records are there; else they must all be staged. */
  readonly withSource: boolean;
  /** Under which its answers are booked. */
  readonly tags: Tags;
  /** Takes their receipts. */
  readonly tell: ReceiptTeller;
}

/** Runs a batch, or goes on with one. */
export async function* runBatch(
  setting: BatchSetting,
  { withSource, tags, tell }: BatchRun,
): AsyncGenerator<readonly BatchResult[]> {
  const { options } = setting;
  const plan = await planBatch(setting);
  const { log } = plan;
  await beginBatch(plan);
  const money = await limitedMoney(setting, plan);
  let held = withSource ? await money.holdFirst() : undefined;
  try {
    if (withSource) await stage(setting, plan, money);
    const { sourced } = log.round(0);
    if (sourced === undefined) throw notStaged();
    plan.progress.expect(sourced.records, sourced.shared?.records ?? 0);
    const retryBudget = held === undefined ? await money.holdRetries(sourced.highestPicoUsd) : undefined;
    held ??= retryBudget ?? (await money.hold(sourced.highestPicoUsd));
    const rounds = runRounds(retryBudget === undefined ? plan : { ...plan, retryBudget });
    const events = options.order === 'input' ? sortEvents(rounds) : rounds;
    const read = resultReader(plan, tags);
    const take = bookkeeper(plan, held, tell);
    for await (const group of events) yield group.map((event) => take(event, read(event)));
  } catch (error) {
    await held?.close(error);
    throw error;
  }
  await held.close();
}

const notStaged = (): BatchError =>
  new BatchError(
    'COSTKIT_BATCH_NOT_STAGED',
    'not all records of this batch are staged, and nothing is paid. Run it again with its records',
  );

/** Writes the records to the bucket: those that were added, then those of the source. */
async function stage(
  { options, added }: BatchSetting,
  plan: BatchPlan,
  { whileStaging, highest }: LimitedMoney,
): Promise<void> {
  const { model, source = [], mergeIdentical = false } = options;
  const write = (record: BatchRecord | AddedRecord): WrittenRecord => {
    if ('modelInput' in record) return { recordId: record.recordId, written: record };
    const written = writeInput(record.input, model);
    if (written.modelInput !== undefined) whileStaging?.add(viewOf(record.input, model));
    return { recordId: record.recordId, written };
  };
  await stageSource<BatchRecord | AddedRecord>(plan, {
    records: added.size === 0 ? openSource(source) : both(added.values(), openSource(source)),
    write,
    mergeIdentical,
    highest,
  });
}

async function* both(
  added: Iterable<AddedRecord>,
  source: Iterable<BatchRecord> | AsyncIterable<BatchRecord>,
): AsyncGenerator<BatchRecord | AddedRecord> {
  yield* added;
  yield* source;
}

/** Books results where they belong. What was booked or told by an earlier run is not once more. */
function bookkeeper(
  { progress, singles, log }: BatchPlan,
  held: HeldBudget,
  tell: ReceiptTeller,
): (event: BatchEvent, result: BatchResult) => BatchResult {
  const { settledRound, finishedRound = -1 } = log;
  return (event, result) => {
    const cost = result.ok ? result.cost : Money.zero;
    progress.took(cost);
    // What went one by one has been taken from the purse when it was sent.
    if (result.ok && result.mode === 'batch') singles?.purse.spend(cost);
    if ((event.round > finishedRound || isNew(event)) && !isToldByClient(event)) {
      tell(() => result.receipt);
      held.record(() => result.receipt);
    }
    return event.round > settledRound ? held.add(result) : result;
  };
}

/** A run that was over has told that it failed, and this one has sent it again. */
const isNew = (event: BatchEvent): boolean => 'line' in event && event.isNew === true;

/** A wrapped client has told the receipt of what went through it. */
const isToldByClient = (event: BatchEvent): boolean =>
  'line' in event && !event.isShared && event.line.single?.receipt !== undefined;
