import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgram } from '../src/program.js';
import { runInside } from './run-inside.js';
import type { CommandRun } from './start-command.js';

const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';

/** Runs the command in a process of its own, as people do. */
function spawned(...args: string[]): Promise<CommandRun> {
  return runInside(['report', ...args]);
}

/** Runs the command in this process; what it prints goes to a file. */
async function run(...args: string[]): Promise<{ output: string; stderr: string }> {
  const output = join(folder, 'output');
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    await createProgram().parseAsync(['node', 'costkit', 'report', ...args, '--output', output]);
    return {
      output: await readFile(output, 'utf8'),
      stderr: write.mock.calls.map(([text]) => String(text)).join(''),
    };
  } finally {
    write.mockRestore();
  }
}

/** A line as jsonlSink writes it: 1,000 input and 100 output tokens of Claude Haiku 4.5 through `us.`, $0.00165. */
function line(startedAt: string, tags: Record<string, string>, costUsd: string | null = '0.00165'): string {
  const usage = {
    input: 1_000,
    output: 100,
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheWrite30m: 0,
  };
  const place = { servedModel: HAIKU, scope: 'geo:us', region: 'us-east-1', mode: 'standard' };
  const measured = { startedAt, latencyMs: 500, usage, costUsd, quality: 'measured' };
  const receipt = {
    format: 1,
    id: `call-${startedAt}`,
    operation: 'Converse',
    requestedModel: `us.${HAIKU}`,
    ...place,
    ...measured,
    tags,
    baselineUsd: costUsd,
    baselineQuality: 'exact',
    savedUsd: costUsd === null ? null : '0',
    priceVersion: '2026-11-22',
    attempts: [{ purpose: 'answer', modelId: `us.${HAIKU}`, ...place, ...measured, complete: true }],
    decisions: [],
  };
  return `${JSON.stringify(receipt)}\n`;
}

let folder = '';
let ledger = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'costkit-report-'));
  ledger = join(folder, 'receipts.2026-11-30.jsonl');
  await writeFile(join(folder, 'notes.txt'), 'no ledger');
  await writeFile(
    join(folder, 'receipts.2026-10-31.jsonl'),
    line('2026-10-31T22:59:00.000Z', { feature: 'chat' }) +
      line('2026-10-31T23:30:00.000Z', { feature: 'chat' }),
  );
  await writeFile(
    ledger,
    line('2026-11-01T10:00:00.000Z', { feature: 'chat', team: 'a' }) +
      line('2026-11-02T10:00:00.000Z', { feature: 'search', team: 'a' }, null) +
      'half a line that a crash has\n' +
      line('2026-11-02T10:00:00.000Z', { feature: '=cmd()', team: 'b' }),
  );
});
afterEach(() => rm(folder, { recursive: true }));

