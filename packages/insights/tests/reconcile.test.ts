import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { openDatabase } from '../src/database.js';
import { tokensOf } from '../src/reconcile.js';
import { aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

const CUR = `line_item_usage_type,line_item_line_item_type,line_item_product_code,product_region_code,line_item_usage_start_date,line_item_unblended_cost,line_item_usage_amount,pricing_unit,product
USE1-MP:USE1_InputTokenCount-Units,Usage,Marketplace,us-east-1,2026-10-20T10:00:00Z,0.0044,0.002,Units,"{""product_name"": ""Claude Sonnet 5.5 (Amazon Bedrock Edition)""}"
USE1-MP:USE1_OutputTokenCount-Units,Usage,Marketplace,us-east-1,2026-10-20T10:00:00Z,0.0024,0.0002,Units,"{""product_name"": ""Claude Sonnet 5.5 (Amazon Bedrock Edition)""}"
USE1-NovaLite-input-tokens,Usage,AmazonBedrock,us-east-1,2026-10-20T11:00:00Z,0.01,0.1,1K tokens,"{""product_name"": ""Amazon Bedrock""}"
USE1-MP:USE1_InputTokenCount-Units,Usage,Marketplace,us-east-1,2026-09-20T10:00:00Z,99,45,Units,"{""product_name"": ""Claude Sonnet 5.5 (Amazon Bedrock Edition)""}"
USE1-MP:USE1_InputTokenCount-Units,Credit,Marketplace,us-east-1,2026-10-20T10:00:00Z,-5,0,Units,"{""product_name"": ""Claude Sonnet 5.5 (Amazon Bedrock Edition)""}"
USE1-Guardrail-TopicPolicyUnitsConsumed,Usage,AmazonBedrock,us-east-1,2026-10-20T10:00:00Z,0.15,1000,Units,"{""product_name"": ""Amazon Bedrock""}"
USE1-BoxUsage:t3.micro,Usage,AmazonEC2,us-east-1,2026-10-20T10:00:00Z,7,10,Hrs,"{""product_name"": ""Amazon EC2""}"
`;

const FOCUS = `BilledCost,ChargeCategory,ChargePeriodStart,ConsumedQuantity,ConsumedUnit,RegionId,ServiceName,x_UsageType
0.0022,Usage,2026-10-20 00:00:00,1000,Tokens,us-east-1,Claude Sonnet 5.5 (Amazon Bedrock Edition),USE1-MP:USE1_InputTokenCount-Units
`;

/** Exports of AWS are Parquet more often than CSV. */
async function toParquet(csv: string, parquet: string): Promise<void> {
  const database = await openDatabase(256, 1);
  await database.run(`COPY (FROM read_csv('${csv}')) TO '${parquet}'`);
  await database.close();
}

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it('says how far the logs are off the bill, per model and usage type, for the days of both', async () => {
    const folder = temporaryFolder();
    writeBelow(
      folder,
      `${HOUR}/a.json.gz`,
      lines(aRecord('a'), aRecord('b'), aRecord('c', { modelId: 'global.anthropic.claude-opus-5' })),
    );
    writeBelow(folder, 'other/cur.csv', CUR);
    await toParquet(`${folder}/other/cur.csv`, `${folder}/cur.parquet`);
    const source = [`${folder}/AWSLogs`, `${folder}/cur.parquet`];
    const { reconciliation = [], supportingServices } = await analyzeLogs({ source, threads: 1 });
    const row = (usageType: string) => reconciliation.find((one) => one.usageType.includes(usageType));
    expect(row('InputTokenCount')).toMatchObject({
      model: 'anthropic.claude-sonnet-5-5',
      billedTokens: 2_000,
      meteredTokens: 2_000,
      difference: 0,
    });
    expect(row('InputTokenCount')?.metered?.usd).toBe(0.004_4);
    expect(row('OutputTokenCount')?.difference).toBeCloseTo(-1 / 12, 6);
    expect(row('NovaLite')).toMatchObject({
      model: 'amazon.nova-lite-v1:0',
      metered: undefined,
      billedTokens: 100,
    });
    expect(row('* input global standard')).toMatchObject({
      model: 'anthropic.claude-opus-5',
      meteredTokens: 1_000,
    });
    expect(supportingServices?.map(({ service, cost }) => [service, cost.usd])).toEqual([
      ['Amazon Bedrock', 0.15],
    ]);
  });

  it('compares calls with the lines of their accounts: the bill of an organisation has all', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a')));
    const line = (account: string, type: string, usd: number): string =>
      `${type},Usage,${account},us-east-1,2026-10-20,${usd},0.001,Units,Claude Sonnet 5.5 (Amazon Bedrock Edition)\n`;
    const input = 'USE1-MP:USE1_InputTokenCount-Units';
    const units = 'USE1-NovaPro-ProvisionedThroughput-NoCommit-ModelUnits';
    writeBelow(
      folder,
      'cur.csv',
      `line_item_usage_type,line_item_line_item_type,line_item_usage_account_id,product_region_code,line_item_usage_start_date,line_item_unblended_cost,line_item_usage_amount,pricing_unit,product_servicename
${line('123456789012', input, 0.0022)}${line('999999999999', input, 99)}${line('999999999999', units, 480)}`,
    );
    const { reconciliation, recommendations, notes } = await analyzeLogs({ source: folder, threads: 1 });
    expect(reconciliation?.[0]).toMatchObject({ difference: 0, billedTokens: 1_000 });
    // Whoever deletes it takes it from another account.
    expect(recommendations.map(({ kind }) => kind)).not.toContain('idle-provisioned');
    expect(notes.join(' ')).toContain('The bill has 1 accounts more than the calls');
  });

  it('compares lines of a usage type as one, with a Region and without', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a'), aRecord('b')));
    const line = (region: string): string =>
      `USE1-MP:USE1_InputTokenCount-Units,Usage,${region},2026-10-20,0.0022,0.001,Units,Claude Sonnet 5.5 (Amazon Bedrock Edition)\n`;
    writeBelow(
      folder,
      'cur.csv',
      `line_item_usage_type,line_item_line_item_type,product_region_code,line_item_usage_start_date,line_item_unblended_cost,line_item_usage_amount,pricing_unit,product_servicename
${line('us-east-1')}${line('')}`,
    );
    const { reconciliation = [] } = await analyzeLogs({ source: folder, threads: 1 });
    const input = reconciliation.filter(({ usageType }) => usageType.includes('InputTokenCount'));
    expect(input).toMatchObject([{ difference: 0, billedTokens: 2_000, meteredTokens: 2_000 }]);
  });

  it('finds what a product is called in the map of CUR 2.0 as Parquet', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a')));
    const database = await openDatabase(256, 1);
    await database.run(`COPY (SELECT 'USE1-MP:USE1_InputTokenCount-Units' AS line_item_usage_type, 'Usage' AS line_item_line_item_type,
      '5ab12cd' AS line_item_product_code, 'us-east-1' AS product_region_code, TIMESTAMP '2026-10-20 10:00:00' AS line_item_usage_start_date,
      0.0022::DOUBLE AS line_item_unblended_cost, 0.001::DOUBLE AS line_item_usage_amount, 'Units' AS pricing_unit,
      MAP {'product_name': 'Claude Sonnet 5.5 (Amazon Bedrock Edition)', 'region': 'us-east-1'} AS product)
      TO '${folder}/cur.parquet'`);
    await database.close();
    const { reconciliation } = await analyzeLogs({ source: folder, threads: 1 });
    expect(reconciliation?.[0]).toMatchObject({
      model: 'anthropic.claude-sonnet-5-5',
      difference: 0,
      billedTokens: 1_000,
      meteredTokens: 1_000,
    });
  });

  it('says what logs and bills cannot decide, with what is at stake', async () => {
    const folder = temporaryFolder();
    const nova = { modelId: 'amazon.nova-pro-v1:0', input: 2_000, output: 100 };
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a', nova), aRecord('b', nova), aRecord('c')));
    const search = CUR.split('\n')[0] ?? '';
    const columns = search.split(',');
    const of: Record<string, string> = {
      line_item_usage_start_date: '2026-10-20',
      line_item_line_item_type: 'Usage',
      line_item_usage_type: 'SearchOCU',
      line_item_product_code: 'Amazon OpenSearch Service',
      line_item_unblended_cost: '11.52',
    };
    writeBelow(folder, 'cur.csv', `${search}\n${columns.map((column) => of[column] ?? '').join(',')}\n`);
    const { undecided } = await analyzeLogs({ source: folder, threads: 1 });
    expect(undecided).toMatchObject([
      { lever: 'distillation', about: 'task search on amazon.nova-pro-v1:0' },
      { lever: 'vector-store', about: 'OpenSearch Serverless (us-east-1)' },
    ]);
    expect(undecided[0]?.command).toBe(
      'costkit plan distill --teacher amazon.nova-pro-v1:0 --region us-east-1 --requests 61 --input 2000 --output 100',
    );
    expect(undecided[1]?.perMonthAtStake.usd).toBeCloseTo(11.52 * 30.437_5, 6);
  });

  it('reads FOCUS, and has no row for what the bill does not hold', async () => {
    const folder = temporaryFolder();
    writeBelow(folder, `${HOUR}/a.json.gz`, lines(aRecord('a')));
    writeBelow(folder, 'focus.csv', FOCUS);
    // Named twice, it is billed once.
    const source = [folder, `${folder}/./focus.csv`];
    const { reconciliation } = await analyzeLogs({ source, threads: 1 });
    expect(reconciliation?.[0]).toMatchObject({ difference: 0, billedTokens: 1_000, meteredTokens: 1_000 });
  });
});

describe('tokensOf', () => {
  it.each([
    [2, '1K tokens', 'USE1-NovaLite-input-tokens', 2_000],
    [2, '1M tokens', 'USE1-NovaLite-input-tokens', 2_000_000],
    [2, '1,000 tokens', 'USE1-NovaLite-input-tokens', 2_000],
    [2, 'Tokens', 'USE1-NovaLite-input-tokens', 2],
    [2, 'Units', 'USE1-MP:USE1_InputTokenCount-Units', 2_000_000],
    [2, 'Units', 'USE1-NovaLite-input-tokens', undefined],
    [2, 'Hrs', 'USE1-NovaLite-input-tokens', undefined],
  ])('reads %d %s of %s as %s', (quantity, unit, usageType, tokens) => {
    expect(tokensOf(quantity, unit, usageType)).toBe(tokens);
  });
});
