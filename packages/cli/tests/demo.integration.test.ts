import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoResult } from '../src/demo/demo-result.js';
import { renderHtml } from '../src/demo/render-html.js';
import { renderTerminal } from '../src/demo/render-terminal.js';
import { runScenario } from '../src/demo/run-scenario.js';
import { runAway } from '../src/demo/runaway.js';
import { recordedScenario } from '../src/demo/scenarios/recorded-scenario.js';
import { requestsScenario } from '../src/demo/scenarios/requests-scenario.js';
import { ASSUMPTIONS } from '../src/demo/scenarios/support-assumptions.js';
import { supportScenario } from '../src/demo/scenarios/support-scenario.js';
import { REVIEW_DOCUMENTS } from '../src/demo/scenarios/workload/nightly-documents.js';
import { SUPPORT_QUESTIONS } from '../src/demo/scenarios/workload/support-questions.js';
import { EXIT_CODES } from '../src/index.js';

const STATED = { note: 'A note.', details: {} };
const quietly = (): void => undefined;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-demo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

// A part of it: the whole runs in the check's step `demo`, which holds it to what it promises.
describe('the main job', () => {
  let result: DemoResult;
  beforeAll(async () => {
    const part = supportScenario(ASSUMPTIONS, {
      questions: SUPPORT_QUESTIONS.filter((_, index) => index % 5 === 0),
      documents: REVIEW_DOCUMENTS.slice(0, 100),
    });
    result = await runScenario('The support assistant.', part, STATED, quietly);
  }, 240_000);

  it('saves at least what the playbook claims, 81 %, with every right answer kept', () => {
    expect(result.savedPercent).toBeGreaterThanOrEqual(81);
    expect(result.quality?.final).toBeGreaterThanOrEqual(
      result.quality?.baseline ?? Number.POSITIVE_INFINITY,
    );
    expect(result.quality?.bulk?.final).toBeGreaterThanOrEqual(
      result.quality?.bulk?.baseline ?? Number.POSITIVE_INFINITY,
    );
  });

  it('has receipts that agree with the bill to the last digit at every step', () => {
    expect(result.steps.map(({ receiptsMatchBill }) => receiptsMatchBill)).toEqual([
      null,
      true,
      true,
      true,
      true,
    ]);
    expect(result.receiptsMatchBill).toBe(true);
  });

  it('grows cheaper with every lever', () => {
    const costs = result.steps.map(({ usd }) => usd);
    expect(costs).toEqual([...costs].sort((one, other) => other - one));
    expect(new Set(costs).size).toBe(5);
  });

  it('has tables that fit into 80 columns', () => {
    const lines = stripVTControlCharacters(renderTerminal(result, 80)).split('\n');
    const tables = lines.filter((line) => /^[│┌├└]/.test(line));
    expect(tables.length).toBeGreaterThan(15);
    expect(tables.filter((line) => line.length > 80)).toEqual([]);
  });

  it('reads well in a terminal and as a page', async () => {
    const text = renderTerminal(result);
    expect(text).toContain('agrees with the bill');
    expect(text).toContain('$9,000');
    const html = await renderHtml(result);
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  });
});

describe('runAway', () => {
  it('is stopped by the budget before it is overspent', async () => {
    const { spent, limitUsd, stoppedBy, calls } = await runAway(ASSUMPTIONS);
    expect(stoppedBy).toBe('COSTKIT_BUDGET_EXCEEDED');
    expect(spent.usd).toBeLessThanOrEqual(limitUsd);
    expect(spent.usd).toBeGreaterThan(limitUsd / 2);
    expect(calls).toBeGreaterThan(1);
  }, 30_000);
});

describe('requestsScenario', () => {
  const line = (text: string): string =>
    JSON.stringify({ messages: [{ role: 'user', content: [{ text }] }] });

  it('runs any Converse requests and compares the bill with the receipts', async () => {
    const file = fileOf(
      'requests.jsonl',
      Array.from({ length: 3 }, (_, index) => line(`Question ${index}?`)).join('\n'),
    );
    const result = await runScenario('Requests.', await requestsScenario(file, {}), STATED, quietly);
    expect(result).toMatchObject({ quality: null, receiptsMatchBill: true });
    expect(result.steps).toHaveLength(4);
  }, 60_000);

  it.each([
    ['a line that is no JSON', `${line('One?')}\n{oops`, 'COSTKIT_BROKEN_LINE', 'line 2'],
    ['a line without messages', '{"messages":[]}', 'COSTKIT_BROKEN_LINE', 'line 1'],
    ['an empty file', '\n\n', 'COSTKIT_BROKEN_LINE', 'empty'],
    [
      'an unknown model',
      JSON.stringify({ modelId: 'acme.nope', ...JSON.parse(line('One?')) }),
      'COSTKIT_UNKNOWN_MODEL',
      'acme.nope',
    ],
  ])('says what is wrong with %s', async (_, text, code, part) => {
    await expect(requestsScenario(fileOf('broken.jsonl', text), {})).rejects.toMatchObject({
      code,
      message: expect.stringContaining(part),
    });
  });

  it('says which file is missing, and which tier cannot be read', async () => {
    await expect(requestsScenario(join(folder, 'nowhere.jsonl'), {})).rejects.toMatchObject({
      code: 'COSTKIT_CANNOT_READ',
    });
    const file = fileOf('one.jsonl', line('One?'));
    await expect(requestsScenario(file, { policy: 'p.json', tiers: ['cheap'] })).rejects.toMatchObject({
      code: 'COSTKIT_INVALID_OPTION',
    });
  });
});

describe('recordedScenario', () => {
  it('says what it needs where there are no recordings', async () => {
    await expect(recordedScenario(folder)).rejects.toMatchObject({ code: 'COSTKIT_NO_RECORDINGS' });
  });
});

describe('EXIT_CODES', () => {
  it('are what scripts rely on', () => {
    expect(EXIT_CODES).toEqual({ ok: 0, failed: 1, usage: 2, changed: 3, interrupted: 130 });
  });
});