describe('costkit report', { timeout: 60_000 }, () => {
  it('prints a table, and says which lines were broken', async () => {
    const { code, stdout, stderr } = await spawned(
      folder,
      '--by',
      'feature,month',
      '--per',
      'ticket=3',
      '--strict',
    );
    expect(code).toBe(1);
    const rows = stdout.split('\n').map((row) => row.split(/ {2,}/));
    expect(rows[0]).toEqual(expect.arrayContaining(['feature', 'month', 'calls', 'cost', 'per ticket']));
    expect(rows.map((row) => row.slice(0, 3))).toEqual(
      expect.arrayContaining([
        ['chat', '2026-10', '2'],
        ['search', '2026-11', '1'],
        ['total', '5', '1'],
      ]),
    );
    expect(stderr).toBe(
      `costkit: ${ledger}:3 is no JSON, as a line that a crash has cut.\ncostkit: 1 broken lines were left out.\n`,
    );
  });

  it('counts a file once that is named beside its folder', async () => {
    const { calls } = JSON.parse(
      (await spawned(folder, ledger, `${folder}/./receipts.2026-11-30.jsonl`, '--json')).stdout,
    ).total;
    expect(calls).toBe(5);
  });

  it('prints a month of a time zone as CSV, with all digits and formulas guarded', async () => {
    const month = ['--month', '2026-11', '--time-zone', 'Europe/Berlin'];
    const { output } = await run(folder, '--by', 'feature', ...month, '--csv');
    const [head, ...records] = output.split('\r\n');
    expect(head).toMatch(/^feature,calls,failed_calls,unpriced_calls,.*,cost_usd,/);
    expect(records.map((record) => record.split(',').slice(0, 2))).toEqual([
      ['chat', '2'],
      ["'=cmd()", '1'],
      ['search', '1'],
      [''],
    ]);
    expect(records[0]).toContain(',0.0033,');
  });

  it('writes a FOCUS dataset, and says what has no price', async () => {
    const { output, stderr } = await run(ledger, '--focus', '--account', '123456789012', '--tags', 'team');
    expect(stderr).toContain('2 rows have no cost, because the price is unknown.');
    const [head = '', ...records] = output.trimEnd().split('\r\n');
    expect(head.split(',').slice(0, 3)).toEqual(['BilledCost', 'BillingAccountId', 'BillingAccountName']);
    expect(records).toHaveLength(6);
    expect(records[0]).toMatch(/^0\.0011,123456789012,,USD,2026-12-01T00:00:00Z,2026-11-01T00:00:00Z,Usage,/);
    expect(records[0]).toContain('"{""team"":""a""}"');
  });

  it('prints JSON, and what a month will have cost where there are days enough', async () => {
    const [recent, young] = [join(folder, 'recent.jsonl'), join(folder, 'young.jsonl')];
    const daysAgo = (days: number): string =>
      line(new Date(Date.now() - days * 86_400_000).toISOString(), { feature: 'chat' }, '1');
    await writeFile(recent, Array.from({ length: 20 }, (_, index) => daysAgo(index + 1)).join(''));
    await writeFile(young, daysAgo(1));
    const json = JSON.parse((await run(recent, '--json', '--forecast', '--by', 'team')).output) as unknown;
    expect(json).toMatchObject({
      by: ['team'],
      total: { cost: '20' },
      rows: [{ group: { team: '(none)' } }],
      forecast: { method: 'weekdays', days: 19 },
      brokenLines: 0,
      files: [recent],
    });
    expect((await run(young, '--forecast')).output).toMatch(
      /complete days are too few for a forecast, which takes 7\.\n$/,
    );
    expect((await run(recent, '--forecast')).output).toMatch(/ at its end \(90 %: \$/);
  });

  it('names a few broken lines of a file and counts the others', async () => {
    await writeFile(ledger, 'broken\n'.repeat(8));
    const { stderr } = await run(ledger);
    expect(stderr.split('\n')).toHaveLength(8);
    expect(stderr).toContain('and 3 more lines like these.\ncostkit: 8 broken lines were left out.\n');
  });

  it.each([
    ['COSTKIT_UNREADABLE_FILE', ['nowhere.jsonl']],
    ['COSTKIT_INVALID_OPTION', ['.', '--month', '2026-13']],
    ['COSTKIT_INVALID_OPTION', ['.', '--per', 'ticket']],
    ['COSTKIT_INVALID_OPTION', ['.', '--focus']],
    ['COSTKIT_INVALID_OPTION', ['.', '--focus', '--account', '1', '--time-zone', 'Europe/Berlin']],
    ['COSTKIT_INVALID_OPTION', ['.', '--time-zone', 'Moon']],
    ['COSTKIT_UNWRITABLE_FILE', ['.', '--output', 'no-such-folder/x.csv']],
    ['commander.conflictingOption', ['.', '--csv', '--json']],
    ['commander.missingArgument', []],
  ])('refuses with %s: %j', async (code, [path, ...args]) => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const given = path === undefined ? [] : [join(folder, path), ...args];
    await expect(createProgram().parseAsync(['node', 'costkit', 'report', ...given])).rejects.toMatchObject({
      code,
    });
    write.mockRestore();
  });

  it('refuses a folder without ledger files', async () => {
    await rm(ledger);
    await rm(join(folder, 'receipts.2026-10-31.jsonl'));
    await expect(run(folder)).rejects.toThrow(/holds no \.jsonl files/);
  });
});
