import { type Database, sqlText, sqlTexts } from '../database.js';

/** The table of a bill: dollars with twelve decimals, quantities in tokens where the unit says so. */
export const BILL_TABLE: string = `CREATE TABLE IF NOT EXISTS bill (usage_type VARCHAR, service VARCHAR, account VARCHAR, region VARCHAR, day DATE,
  cost DECIMAL(38, 12), quantity DOUBLE, unit VARCHAR)`;

/** What credits have paid, below zero as bills have it. */
export const CREDITS_TABLE: string =
  'CREATE TABLE IF NOT EXISTS bill_credits (day DATE, cost DECIMAL(38, 12))';

/** Names that a column has in CUR 2.0, in its predecessor, and in FOCUS (AWS's export and the specification). */
const COLUMNS = {
  usage_type: ['line_item_usage_type', 'lineItem/UsageType', 'x_UsageType', 'SkuMeter'],
  service: [
    'product_servicename',
    'product_product_name',
    'product/ProductName',
    'ServiceName',
    'line_item_product_code',
    'lineItem/ProductCode',
  ],
  account: ['line_item_usage_account_id', 'lineItem/UsageAccountId', 'SubAccountId'],
  region: ['product_region_code', 'product/regionCode', 'RegionId', 'RegionID'],
  day: ['line_item_usage_start_date', 'lineItem/UsageStartDate', 'ChargePeriodStart'],
  cost: ['line_item_unblended_cost', 'lineItem/UnblendedCost', 'BilledCost'],
  quantity: ['line_item_usage_amount', 'lineItem/UsageAmount', 'ConsumedQuantity', 'PricingQuantity'],
  unit: ['pricing_unit', 'pricing/unit', 'ConsumedUnit', 'PricingUnit'],
} as const;

/** Usage and credits are read: taxes, refunds and fees are neither. */
const KINDS = {
  line: ['line_item_line_item_type', 'lineItem/LineItemType', 'ChargeCategory'],
} as const;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** CUR 2.0 keeps what a product is called in a map, which CSV writes as JSON. */
function serviceOf(
  found: (names: readonly string[]) => string | undefined,
  columns: ReadonlyMap<string, string>,
): string {
  const plain = found(COLUMNS.service);
  const type = columns.get('product');
  if (type === undefined) return plain ?? 'NULL';
  const inMap = type.startsWith('MAP')
    ? `product['product_name']`
    : `json_extract_string(try_cast(product::VARCHAR AS JSON), '$.product_name')`;
  return `coalesce(${inMap}, ${plain ?? 'NULL'})`;
}

/** Reads bills (CUR 2.0 or FOCUS, CSV or Parquet) into the table `bill`, and what credits paid of them beside it. */
export async function readBill(database: Database, files: readonly string[]): Promise<void> {
  if (files.length === 0) return;
  await database.run(BILL_TABLE);
  await database.run(CREDITS_TABLE);
  for (const file of files) {
    const from = file.endsWith('.parquet')
      ? `read_parquet(${sqlText(file)})`
      : `read_csv(${sqlTexts([file])}, all_varchar = true, header = true, quote = '"', escape = '"')`;
    const described = await database.all<{ column_name: string; column_type: string }>(
      `DESCRIBE SELECT * FROM ${from}`,
    );
    const columns = new Map(described.map(({ column_name, column_type }) => [column_name, column_type]));
    const found = (names: readonly string[]): string | undefined => {
      const name = names.find((one) => columns.has(one));
      return name === undefined ? undefined : quoted(name);
    };
    const of = (name: keyof typeof COLUMNS): string => found(COLUMNS[name]) ?? 'NULL';
    const line = found(KINDS.line);
    const day = `try_cast(left(${of('day')}::VARCHAR, 10) AS DATE)`;
    const cost = `coalesce(try_cast(${of('cost')} AS DECIMAL(38, 12)), try_cast(try_cast(${of('cost')} AS DOUBLE) AS DECIMAL(38, 12)), 0)`;
    await database.run(`INSERT INTO bill SELECT ${of('usage_type')}::VARCHAR, ${serviceOf(found, columns)}::VARCHAR,
      ${of('account')}::VARCHAR, ${of('region')}::VARCHAR, ${day}, ${cost},
      try_cast(${of('quantity')} AS DOUBLE), ${of('unit')}::VARCHAR
      FROM ${from} ${line === undefined ? '' : `WHERE ${line} IN ('Usage', 'DiscountedUsage', 'SavingsPlanCoveredUsage')`}`);
    if (line !== undefined) {
      await database.run(
        `INSERT INTO bill_credits SELECT ${day}, ${cost} FROM ${from} WHERE ${line} = 'Credit'`,
      );
    }
  }
}
