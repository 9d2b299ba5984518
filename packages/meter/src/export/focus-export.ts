import {
  type Attempt,
  CostkitError,
  checkOptions,
  InvalidOptionError,
  isArray,
  isOneOf,
  isPositiveInteger,
  isText,
  Money,
  type Receipt,
  type Tags,
} from '@costkit/core';
import { checkOverrides, type PriceOverride } from '@costkit/pricing';
import { isNames } from '../is-names.js';
import { periodBounds } from '../period-bounds.js';
import { type CsvCell, csvRecord, csvText } from './csv.js';
import { FOCUS_COLUMNS, type FocusRow } from './focus-columns.js';
import { type FocusLine, focusLines } from './focus-lines.js';
import { focusSku } from './focus-sku.js';
import { regionName } from './region-names.js';

/** What {@link focusExport} takes. */
export interface FocusExportOptions {
  /** Id of the account that is billed: the payer's twelve digits. */
  readonly billingAccountId: string;
  /** Name of the account that is billed. @defaultValue null */
  readonly billingAccountName?: string;
  /** Id of the account that made the calls, in an organisation. @defaultValue null */
  readonly subAccountId?: string;
  /** Name of the account that made the calls. @defaultValue null */
  readonly subAccountName?: string;
  /** Who sends the invoice. @defaultValue `"Amazon Web Services, Inc."` */
  readonly invoiceIssuerName?: string;
  /** Names of the tags to export. @defaultValue all */
  readonly tagNames?: readonly string[];
  /** Negotiated prices that the calls were priced with; without them their rows have no unit prices. @defaultValue none */
  readonly priceOverrides?: readonly PriceOverride[];
  /** How long a row's charge period is, in UTC. @defaultValue `"day"` */
  readonly chargePeriod?: 'hour' | 'day';
  /** Most rows. @defaultValue 100_000 */
  readonly maxRows?: number;
}

/** Calls as a FOCUS dataset. */
export interface FocusDataset {
  /** In the order of their charge periods. */
  readonly rows: readonly FocusRow[];
  /** Rows whose costs are empty because the price is unknown, where FOCUS wants a number. */
  readonly unpricedRows: number;
  /** Rows without unit prices: the catalogue of today does not arrive at the cost on the receipt. */
  readonly unitemisedRows: number;
}

/** There are more combinations of tags, models and days than rows allowed. */
export class TooManyRowsError extends CostkitError {
  override readonly name: string = 'TooManyRowsError';

  constructor(maxRows: number) {
    super(
      `costkit meter: the export has more than ${maxRows} rows. Name the tags that finance needs in "tagNames", or raise "maxRows".`,
      { code: 'COSTKIT_TOO_MANY_ROWS' },
    );
  }
}

function checkFocusOptions(options: FocusExportOptions): void {
  checkOptions<FocusExportOptions>('meter', options, {
    billingAccountId: isText,
    billingAccountName: isText,
    subAccountId: isText,
    subAccountName: isText,
    invoiceIssuerName: isText,
    tagNames: isNames,
    priceOverrides: isArray,
    chargePeriod: isOneOf('hour', 'day'),
    maxRows: isPositiveInteger,
  });
  if (options.billingAccountId === undefined)
    throw new InvalidOptionError('meter', 'billingAccountId', 'is missing');
  if (options.priceOverrides !== undefined) checkOverrides(options.priceOverrides);
}

/** Sums of what agrees in all texts; changed in place. */
interface FocusSums {
  readonly line: FocusLine;
  readonly texts: Partial<FocusRow>;
  readonly startsAt: number;
  count: bigint;
  attempts: number;
  cost: bigint;
  listCost: bigint;
  estimatedCost: bigint;
}

const PERIOD_MS = { hour: 3_600_000, day: 86_400_000 } as const;

const time = (atMs: number): string => `${new Date(atMs).toISOString().slice(0, 19)}Z`;
const usd = (picoUsd: bigint): string => Money.fromPicoUsd(picoUsd).toUsdString();
const orNull = (condition: boolean, text: () => string): string | null => (condition ? text() : null);

function tagsText(tags: Tags, names: readonly string[] | undefined): string | null {
  const kept = Object.keys(tags)
    .filter((name) => names?.includes(name) !== false)
    .sort();
  return kept.length === 0
    ? null
    : JSON.stringify(Object.fromEntries(kept.map((name) => [name, tags[name]])));
}

/** The row of what was summed. Counts of tokens are priced by the million, as in AWS's price list. */
function rowOf({ line, texts, count, attempts, cost, listCost, estimatedCost }: FocusSums): FocusRow {
  const { consumedUnit, pricingUnit, perPricingUnit } = focusSku(line.kind);
  const costText = orNull(line.cost !== undefined, () => usd(cost));
  const unitPrice = (rate: number | undefined): string | null =>
    orNull(rate !== undefined, () => usd(BigInt(rate ?? 0) * perPricingUnit));
  return {
    ...(Object.fromEntries(FOCUS_COLUMNS.map((column) => [column, null])) as unknown as FocusRow),
    ...texts,
    BilledCost: costText,
    ContractedCost: costText,
    EffectiveCost: costText,
    ListCost: orNull(line.listCost !== undefined, () => usd(listCost)),
    ContractedUnitPrice: unitPrice(line.rate),
    ListUnitPrice: unitPrice(line.listRate),
    ConsumedQuantity: String(count),
    ConsumedUnit: consumedUnit,
    // Exact: a million millionths of a token are one.
    PricingQuantity: usd((count * 1_000_000_000_000n) / perPricingUnit),
    PricingUnit: pricingUnit,
    x_Attempts: String(attempts),
    x_EstimatedCost: orNull(line.cost !== undefined, () => usd(estimatedCost)),
    x_PriceKnown: String(line.cost !== undefined),
  };
}

