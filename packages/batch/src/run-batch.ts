import { Money, NO_USAGE } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { costOf } from '@costkit/pricing';
import type { AddedRecord, BatchSetting } from './batch.js';
import type { BatchPlan } from './batch-plan.js';
import { BatchError } from './errors.js';
import { viewOf } from './forecast-batch.js';
import type { BatchEvent } from './harvest.js';
import type { HeldBudget } from './held-budget.js';
import { folderOf, type OutputLine } from './job.js';
import { type LimitedMoney, limitedMoney } from './limited-money.js';
import { type PricedPlan, planBatch } from './plan-batch.js';
import { type RecordAnswer, readRecord } from './read-record.js';
import { runRounds } from './run-rounds.js';
import { costOfLine } from './send-singles.js';
import { sortEvents } from './sort-events.js';
import { type BatchRecord, openSource } from './source.js';
import { stageSource, type WrittenRecord } from './stage-source.js';
import type { BatchInput, BatchResult } from './types.js';
import { writeInput } from './write-record.js';

/**
 * Runs a batch, or goes on with one.
 *
 * @param withSource - whether the records are there; else they must all be staged.
 */
export async function* runBatch(
  setting: BatchSetting,
  withSource: boolean,
): AsyncGenerator<readonly BatchResult[]> {
  const { options } = setting;
  const plan = await planBatch(setting);
  const { log } = plan;
  if (!log.isOld) {
    const { model, recordType } = plan;
    await log.append({
      step: 'begun',
      model,
      recordType,
      bucket: options.bucket,
      folder: folderOf(options),
      roleArn: options.roleArn,
    });
  }
  const money = await limitedMoney(setting, plan);
  let held = withSource ? await money.holdFirst() : undefined;
  try {
    if (withSource) await stage(setting, plan, money);
    const { sourced } = log.round(0);
    if (sourced === undefined) throw notStaged();
    plan.progress.expect(sourced.records);
    held ??= await money.hold(sourced.highestPicoUsd);
    const { settledRound } = log;
    const events = options.order === 'input' ? sortEvents(runRounds(plan)) : runRounds(plan);
    const read = resultReader(plan);
    for await (const group of events) {
      yield group.map((event) => take(plan, event, read(event), held as HeldBudget, settledRound));
    }
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

/** Books a result where it belongs. */
function take(
  plan: BatchPlan,
  event: BatchEvent,
  result: BatchResult,
  held: HeldBudget,
  settledRound: number,
): BatchResult {
  const cost = result.ok ? result.cost : Money.zero;
  plan.progress.took(cost);
  // What went one by one has been taken from the purse when it was sent.
  if (result.ok && result.mode === 'batch') plan.singles?.purse.spend(cost);
  return event.round > settledRound ? held.add(result) : result;
}

/** Makes results of events. */
function resultReader({ query, model }: PricedPlan): (event: BatchEvent) => BatchResult {
  const batch = { ...query, batch: true };
  const unread = viewRequest('Converse', { modelId: model, messages: [] });
  const answer = (line: OutputLine): RecordAnswer => {
    const read = readRecord(unread, line.modelOutput ?? {});
    // What was not counted is estimated by the request, which the service echoes.
    return read.quality === 'measured' || line.modelInput === undefined
      ? read
      : readRecord(viewOf(line.modelInput, model), line.modelOutput ?? {});
  };
  return (event) => {
    const { owner, id } = event;
    const { ordinal, recordId = id } = owner;
    if ('failure' in event) return { recordId, ordinal, ok: false, ...event.failure };
    const { line, isShared } = event;
    const read = answer(line);
    const output = read.output as BatchInput;
    if (line.single === undefined) {
      const { total, complete } = costOf(read.usage, batch);
      const cost = complete ? total : undefined;
      return {
        recordId,
        ordinal,
        ok: true,
        output,
        usage: read.usage,
        quality: read.quality,
        cost: isShared ? Money.zero : cost,
        mode: 'batch',
        isShared,
      };
    }
    const { mode, receipt } = line.single;
    const { usage, quality } = receipt ?? read;
    return {
      recordId,
      ordinal,
      ok: true,
      output,
      usage: { ...NO_USAGE, ...usage },
      quality,
      cost: isShared ? Money.zero : costOfLine({ query }, line),
      mode,
      isShared,
    };
  };
}
