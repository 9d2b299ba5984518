import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireServer } from '../../../tools/vitest/servers.js';
import type { DemoResult } from '../src/demo/demo-result.js';
import { renderHtml } from '../src/demo/render-html.js';
import { launchBrowser } from './launch-browser.js';

const step = (name: string, usd: number) => ({
  name,
  usd,
  usdExact: String(usd),
  savedPercent: (1 - usd / 10) * 100,
  stepSavedPercent: 5,
  monthUsd: usd * 900,
  receiptsMatchBill: true,
});

const RESULT: DemoResult = {
  title: 'A title with <b>markup</b> & "quotes".',
  baselineUsd: 10,
  finalUsd: 0.05,
  savedPercent: 99.5,
  steps: [
    step('naive', 10),
    step('routing', 2),
    step('prompt caching', 1),
    step('output limits', 0.5),
    step('batch', 0.05),
  ],
  quality: { baseline: 9, final: 9, questions: 10, bulk: { baseline: 3, final: 3, of: 3 } },
  receiptsMatchBill: true,
  attribution: [
    {
      feature: '<script>alert(1)</script>',
      model: 'amazon.nova-2-lite-v1:0',
      mode: 'batch',
      calls: 3,
      usd: 0.05,
      savedUsd: null,
    },
  ],
  runaway: { limitUsd: 0.5, spentUsd: 0.44, calls: 32, stoppedBy: 'COSTKIT_BUDGET_EXCEEDED' },
  assumptions: {
    note: 'Simulated.',
    priceVersion: '2026',
    pricesAsOf: '2026-11-10',
    awsPriceListOf: '2026-10-08',
  },
  sensitivity: [
    { assumption: 'otherwise', baselineUsd: 10, finalUsd: 1, savedPercent: 90, rightAnswers: 9, of: 10 },
  ],
};

const chromium = requireServer('chromium', 'the page of the demo');

describe.skipIf(chromium === undefined)('renderHtml', () => {
  let folder: string;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'costkit-page-'));
    const file = join(folder, 'demo.html');
    writeFileSync(file, await renderHtml(RESULT));
    address = pathToFileURL(file).href;
    browser = await launchBrowser(chromium?.command ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([360, 1_440])(
    'fits a screen of %i pixels, runs no script and asks nobody for anything',
    async (width) => {
      const page = await browser.newPage({ viewport: { width, height: 900 } });
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      let dialogs = 0;
      page.on('dialog', (dialog) => {
        dialogs += 1;
        void dialog.dismiss();
      });
      await page.goto(address);
      expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
      expect(await page.locator('svg').count()).toBe(1);
      expect(await page.locator('h1').textContent()).toContain('−99.5 %');
      expect(await page.locator('script').count()).toBe(0);
      expect(requests).toEqual([address]);
      expect(dialogs).toBe(0);
      await page.close();
    },
  );

  it('says in the dark what it says in the light', async () => {
    const page = await browser.newPage({ colorScheme: 'dark' });
    await page.goto(address);
    const [ink, paper] = (await page.evaluate(
      '[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]',
    )) as [string, string];
    expect(ink).not.toBe(paper);
    expect(await page.getByText('Right answers: 9 of 10').count()).toBe(1);
    await page.close();
  });
});
