import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { renderReport } from '../src/report/render-report.js';
import type { Analysis, AnalyzeOptions } from '../src/types.js';
import { aRecord, HOUR, lines, RECORD_USD, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

const DAYS_PER_MONTH = 30.4375;
const CUR_COLUMNS =
  'line_item_usage_type,line_item_line_item_type,line_item_product_code,line_item_usage_start_date,line_item_unblended_cost';
const FOCUS_COLUMNS = 'x_UsageType,ChargeCategory,ServiceName,ChargePeriodStart,BilledCost';
/** Two days: models, a database, and what credits paid of them. */
const LINES = [
  'USE1-NovaLite-input-tokens,Usage,AmazonBedrock,2026-10-19T00:00:00Z,4',
  'USE1-BoxUsage:t3.micro,Usage,AmazonEC2,2026-10-20T00:00:00Z,10',
  'USE1-BoxUsage:t3.micro,Credit,AmazonEC2,2026-10-20T00:00:00Z,-6',
  'USE1-BoxUsage:t3.micro,Tax,AmazonEC2,2026-10-20T00:00:00Z,2',
];
const COST_EXPLORER = {
  GroupDefinitions: [{ Key: 'SERVICE' }, { Key: 'USAGE_TYPE' }],
  ResultsByTime: [
    ['2026-10-19', '2026-10-20', 'Amazon Bedrock', 'USE1-NovaLite-input-tokens', '4'],
    ['2026-10-20', '2026-10-21', 'Amazon EC2', 'USE1-BoxUsage:t3.micro', '10'],
    ['2026-10-20', '2026-10-21', 'Amazon EC2', 'USE1-BoxUsage:t3.micro', '-6'],
  ].map(([Start, End, service, usageType, Amount]) => ({
    TimePeriod: { Start, End },
    Groups: [
      { Keys: [service, usageType], Metrics: { UnblendedCost: { Amount }, UsageQuantity: { Amount: '1' } } },
    ],
  })),
};

/** A day of 1,000 calls, $3.30; half of them repeat themselves. */
function analysisOf(
  credits: AnalyzeOptions['credits'],
  files: Readonly<Record<string, string>> = {},
): Promise<Analysis> {
  const folder = temporaryFolder();
  const asked = (index: number): object => ({
    messages: [{ role: 'user', content: [{ text: index % 2 === 0 ? 'Again.' : `Where is ${index}?` }] }],
  });
  const records = Array.from({ length: 1_000 }, (_, index) => aRecord(`r${index}`, { body: asked(index) }));
  writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records));
  for (const [name, text] of Object.entries(files)) writeBelow(folder, name, text);
  return analyzeLogs({ source: folder, threads: 1, ...(credits === undefined ? {} : { credits }) });
}

