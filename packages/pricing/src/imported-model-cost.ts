import { Money } from './money.js';

/**
 * Dollars per custom model unit and minute, from the AWS pricing page as read on 2026-07-24. The page has two rates
 * for version 1.0, by Region, and the reading does not say which Region has which.
 */
const USD_PER_UNIT_MINUTE: ReadonlyMap<string, readonly [low: string, high: string]> = new Map([
  ['1.0', ['0.05718', '0.07144']],
  ['2.0', ['0.1433', '0.1433']],
]);

const WINDOW_MINUTES = 5;

/** What an imported model used. */
export interface ImportedModelUsage {
  /** Model copies that were active (CloudWatch metric `ModelCopy`). */
  readonly copies: number;
  /** `customModelUnits.customModelUnitsPerModelCopy` of GetImportedModel. */
  readonly customModelUnitsPerCopy: number;
  /** `customModelUnits.customModelUnitsVersion` of GetImportedModel. @defaultValue `"1.0"` */
  readonly customModelUnitsVersion?: string;
  /** Minutes from the first call until the copies were released; billed in windows of five. */
  readonly activeMinutes: number;
  /** Dollars per unit and minute, as decimal text, where the account's Region and rate are known. */
  readonly usdPerUnitMinute?: string;
}

/** What {@link importedModelCostOf} answers: two bounds, equal where the rate is known. */
export interface ImportedModelCost {
  /** Five-minute windows begun. */
  readonly windows: number;
  readonly low: Money;
  readonly high: Money;
}

/**
 * What an imported model cost while its copies were active: copies × units × five-minute windows × rate.
 * The calls themselves cost nothing more (`costOf` says 0 and why).
 *
 * @returns `undefined` when no rate is known for the units' version.
 * @throws RangeError when a count is negative or not whole, or the minutes are negative.
 */
export function importedModelCostOf(usage: ImportedModelUsage): ImportedModelCost | undefined {
  const {
    copies,
    customModelUnitsPerCopy,
    customModelUnitsVersion = '1.0',
    activeMinutes,
    usdPerUnitMinute,
  } = usage;
  for (const [name, count] of Object.entries({ copies, customModelUnitsPerCopy })) {
    if (!Number.isSafeInteger(count) || count < 0) {
      throw new RangeError(`costkit pricing: ${name} is ${count}. Give a whole number from 0 upwards.`);
    }
  }
  if (!(activeMinutes >= 0 && Number.isFinite(activeMinutes))) {
    throw new RangeError(`costkit pricing: activeMinutes is ${activeMinutes}. Give minutes from 0 upwards.`);
  }
  const rates = usdPerUnitMinute === undefined ? USD_PER_UNIT_MINUTE.get(customModelUnitsVersion) : undefined;
  const [lowRate, highRate] = rates ?? [usdPerUnitMinute, usdPerUnitMinute];
  if (lowRate === undefined || highRate === undefined) return undefined;
  const windows = Math.ceil(activeMinutes / WINDOW_MINUTES);
  const unitMinutes = copies * customModelUnitsPerCopy * windows * WINDOW_MINUTES;
  return {
    windows,
    low: Money.fromUsd(lowRate).times(unitMinutes),
    high: Money.fromUsd(highRate).times(unitMinutes),
  };
}
