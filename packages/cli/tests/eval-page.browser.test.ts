import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EvaluationReport, TierResult, Verdict } from '@costkit/router/evaluation';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requireServer } from '../../../tools/vitest/servers.js';
import { renderEvaluationHtml } from '../src/eval/render-evaluation-html.js';
import { launchBrowser } from './launch-browser.js';

const tier = (name: string, score: number, usdPerCall: number | null, verdict?: Verdict): TierResult => ({
  tier: name,
  cases: 200,
  score,
  scoreInterval: { low: score - 0.05, high: Math.min(1, score + 0.05) },
  usdPerCall,
  medianLatencyMs: 900,
  p95LatencyMs: null,
  inputTokens: 1,
  outputTokens: 1,
  failures: { refused: 1, cut: 0, malformed: 0, error: 0 },
  ...(verdict === undefined
    ? {}
    : {
        comparison: {
          verdict,
          summary: 'Holds: <b>so it is</b>.',
          loss: 0.01,
          lossLowerBound: -0.01,
          lossUpperBound: 0.03,
          maxLoss: 0.05,
          p: 0.001,
          adjustedP: 0.004,
          differenceP: 0.5,
          powerIfEqual: 0.9,
          powerForFivePoints: 0.8,
          savedUsdPerCall: usdPerCall,
          savedShare: usdPerCall === null ? null : 0.9,
        },
      }),
});

const REPORT: EvaluationReport = {
  version: 1,
  evaluatedAt: '2026-11-28T10:00:00.000Z',
  tool: '@costkit/router 0.1.0',
  casesDigest: 'abc',
  cases: 400,
  tiers: ['cheap', 'middle', 'strong'].map((name) => ({ name, modelId: `us.${name}`, model: name })),
  baseline: 'strong',
  graders: { faq: 'exact' },
  bar: { maxLoss: 0.05, confidence: 0.95, minCases: 30, expiresInDays: 90, tasks: {} },
  tasks: [
    {
      task: '<script>alert(1)</script>',
      cases: 200,
      rightOrWrong: true,
      tiers: [
        tier('cheap', 0.7, 0.0001, 'loses'),
        tier('middle', 0.93, 0.0012, 'holds'),
        tier('strong', 0.94, 0.02),
      ],
      choice: 'middle',
    },
    {
      task: 'unpriced',
      cases: 200,
      rightOrWrong: false,
      tiers: [
        tier('cheap', 0.7, null, 'undecided'),
        tier('middle', 0.9, null, 'undecided'),
        tier('strong', 0.94, null),
      ],
      choice: 'strong',
    },
    {
      task: 'half priced',
      cases: 1,
      rightOrWrong: true,
      tiers: [
        tier('cheap', 0.9, null, 'undecided'),
        tier('middle', 0.9, 0, 'undecided'),
        tier('strong', 0.9, 0.02),
      ],
      choice: 'strong',
    },
  ],
  forecast: { calls: 0, expectedUsd: null, highestUsd: null, alreadySpentUsd: 0, lines: [] },
  judge: { compared: 200, agreement: 0.9, ties: 10, positionDisagreements: 7, unreadable: 1 },
  spentUsd: 1.5,
  spentUsdExact: '1.5',
  gradingUsd: 0.5,
  resumed: 3,
  missing: 2,
  outcomes: [
    {
      id: '1',
      task: 'unpriced',
      tier: 'strong',
      score: 0,
      failure: 'error',
      error: 'ThrottlingException',
      usd: null,
      usdOnBaseline: null,
      paidUsd: null,
      latencyMs: 5,
      inputTokens: 0,
      outputTokens: 0,
    },
  ],
};

const chromium = requireServer('chromium', 'the page of an evaluation');

describe.skipIf(chromium === undefined)('renderEvaluationHtml', () => {
  let folder: string;
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'costkit-page-'));
    const file = join(folder, 'report.html');
    writeFileSync(file, await renderEvaluationHtml(REPORT));
    address = pathToFileURL(file).href;
    browser = await launchBrowser(chromium?.command ?? '');
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each([360, 1_440])('fits a screen of %i pixels, runs no script and asks nobody', async (width) => {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const requests: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(address);
    expect(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth')).toBe(true);
    // A plane fits its frame: nothing of it has to be scrolled to.
    expect(
      await page.evaluate(
        "[...document.querySelectorAll('figure')].every((one) => one.scrollWidth <= one.clientWidth)",
      ),
    ).toBe(true);
    expect(await page.locator('h1').textContent()).toBe('1 of 3 tasks may go to a cheaper model');
    expect(await page.locator('script').count()).toBe(0);
    expect(requests).toEqual([address]);
    await page.close();
  });

  it('draws the plane of every task whose costs are known, and says what stands in it', async () => {
    const page = await browser.newPage();
    await page.goto(address);
    expect(await page.locator('figure svg').count()).toBe(2);
    const plane = await page.locator('figure').first().textContent();
    for (const text of ['cheap: loses', 'middle: holds', 'strong: baseline', 'cost of a call', '$0.0001'])
      expect(plane).toContain(text);
    // Numbers stand for them in the drawing, where names would overlap.
    for (const number of ['1', '2', '3'])
      expect(await page.locator('svg').first().getByText(number, { exact: true }).count()).toBe(1);
    const half = await page.locator('figure').nth(1).textContent();
    expect(half).toContain('cheap: undecided (not drawn: its cost is unknown)');
    expect(half).toContain('middle: undecided (not drawn: its cost is nothing)');
    expect(await page.getByText('(ThrottlingException). Errors of strong, the baseline').count()).toBe(1);
    expect(await page.getByText('Holds: <b>so it is</b>.').count()).toBeGreaterThan(0);
    expect(await page.getByText('agreed with itself on 90 %').count()).toBe(1);
    expect(await page.getByText('2 answers are missing').count()).toBe(1);
    await page.close();
  });
});
