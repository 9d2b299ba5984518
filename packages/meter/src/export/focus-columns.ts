/**
 * Columns of a dataset by the FinOps Open Cost and Usage Specification (FOCUS) 1.2 that a Bedrock call can fill, and,
 * behind them, our own with the prefix that the specification reserves for that.
 */
export const FOCUS_COLUMNS = [
  'BilledCost',
  'BillingAccountId',
  'BillingAccountName',
  'BillingCurrency',
  'BillingPeriodEnd',
  'BillingPeriodStart',
  'ChargeCategory',
  'ChargeClass',
  'ChargeDescription',
  'ChargeFrequency',
  'ChargePeriodEnd',
  'ChargePeriodStart',
  'ConsumedQuantity',
  'ConsumedUnit',
  'ContractedCost',
  'ContractedUnitPrice',
  'EffectiveCost',
  'InvoiceId',
  'InvoiceIssuerName',
  'ListCost',
  'ListUnitPrice',
  'PricingCategory',
  'PricingQuantity',
  'PricingUnit',
  'ProviderName',
  'PublisherName',
  'RegionId',
  'RegionName',
  'ResourceId',
  'ResourceName',
  'ResourceType',
  'ServiceCategory',
  'ServiceName',
  'ServiceSubcategory',
  'SkuId',
  'SkuMeter',
  'SkuPriceDetails',
  'SkuPriceId',
  'SubAccountId',
  'SubAccountName',
  'Tags',
  'x_Attempts',
  'x_EstimatedCost',
  'x_PriceKnown',
] as const;

/** A column of a FOCUS dataset. */
export type FocusColumn = (typeof FOCUS_COLUMNS)[number];

/** A row of a FOCUS dataset; `null` is the specification's null. Numbers are decimal text with all digits. */
export type FocusRow = Readonly<Record<FocusColumn, string | null>>;