/**
 * Calls as a dataset of FOCUS 1.2, the format in which finance compares clouds: a row for each charge period, model,
 * kind of token, scope, mode, Region, application inference profile and set of tags. What it says are the costs that the
 * receipts know: an estimate of the bill, without taxes, credits and rounding.
 *
 * @throws `InvalidOptionError` for options that are unknown, wrong or missing.
 * @throws {@link TooManyRowsError} when there are more rows than allowed: nothing is put together silently.
 *
 * @example
 * ```ts
 * const dataset = await focusExport(readReceipts('receipts.jsonl', onProblem), { billingAccountId: '123456789012' });
 * await writeFile('focus.csv', focusCsv(dataset.rows));
 * ```
 */
export async function focusExport(
  receipts: Iterable<Receipt> | AsyncIterable<Receipt>,
  options: FocusExportOptions,
): Promise<FocusDataset> {
  checkFocusOptions(options);
  const { tagNames, priceOverrides = [], chargePeriod = 'day', maxRows = 100_000 } = options;
  const account = {
    BillingAccountId: options.billingAccountId,
    BillingAccountName: options.billingAccountName ?? null,
    SubAccountId: options.subAccountId ?? null,
    SubAccountName: options.subAccountName ?? null,
    InvoiceIssuerName: options.invoiceIssuerName ?? 'Amazon Web Services, Inc.',
  };
  const groups = new Map<string, FocusSums>();

  const textsOf = (attempt: Attempt, line: FocusLine, tags: string | null): Partial<FocusRow> => {
    const { modelId, region, mode } = attempt;
    const hasProfile = modelId.includes(':application-inference-profile/');
    return {
      ...account,
      BillingCurrency: 'USD',
      ChargeCategory: 'Usage',
      ChargeFrequency: 'Usage-Based',
      PricingCategory:
        mode === 'provisioned' || mode === 'imported' || mode === 'unknown' ? 'Other' : 'Standard',
      ProviderName: 'AWS',
      RegionId: region === 'unknown' ? null : region,
      RegionName: region === 'unknown' ? null : regionName(region),
      ResourceId: hasProfile ? modelId : null,
      ResourceType: hasProfile ? 'Application Inference Profile' : null,
      ServiceCategory: 'AI and Machine Learning',
      ServiceName: 'Amazon Bedrock',
      ServiceSubcategory: 'Generative AI',
      ...focusSku(line.kind).textsOf(attempt),
      Tags: tags,
    };
  };

  const book = (attempt: Attempt, line: FocusLine, tags: string | null): void => {
    const atMs = attempt.startedAt.getTime();
    // In UTC every day and hour has the same length.
    const startsAt = atMs - (atMs % PERIOD_MS[chargePeriod]);
    const { modelId, servedModel, scope, region, mode } = attempt;
    const profile = modelId.includes(':application-inference-profile/') ? modelId : '';
    const { kind, rate, listRate } = line;
    const key = JSON.stringify([
      startsAt,
      servedModel,
      scope,
      region,
      mode,
      profile,
      kind,
      rate,
      listRate,
      tags,
      line.cost === undefined,
    ]);
    let sums = groups.get(key);
    if (sums === undefined) {
      if (groups.size >= maxRows) throw new TooManyRowsError(maxRows);
      const texts = textsOf(attempt, line, tags);
      sums = { line, texts, startsAt, count: 0n, attempts: 0, cost: 0n, listCost: 0n, estimatedCost: 0n };
      groups.set(key, sums);
    }
    sums.count += BigInt(line.count);
    sums.attempts += 1;
    sums.cost += line.cost?.picoUsd ?? 0n;
    sums.listCost += line.listCost?.picoUsd ?? 0n;
    if (attempt.quality === 'estimated') sums.estimatedCost += line.cost?.picoUsd ?? 0n;
  };

  for await (const { attempts, tags } of receipts) {
    const text = tagsText(tags, tagNames);
    for (const attempt of attempts) {
      for (const line of focusLines(attempt, priceOverrides)) book(attempt, line, text);
    }
  }

  const sorted = [...groups.values()].sort((one, other) => one.startsAt - other.startsAt);
  const rows = sorted.map((sums) => {
    const billing = periodBounds('month', sums.startsAt);
    return {
      ...rowOf(sums),
      BillingPeriodStart: time(billing.startsAt),
      BillingPeriodEnd: time(billing.endsAt),
      ChargePeriodStart: time(sums.startsAt),
      ChargePeriodEnd: time(sums.startsAt + PERIOD_MS[chargePeriod]),
    };
  });
  return {
    rows,
    unpricedRows: sorted.filter(({ line }) => line.cost === undefined).length,
    unitemisedRows: sorted.filter(({ line }) => line.cost !== undefined && line.rate === undefined).length,
  };
}

const isNumber = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

/**
 * The rows of a FOCUS dataset as CSV (RFC 4180), a piece at a time; null is an empty field. Values that a spreadsheet would
 * run as a formula are guarded by an apostrophe.
 *
 * @example
 * ```ts
 * await writeFile('focus.csv', focusCsv(dataset.rows));
 * ```
 */
export function* focusCsv(rows: Iterable<FocusRow>): Generator<string> {
  yield csvRecord(FOCUS_COLUMNS);
  for (const row of rows) {
    yield csvRecord(
      FOCUS_COLUMNS.map((column): CsvCell => {
        const cell = row[column];
        return cell === null || isNumber(cell) ? cell : csvText(cell);
      }),
    );
  }
}