describe('credits', { timeout: 60_000 }, () => {
  it('are runway, before and after what is recommended, and in no amount', async () => {
    const { credits, perMonth, perMonthAfter, recommendations } = await analysisOf(undefined);
    expect(perMonth.usd).toBeCloseTo(1_000 * RECORD_USD * DAYS_PER_MONTH, 6);
    expect(perMonthAfter.usd).toBeLessThan(perMonth.usd);
    expect(recommendations.map(({ kind }) => String(kind))).not.toContain('credits');
    const saved = recommendations.reduce((sum, one) => sum + one.perMonthAfterOthers.usd, 0);
    expect(perMonth.usd - perMonthAfter.usd).toBeCloseTo(saved, 6);
    const builders = credits?.programmes.find(({ name }) => name === 'Activate Builders');
    expect(builders?.least.today).toBeCloseTo(1_000 / perMonth.usd, 4);
    expect(builders?.least.after).toBeCloseTo(1_000 / perMonthAfter.usd, 4);
    const accelerator = credits?.programmes.find(({ kind }) => kind === 'accelerator');
    expect(accelerator).toMatchObject({ most: { today: undefined, after: undefined } });
    expect(credits).toMatchObject({ confidence: 'low', besidePerMonth: undefined, usedPerMonth: undefined });
    expect(credits?.held).toBeUndefined();
    expect(credits?.unknown.join(' ')).toMatch(/Whether you may have them.*What is left.*no bill is among/);
    expect(credits?.command).toMatch(
      /^costkit plan credits --pool NAME=DOLLARS@MONTHS --usage 100\.44 --lever recommended=0\.\d{4}$/,
    );
  });

  it('are those of a stage and its funding, and last as long as what is at hand', async () => {
    const { credits, perMonth } = await analysisOf({
      stage: 'seed',
      funding: 'none',
      growthPerMonth: 0,
      held: [
        { name: 'Activate', usd: 1_000 },
        { name: 'POC', usd: 500, expiresInMonths: 2, pays: 'bedrock' },
      ],
    });
    expect(credits?.programmes.map(({ name }) => name)).toEqual([
      'Activate Builders',
      'Activate Founders',
      'Bedrock proof of concept',
      'Generative AI Accelerator',
    ]);
    // Two months of the pool that expires, and then the other.
    expect(credits?.held?.today).toBeCloseTo(2 + 1_000 / perMonth.usd, 4);
    expect(credits?.held?.after).toBeGreaterThan(credits?.held?.today ?? 0);
    expect(credits?.held?.endedBy).toBe('expired');
    expect(credits?.command).toContain("--pool 'Activate=1000' --pool 'POC=500@2'");
  });

  it.each([
    ['CUR 2.0', 'cur.csv', [CUR_COLUMNS, ...LINES].join('\n')],
    ['FOCUS', 'focus.csv', [FOCUS_COLUMNS, ...LINES].join('\n')],
    ['Cost Explorer', 'costs.json', JSON.stringify(COST_EXPLORER)],
  ])('pay the rest of the bill, too, and what they have paid stands in %s', async (_, name, text) => {
    const { credits, perMonth, supportingServices, reconciliation } = await analysisOf(undefined, {
      [name]: text,
    });
    expect(credits?.besidePerMonth?.usd).toBeCloseTo(5 * DAYS_PER_MONTH, 6);
    expect(credits?.usedPerMonth?.usd).toBeCloseTo(3 * DAYS_PER_MONTH, 6);
    const founders = credits?.programmes.find((one) => one.name === 'Activate Founders');
    expect(founders?.least.today).toBeCloseTo(5_000 / (perMonth.usd + 5 * DAYS_PER_MONTH), 4);
    expect(supportingServices).toEqual([]);
    expect(reconciliation?.every(({ billed }) => billed.picoUsd >= 0n)).toBe(true);
  });

  it('stand on the page, with what is unknown', async () => {
    const page = renderReport(await analysisOf({ held: [{ name: '<b>', usd: 1_000 }] }));
    expect(page).toMatch(
      /<h2>Credits<\/h2>[\s\S]*Runway, and no saving[\s\S]*Yours last 10\.0 months[\s\S]*Whether you may have them/,
    );
    expect(page).not.toContain('<b>');
  });

  it.each<readonly [what: string, credits: object, message: RegExp]>([
    ['a stage that is none', { stage: 'ipo' }, /credits\.stage\W+must be/],
    ['a growth that is none', { growthPerMonth: 'fast' }, /credits\.growthPerMonth\W+must be a number/],
    ['a pool without dollars', { held: [{ name: 'x' }] }, /usd\W+is missing/],
    ['a pool of nothing', { held: [{ name: 'x', usd: -1 }] }, /pools\[0\]\.usd/],
    ['what it pays', { held: [{ name: 'x', usd: 1, pays: 'rent' }] }, /credits\.held\[0\]\.pays\W+must be/],
    ['an option that is none', { left: 1 }, /credits\.left/],
  ])('refuse %s before anything is read', async (_, credits, message) => {
    await expect(analyzeLogs({ source: 'nowhere', credits })).rejects.toMatchObject({
      code: 'COSTKIT_INVALID_OPTION',
      message: expect.stringMatching(message),
    });
  });
});
