import { InvalidOptionError, Money } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { aReceipt } from '../../tests/a-receipt.js';
import { csvRows } from '../../tests/parse-csv.js';
import { createLedger } from '../ledger.js';
import { reportCsv } from './report-csv.js';
import { reportOf } from './report-of.js';
import { reportTable } from './report-table.js';

const receipts = [
  aReceipt({ tags: { feature: 'chat' }, cost: Money.fromUsd('0.000000000001'), baseline: undefined }),
  aReceipt({ tags: { feature: 'search' }, cost: undefined }),
  aReceipt({
    tags: { feature: 'chat', team: 'a' },
    firstChunkMs: 200,
    error: 'ThrottlingException',
    startedAt: new Date('2026-10-31T23:30:00Z'),
    quality: 'estimated',
  }),
];

describe('reportOf', () => {
  it.each([[[]], [['feature']], [['month', 'team']], [['day', 'servedModel']], [['hour']]])(
    'says what the ledger says, by %j',
    async (by) => {
      const ledger = createLedger();
      for (const receipt of receipts) ledger.add(receipt);
      expect(JSON.stringify(await reportOf(receipts, { by }))).toBe(JSON.stringify(ledger.report({ by })));
    },
  );

  it('knows the days of a time zone', async () => {
    const { rows } = await reportOf(receipts, { by: ['month'], timeZone: 'Europe/Berlin' });
    expect(rows.map(({ group, calls }) => [group['month'], calls])).toEqual([['2026-11', 3]]);
  });

  it('puts groups together that are too many, says so, and loses nothing', async () => {
    const many = Array.from({ length: 100 }, (_, index) => aReceipt({ tags: { user: `${index % 50}` } }));
    const report = await reportOf(many, { by: ['user', 'model'], maxGroups: 10 });
    expect(report.rows).toHaveLength(11);
    expect(report.collapsedCalls).toBe(80);
    expect(report.rows.find(({ group }) => group['user'] === '(other)')?.calls).toBe(80);
    expect(report.total.calls).toBe(100);
  });

  it('does not take a tag for a property of objects', async () => {
    const { rows } = await reportOf([aReceipt({ tags: {} })], { by: ['constructor', 'startsAt'] });
    expect(rows[0]?.group).toEqual({ constructor: '(none)', startsAt: '(none)' });
  });

  it.each([{ by: 'x' }, { timeZone: 'Moon' }, { maxGroups: 0 }, { per: {} }, { groupBy: [] }])(
    'refuses %o',
    async (options) => {
      await expect(reportOf([], options as never)).rejects.toThrow(InvalidOptionError);
    },
  );
});

describe('reportCsv', () => {
  it('has all digits, and nothing where nothing is known', async () => {
    const rows = csvRows(reportCsv(await reportOf(receipts, { by: ['feature', 'team'] })));
    expect(rows.map((row) => [row['feature'], row['team'], row['cost_usd'], row['unpriced_calls']])).toEqual([
      ['chat', 'a', '0.01', '0'],
      ['chat', '(none)', '0.000000000001', '0'],
      ['search', '(none)', '', '1'],
    ]);
    expect(rows[1]).toMatchObject({ baseline_usd: '', saved_usd: '', mean_first_chunk_ms: '', calls: '1' });
    expect(rows[0]).toMatchObject({
      failed_calls: '1',
      estimated_calls: '1',
      estimated_cost_usd: '0.01',
      saved_usd: '0.02',
      cache_read_tokens: '300',
      cache_hit_rate: '0.75',
      mean_first_chunk_ms: '200',
    });
  });

  it('guards formulas, and negative savings are numbers', async () => {
    const dear = aReceipt({
      tags: { '=tag': '=HYPERLINK("http://evil")' },
      cost: Money.fromUsd('0.05'),
      baseline: Money.fromUsd('0.01'),
    });
    const text = reportCsv(await reportOf([dear], { by: ['=tag'] }));
    expect(text.split('\r\n')[1]).toMatch(/^"'=HYPERLINK\(""http:\/\/evil""\)",1,/);
    expect(csvRows(text)[0]).toMatchObject({ "'=tag": `'=HYPERLINK("http://evil")`, saved_usd: '-0.04' });
  });

  it('divides by the business key', async () => {
    const report = await reportOf(receipts, { by: ['feature'], per: { name: 'ticket', count: 4 } });
    expect(csvRows(reportCsv(report))[0]).toMatchObject({
      per: 'ticket',
      per_count: '4',
      usd_per_one: '0.00250000000025',
    });
  });
});

describe('reportTable', () => {
  it('shows groups and total, and only the columns that say something', async () => {
    const plain = [
      aReceipt({ tags: { feature: 'chat' }, cost: Money.fromUsd('1234.5'), baseline: Money.fromUsd('1300') }),
      aReceipt({ tags: { feature: 'search' } }),
    ];
    expect(reportTable(await reportOf(plain, { by: ['feature'] }))).toBe(
      [
        'feature  calls  tokens in  out  cache hits  latency       cost   saved',
        'chat         1        400   20      75.0 %   800 ms  $1,234.50  $65.50',
        'search       1        400   20      75.0 %   800 ms      $0.01   $0.02',
        'total        2        800   40      75.0 %   800 ms  $1,234.51  $65.52',
        '',
      ].join('\n'),
    );
  });

  it('says where a price is not known, and divides by the business key', async () => {
    const table = reportTable(
      await reportOf(receipts, { by: ['feature'], per: { name: 'ticket', count: 10 } }),
    ).split('\n');
    expect(table[0]).toMatch(/calls +failed +unpriced +estimated .* first chunk +cost +saved +per ticket$/);
    expect(table[2]).toMatch(/^search .* \? .*$/);
    expect(table[3]).toMatch(/^total .* ≥ \$0\.01 .* ≥ \$0\.001000$/);
  });

  it('has one line without groups', async () => {
    expect(reportTable(await reportOf(receipts)).split('\n')[1]).toMatch(/^total +3 /);
    expect(reportTable(await reportOf([])).split('\n')[1]).toMatch(/^total +0 /);
  });

  it('lets no tag steer the terminal', async () => {
    const evil = aReceipt({ tags: { feature: '\u001b[2J\r\u202eevil\n' } });
    expect(reportTable(await reportOf([evil], { by: ['feature'] }))).toContain('?[2J??evil?');
  });
});
