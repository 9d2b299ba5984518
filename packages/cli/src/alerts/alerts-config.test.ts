import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlertsConfig, checkAlertsConfig, readAlertsConfig } from './alerts-config.js';

const GOOD: AlertsConfig = { regions: ['us-east-1'], monthlyUsd: 100 };

describe('checkAlertsConfig', () => {
  it('takes what is complete', () => {
    expect(checkAlertsConfig(GOOD)).toBe(GOOD);
  });

  it.each<[string, object]>([
    ['monthlyUsd', { regions: ['us-east-1'] }],
    ['regions', { monthlyUsd: 100 }],
    ['regions', { ...GOOD, regions: ['mars'] }],
    ['monthlyUsd', { ...GOOD, monthlyUsd: -1 }],
    ['thresholdsPercent', { ...GOOD, thresholdsPercent: [50, 50] }],
    ['thresholdsPercent', { ...GOOD, thresholdsPercent: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] }],
    ['name', { ...GOOD, name: 'with spaces' }],
    ['budget', { ...GOOD, budget: 5 }],
    ['tag', { ...GOOD, tag: { key: 'app' } }],
    ['logging', { ...GOOD, logging: {} }],
    ['logging.roleArn', { ...GOOD, logging: { logGroup: 'a' } }],
    ['logging.s3', { ...GOOD, logging: { s3: 'a' } }],
  ])('refuses a wrong or missing %s', (name, config) => {
    expect(() => checkAlertsConfig(config as AlertsConfig)).toThrow(name);
  });
});

describe('readAlertsConfig', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'costkit-alerts-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('reads a file, and says which it cannot', async () => {
    const file = join(folder, 'alerts.json');
    writeFileSync(file, JSON.stringify(GOOD));
    expect(await readAlertsConfig(file)).toEqual(GOOD);
    writeFileSync(file, '{');
    await expect(readAlertsConfig(file)).rejects.toMatchObject({ code: 'COSTKIT_INVALID_CONFIG' });
    await expect(readAlertsConfig(join(folder, 'none.json'))).rejects.toThrow('none.json');
  });
});
