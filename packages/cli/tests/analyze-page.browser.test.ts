import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { analyzeLogs, type EvaluationLike, renderReport } from '@costkit/insights';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireServer } from '../../../tools/vitest/servers.js';
import { HOSTILE_TAG, IDLE, PROVISIONED, writeWastefulLogs } from './analyze-logs-folder.js';
import { launchBrowser } from './launch-browser.js';

const chromium = requireServer('chromium', 'the report of costkit analyze');
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const EVALUATION: EvaluationLike = {
  tasks: [
    {
      task: HOSTILE_TAG,
      tiers: [
        { tier: 'cheap', score: 0.8, scoreInterval: { low: 0.7, high: 0.9 }, usdPerCall: 0.001 },
        { tier: 'strong', score: 0.95, scoreInterval: { low: 0.9, high: 1 }, usdPerCall: 0.01 },
        { tier: 'unpriced', score: 0.5, scoreInterval: { low: 0.4, high: 0.6 }, usdPerCall: null },
      ],
    },
  ],
};

describe.skipIf(chromium === undefined)('renderReport', { timeout: 60_000 }, () => {
  let folder: string;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'costkit-page-'));
    writeWastefulLogs(folder);
    const file = join(folder, 'report.html');
    writeFileSync(
      file,
      renderReport(
        await analyzeLogs({
          source: folder,
          minUsdPerMonth: 0.01,
          threads: 1,
          models: { [PROVISIONED]: 'amazon.nova-pro-v1:0' },
          provisionedUsdPerHour: { [PROVISIONED]: '0.05', [IDLE]: '21.18' },
        }),
        { evaluation: EVALUATION },
      ),
    );
    address = pathToFileURL(file).href;
    browser = await launchBrowser(chromium?.command ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Opens the report; the browser's own tools may run there, the page's own policy would refuse them. */
  async function open(
    width: number,
    colorScheme: 'light' | 'dark',
  ): Promise<{ page: Page; requests: string[]; done: () => Promise<void> }> {
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      colorScheme,
      bypassCSP: true,
    });
    const page = await context.newPage();
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('dialog', () => requests.push('a dialog'));
    await page.goto(address);
    return { page, requests, done: () => context.close() };
  }

  it.each([
    [360, 'dark'],
    [1_440, 'light'],
  ] as const)('fits %i pixels, %s, for everybody, and asks nobody', async (width, scheme) => {
    const { page, requests, done } = await open(width, scheme);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    await page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })");
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    const shot = await page.screenshot({ fullPage: true });
    expect(shot.length).toBeGreaterThan(20_000);
    await page.evaluate(AXE);
    const { violations } = (await page.evaluate(
      "axe.run({ resultTypes: ['violations'], selectors: false })",
    )) as AxeResults;
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
      [],
    );
    expect(requests).toEqual([address]);
    await done();
  });

  it('shows what stood in tags as text', async () => {
    const { page, done } = await open(1_440, 'light');
    expect(await page.locator('script, img').count()).toBe(0);
    expect(await page.getByText(HOSTILE_TAG).count()).toBeGreaterThan(0);
    expect(await page.getByText('Cache tools and system prompt').count()).toBeGreaterThan(0);
    const labels = await page.locator('svg[role=img]').evaluateAll((all) => all.map((one) => one.ariaLabel));
    expect(labels).toEqual([
      expect.stringContaining('cheap 80.0 % at $0.00100, strong 95.0 % at $0.0100'),
      expect.stringMatching(/^Dollars by day from 2026-10-20 to 2026-10-23/),
      expect.stringContaining('read from the cache'),
      expect.stringMatching(/It pays from \d+\.\d times/),
    ]);
    expect(await page.getByText('nobody calls it').count()).toBe(1);
    await done();
  });
});
