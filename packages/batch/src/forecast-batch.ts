import type { RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import type { BatchSetting } from './batch.js';
import { type BatchForecast, createForecaster, type Forecaster } from './forecast.js';
import { priceQuery } from './plan-batch.js';
import { openAgain } from './source.js';
import type { BatchInput } from './types.js';
import { writeInput } from './write-record.js';

/** What the batch will cost, by a reading of its own. */
export async function forecastBatch(setting: BatchSetting): Promise<BatchForecast> {
  const forecaster = await newForecaster(setting);
  await readInto(forecaster, setting);
  return forecaster.end();
}

/** A forecaster by the batch's prices. */
export const newForecaster = async (setting: BatchSetting): Promise<Forecaster> =>
  createForecaster(await priceQuery(setting), setting.resolved, setting.smaller);

/** Reckons all records; those that no job takes will not be paid. */
export async function readInto(forecaster: Forecaster, { options, added }: BatchSetting): Promise<void> {
  const { model, source = [] } = options;
  for (const { input } of added.values()) forecaster.add(viewOf(input, model));
  for await (const { input } of openAgain(source)) {
    if (writeInput(input, model).modelInput !== undefined) forecaster.add(viewOf(input, model));
  }
}

/** Reads a record as a request. */
export const viewOf = (input: BatchInput, modelId: string): RequestView =>
  viewRequest('Converse', { ...input, modelId });
