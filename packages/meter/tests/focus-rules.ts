import { FOCUS_COLUMNS, type FocusRow } from '../src/export.js';

/**
 * Rules of FOCUS 1.2 (tag v1.2 of the specification, specification/columns/*.md) for the columns of the export: whether
 * null is allowed, and the format of the value.
 */
const TEXT = /^(?!\s*$)/s;
const DECIMAL = /^-?\d+(\.\d+)?$/;
const UNIT = /^(\d+ )?[A-Z]\w*s$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;
const NULLABLE = true;

const RULES: Readonly<Record<(typeof FOCUS_COLUMNS)[number], readonly [format: RegExp, nullable?: boolean]>> =
  {
    BilledCost: [DECIMAL],
    BillingAccountId: [TEXT],
    BillingAccountName: [TEXT, NULLABLE],
    BillingCurrency: [/^[A-Z]{3}$/],
    BillingPeriodEnd: [TIME],
    BillingPeriodStart: [TIME],
    ChargeCategory: [/^(Usage|Purchase|Tax|Credit|Adjustment)$/],
    ChargeClass: [/^Correction$/, NULLABLE],
    ChargeDescription: [TEXT, NULLABLE],
    ChargeFrequency: [/^(One-Time|Recurring|Usage-Based)$/],
    ChargePeriodEnd: [TIME],
    ChargePeriodStart: [TIME],
    ConsumedQuantity: [DECIMAL],
    ConsumedUnit: [UNIT],
    ContractedCost: [DECIMAL],
    ContractedUnitPrice: [/^\d+(\.\d+)?$/, NULLABLE],
    EffectiveCost: [DECIMAL],
    InvoiceId: [TEXT, NULLABLE],
    InvoiceIssuerName: [TEXT],
    ListCost: [DECIMAL],
    ListUnitPrice: [/^\d+(\.\d+)?$/, NULLABLE],
    PricingCategory: [/^(Standard|Dynamic|Committed|Other)$/],
    PricingQuantity: [DECIMAL],
    PricingUnit: [UNIT],
    ProviderName: [TEXT],
    PublisherName: [TEXT],
    RegionId: [TEXT, NULLABLE],
    RegionName: [TEXT, NULLABLE],
    ResourceId: [TEXT, NULLABLE],
    ResourceName: [TEXT, NULLABLE],
    ResourceType: [TEXT, NULLABLE],
    ServiceCategory: [/^AI and Machine Learning$/],
    ServiceName: [TEXT],
    ServiceSubcategory: [/^(AI Platforms|Generative AI|Machine Learning|Natural Language Processing)$/],
    SkuId: [TEXT],
    SkuMeter: [TEXT],
    SkuPriceDetails: [/^\{.*\}$/s, NULLABLE],
    SkuPriceId: [TEXT],
    SubAccountId: [TEXT, NULLABLE],
    SubAccountName: [TEXT, NULLABLE],
    Tags: [/^\{.*\}$/s, NULLABLE],
    x_Attempts: [DECIMAL],
    x_EstimatedCost: [DECIMAL],
    x_PriceKnown: [/^(true|false)$/],
  };

/** Columns that stay empty where the price is unknown: the one thing in which an export deviates, and says so. */
const COSTS: readonly string[] = [
  'BilledCost',
  'ContractedCost',
  'EffectiveCost',
  'ListCost',
  'x_EstimatedCost',
];

const [zeros, one] = [12, 10n ** 12n];
/** Decimal text as a whole number of 10⁻¹². */
function exact(text: string): bigint {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * one + BigInt(fraction.padEnd(zeros, '0'));
}

/** What a row breaches of FOCUS 1.2. */
export function focusProblems(row: FocusRow): string[] {
  const problems: string[] = [];
  for (const column of FOCUS_COLUMNS) {
    const [format, nullable = false] = RULES[column];
    const value = row[column];
    const isUnknownCost = row.x_PriceKnown === 'false' && COSTS.includes(column);
    if (value === null ? !nullable && !isUnknownCost : !format.test(value))
      problems.push(`${column} is ${JSON.stringify(value)}`);
  }
  const pairs = [
    ['RegionId', 'RegionName'],
    ['PricingQuantity', 'PricingUnit'],
    ['ConsumedQuantity', 'ConsumedUnit'],
  ] as const;
  for (const [a, b] of pairs) if ((row[a] === null) !== (row[b] === null)) problems.push(`${a} without ${b}`);
  for (const column of ['Tags', 'SkuPriceDetails'] as const) {
    const values = Object.values(JSON.parse(row[column] ?? '{}') as object);
    if (values.some((value) => typeof value === 'object' && value !== null))
      problems.push(`${column} is nested`);
  }
  for (const [price, cost] of [
    ['ContractedUnitPrice', 'ContractedCost'],
    ['ListUnitPrice', 'ListCost'],
  ] as const) {
    if (row[price] === null || row[cost] === null) continue;
    if (exact(row[price]) * exact(row.PricingQuantity ?? '') !== exact(row[cost]) * one)
      problems.push(`${price} times PricingQuantity is not ${cost}`);
  }
  if (!(row.BillingPeriodStart! <= row.ChargePeriodStart! && row.ChargePeriodEnd! <= row.BillingPeriodEnd!))
    problems.push('the charge period is outside of the billing period');
  return problems;
}
