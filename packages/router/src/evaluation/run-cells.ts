import { Money } from '@costkit/core';
import pMap from 'p-map';
import type { Asked } from './ask-tier.js';
import type { EvaluationProgress } from './evaluation-options.js';
import { type Cell, isPassingError, type KnownResults } from './evaluation-plan.js';
import type { CellForecast } from './forecast.js';
import { gradeAnswer } from './grade-answer.js';
import type { EvaluatedAnswer } from './grader.js';
import type { ResultRecord, ResultsFile } from './results-file.js';
import type { Spending } from './spending.js';

/** What running the cells needs. */
export interface CellRun {
  readonly cells: readonly Cell[];
  readonly known: KnownResults;
  readonly forecasts: ReadonlyMap<Cell, CellForecast>;
  readonly ask: (cell: Cell) => Promise<Asked>;
  readonly file: ResultsFile;
  readonly keepAnswers: boolean;
  readonly spending: Spending;
  readonly concurrency: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: EvaluationProgress) => void) | undefined;
}

/** What running them came to. */
export interface CellResults {
  /** Cells that are missing were not asked, because the limit was reached, or not graded, because a judge failed. */
  readonly records: ReadonlyMap<Cell, ResultRecord>;
  readonly resumed: number;
}

/** The baseline's answer to a case; absent where it failed. */
interface Told {
  readonly answer?: EvaluatedAnswer;
  /** It failed by an error and will be asked for again. */
  readonly mayCome?: boolean;
}

const isCompared = ({ grader, isBaseline }: Cell): boolean => grader.compares === true && !isBaseline;

/** The most that a cell may cost from here on. What has no bound counts as nothing: without a limit nobody asks. */
function highestOf(forecast: CellForecast | undefined): Money {
  return (forecast?.highest ?? Money.zero).plus(forecast?.judge?.highest ?? Money.zero);
}

/** Asks and grades what is not known yet, some at the same time. */
export async function runCells(run: CellRun): Promise<CellResults> {
  const { cells, known, forecasts, ask, file, keepAnswers, spending, signal } = run;
  const records = new Map<Cell, ResultRecord>();
  const baselines = new Map<string, Promise<Told | undefined>>();
  let failure: { readonly error: unknown } | undefined;
  let resumed = 0;

  const answerOf = async (cell: Cell, note: (paid: Money) => void): Promise<ResultRecord> => {
    const answered = known.answered(cell);
    if (answered !== undefined) {
      const { grading: _, score: __, judgement: ___, ...rest } = answered;
      return { ...rest, gradingUsd: '0', regraded: true };
    }
    const { paid, answer, ...asked } = await ask(cell);
    note(paid ?? Money.zero);
    return { key: cell.key, ...asked, gradingUsd: '0', ...(answer === undefined ? {} : { answer }) };
  };

  /** What is written and kept: answers only where the user said so. */
  const kept = (record: ResultRecord): ResultRecord => {
    if (keepAnswers) return record;
    const { answer: _, ...rest } = record;
    return rest;
  };

  /** @returns `undefined` where there is nothing to compare with, because the limit was reached, and where a judge failed. */
  const gradeOfRecord = async (
    cell: Cell,
    record: ResultRecord,
    told: Told | undefined,
    note: (paid: Money) => void,
  ): Promise<ResultRecord | undefined> => {
    if (record.failure !== undefined || record.answer === undefined)
      return { ...record, grading: cell.grading, score: 0 };
    if (isCompared(cell) && told === undefined) return undefined;
    let gradingUsd = '0';
    const grade = await gradeAnswer(cell, record.answer, told?.answer, signal, (paid) => {
      gradingUsd = paid.toUsdString();
      note(paid);
    });
    if (grade === undefined) return undefined;
    const { score, judgement } = grade;
    return {
      ...record,
      grading: cell.grading,
      score,
      gradingUsd,
      ...(judgement === undefined ? {} : { judgement }),
    };
  };

  /** Writes an answer that has no grade, or none that lasts: it is paid, and there for the next attempt at grading it. */
  const keepUngraded = async (record: ResultRecord, paidForGrading: Money): Promise<void> => {
    const gradingUsd = paidForGrading.toUsdString();
    if (record.regraded === true && paidForGrading.picoUsd === 0n) return;
    await file.append(kept({ ...record, gradingUsd }));
  };

  const runCell = async (cell: Cell, tell: (told: Told) => void): Promise<void> => {
    const tellOf = (record: ResultRecord): void => {
      const { failure: failed, answer } = record;
      tell({
        ...(failed !== undefined || answer === undefined ? {} : { answer }),
        mayCome: isPassingError(record),
      });
    };
    const graded = known.graded(cell);
    if (graded !== undefined) {
      resumed += 1;
      tellOf(graded);
      records.set(cell, graded);
      return;
    }
    const highest = highestOf(forecasts.get(cell));
    if (!(await spending.reserve(highest))) return;
    let [paid, paidForGrading] = [Money.zero, Money.zero];
    const note = (amount: Money): void => {
      paid = paid.plus(amount);
    };
    try {
      const record = await answerOf(cell, note);
      tellOf(record);
      const told = isCompared(cell) ? await baselines.get(cell.evaluationCase.id) : undefined;
      let withGrade: ResultRecord | undefined;
      try {
        withGrade = await gradeOfRecord(cell, record, told, (amount) => {
          paidForGrading = amount;
          note(amount);
        });
      } finally {
        if (withGrade === undefined || told?.mayCome === true) await keepUngraded(record, paidForGrading);
        else await file.append(kept(withGrade));
      }
      if (withGrade !== undefined) records.set(cell, withGrade);
    } catch (error) {
      // The service may bill what nobody waited for.
      if (signal?.aborted === true && paid.compare(highest) < 0) paid = highest;
      throw error;
    } finally {
      spending.settle(highest, paid);
    }
  };

  await pMap(
    cells,
    async (cell) => {
      let tell: (told: Told | undefined) => void = () => undefined;
      // The baseline of a case comes before its other tiers, so that what waits for it waits for what has begun.
      if (cell.isBaseline) {
        const told = new Promise<Told | undefined>((resolve) => {
          tell = resolve;
        });
        baselines.set(cell.evaluationCase.id, told);
      }
      try {
        // What is on its way is paid: it comes to its end when something else has failed.
        if (failure === undefined && signal?.aborted !== true) await runCell(cell, tell);
        run.onProgress?.({ done: records.size, total: cells.length, spentUsd: spending.spent.usd });
      } catch (error) {
        failure ??= { error };
      }
      tell(undefined);
    },
    { concurrency: run.concurrency },
  );
  if (failure !== undefined) throw failure.error;
  signal?.throwIfAborted();
  return { records, resumed };
}
