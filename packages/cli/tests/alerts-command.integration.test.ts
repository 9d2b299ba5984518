import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type FakeAccount, startFakeAccount } from './fake-account/start-fake-account.js';
import { localEnvironment } from './local-environment.js';
import { runInside } from './run-inside.js';
import type { CommandRun } from './start-command.js';

let account: FakeAccount;
let folder: string;
let config: string;
beforeAll(async () => {
  account = await startFakeAccount();
  folder = mkdtempSync(join(tmpdir(), 'costkit-alerts-'));
  config = join(folder, 'alerts.json');
  writeFileSync(
    config,
    JSON.stringify({ regions: ['us-east-1'], monthlyUsd: 100, emails: ['ops@example.com'] }),
  );
});
afterAll(async () => {
  await account.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The command, with an environment that leads the SDK to the fake account. */
function costkit(...args: string[]): Promise<CommandRun> {
  return runInside(args, { env: localEnvironment(account, folder) });
}

describe('costkit alerts', { timeout: 120_000 }, () => {
  it('plans, applies, is then up to date, and destroys what it is told to', async () => {
    const planned = await costkit('alerts', 'plan', '--config', config);
    expect(planned).toMatchObject({ code: 3, stderr: '' });
    expect(planned.stdout).toContain('+ create  budget costkit-monthly (global)');
    expect(account.writes).toEqual([]);

    expect((await costkit('alerts', 'apply', '--config', config)).code).toBe(0);
    expect(account.budgets.has('costkit-monthly')).toBe(true);

    const again = await costkit('alerts', 'plan', '--config', config, '--json');
    expect(again.code).toBe(0);
    const { entries, summary } = JSON.parse(again.stdout) as {
      entries: { action: string }[];
      summary: string;
    };
    expect(new Set(entries.map(({ action }) => action))).toEqual(new Set(['same']));
    expect(summary).toBe('Up to date.');

    const asked = await costkit('alerts', 'destroy', '--config', config);
    expect(asked).toMatchObject({ code: 3, stdout: expect.stringContaining('--yes does') });
    expect(account.budgets.size).toBe(1);
    expect((await costkit('alerts', 'destroy', '--config', config, '--yes')).code).toBe(0);
    expect(account.budgets.size).toBe(0);
  });

  it('says in one line what AWS refuses', async () => {
    account.denied.add('DescribeBudget');
    const { code, stdout, stderr } = await costkit('alerts', 'plan', '--config', config);
    account.denied.clear();
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).toContain('costkit doctor --policy account-alerts');
  });

  it('exits with 2 and one line for a file that it cannot use', async () => {
    const bad = join(folder, 'bad.json');
    writeFileSync(bad, JSON.stringify({ regions: ['us-east-1'], monthlyUsd: 0 }));
    for (const file of [bad, join(folder, 'nowhere.json')]) {
      const { code, stdout, stderr } = await costkit('alerts', 'plan', '--config', file);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr.trim().split('\n')).toHaveLength(1);
    }
    expect((await costkit('alerts', 'plan')).code).toBe(2);
  });
});

describe('costkit doctor', { timeout: 120_000 }, () => {
  it('prints checks and policies as JSON, and fails with what fails', async () => {
    const { code, stdout } = await costkit('doctor', '--json', '--feature', 'calls', 'batch');
    const { checks, policies } = JSON.parse(stdout) as { checks: { check: string }[]; policies: object };
    expect(code).toBe(0);
    expect(checks.map(({ check }) => check)).toContain('logging');
    expect(Object.keys(policies)).toEqual(['calls', 'batch']);
    account.denied.add('InvokeModel');
    expect((await costkit('doctor', '--feature', 'calls')).code).toBe(1);
  });

  it('prints a policy and asks nobody', async () => {
    const before = account.operations.length;
    const { code, stdout } = await costkit('doctor', '--policy', 'calls');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      Statement: [{ Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'] }],
    });
    expect(account.operations.length).toBe(before);
    expect((await costkit('doctor', '--policy', 'flying')).code).toBe(2);
  });
});
