import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import type { MoneyInterval } from '../src/types.js';
import { aRecord, HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';

const SYSTEM = 'You answer questions about orders, kindly and briefly. '.repeat(300);

/** What caching would save of two equal days, whose questions are as long as told. */
async function savingOf(lengthOf: (call: number) => number): Promise<MoneyInterval | undefined> {
  const folder = temporaryFolder();
  const records = Array.from({ length: 80 }, (_, index) => {
    const call = index % 40;
    const question = '0f3a9c '.repeat(lengthOf(call));
    return aRecord(`r-${index}`, {
      at: Date.UTC(2026, 9, 20 + Math.floor(index / 40), 10, call),
      input: 4_000 + 4 * lengthOf(call),
      body: { system: [{ text: SYSTEM }], messages: [{ role: 'user', content: [{ text: question }] }] },
    });
  });
  writeBelow(folder, `${HOUR}/a.json.gz`, lines(...records));
  const { recommendations } = await analyzeLogs({ source: folder, threads: 1 });
  return recommendations.find(({ kind }) => kind === 'prompt-caching')?.perMonth;
}

const widthOf = (interval: MoneyInterval | undefined): number =>
  interval === undefined ? Number.NaN : interval.high.minus(interval.low).usd / interval.expected.usd;

describe('prompt-caching', { timeout: 60_000 }, () => {
  it('has the error of the sampled prompts in its interval: none where all are alike', async () => {
    expect(widthOf(await savingOf(() => 20))).toBe(0);
    const width = widthOf(await savingOf((call) => 20 * call));
    expect(width).toBeGreaterThan(0.01);
    expect(width).toBeLessThan(1);
  });
});
