import type { BatchForecast, BatchStatus } from '@costkit/batch';
import type { Money } from '@costkit/core';
import { textTable } from '../text-table.js';

const dollars = (amount: Money | undefined): string => (amount === undefined ? '?' : String(amount));

/** The forecast beside the other ways, for the terminal. */
export function renderBatchForecast(forecast: BatchForecast, model: string): string {
  const table = textTable(['way', 'model', 'input', 'at most', ''], ['left', 'left', 'right', 'right']);
  table.push(['batch', model, dollars(forecast.input), dollars(forecast.highest), '']);
  for (const { way, model: other, input, highest, isCheaper } of forecast.alternatives) {
    table.push([way, other, dollars(input), dollars(highest), isCheaper ? 'cheaper' : '']);
  }
  const { records, inputTokens } = forecast;
  return `${records} records, about ${inputTokens} tokens of input\n${table.toString()}`;
}

/** The forecast for programs. */
export function forecastJson({ alternatives, ...forecast }: BatchForecast): object {
  const costs = ({ input, highest }: { input: Money | undefined; highest: Money | undefined }) => ({
    inputUsd: input?.toUsdString() ?? null,
    highestUsd: highest?.toUsdString() ?? null,
  });
  const { records, inputTokens, sharedPrefixTokens } = forecast;
  return {
    records,
    inputTokens,
    sharedPrefixTokens,
    ...costs(forecast),
    alternatives: alternatives.map(({ way, model, isCheaper, ...cost }) => ({
      way,
      model,
      isCheaper,
      ...costs(cost),
    })),
  };
}

/** How far a batch is, for the terminal. */
export function renderBatchStatus({ state, records, jobs }: BatchStatus): string {
  const table = textTable(
    ['round', 'records', 'status', 'processed', 'failed', 'job'],
    ['right', 'right', 'left', 'right', 'right'],
  );
  for (const job of jobs) {
    const { round, processedRecords, failedRecords, jobArn = '', via } = job;
    const status = via === 'single' ? 'one by one' : job.status;
    table.push([round, job.records, status, processedRecords, failedRecords, jobArn]);
  }
  return `${state}, ${records ?? 'not yet all'} records\n${jobs.length === 0 ? '' : table.toString()}`.trimEnd();
}
