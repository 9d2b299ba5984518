import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { HOUR, lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';
import { type LoggedCall, logRecord } from './traffic/log-record.js';
import { converse, turn, words } from './traffic/prompts.js';
import { randomOf } from './traffic/random.js';

const START = Date.UTC(2026, 9, 20, 9);
const MINUTE_MS = 60_000;
const OPUS = 'global.anthropic.claude-opus-5-5';

/** An agent that asks itself on and on, each time with all that was said. */
function endlessConversation(): readonly LoggedCall[] {
  const random = randomOf(1);
  const messages: object[] = [];
  return Array.from({ length: 80 }, (_, index): LoggedCall => {
    messages.push(turn(words(50, random)), turn('Go on.', 'assistant'));
    const body = converse({ messages: [...messages, turn('And?')], maxTokens: 400, tools: true });
    return { at: START + index * 5_000, modelId: OPUS, feature: 'agent', body, input: 1_000, output: 200 };
  });
}

/** A cached prompt that is asked for every ten minutes: five minutes are too short, an hour is not. */
function lateCalls(): readonly LoggedCall[] {
  const random = randomOf(2);
  const system = words(4_000, random);
  return Array.from({ length: 40 }, (_, index): LoggedCall => {
    const body = converse({ system, cachePoint: '5m', messages: [turn(words(40, random))], maxTokens: 400 });
    const at = START + index * 10 * MINUTE_MS;
    return { at, modelId: OPUS, feature: 'late', body, input: 40, output: 150, cacheWrite: 4_000 };
  });
}

/** Prompts with a cache point of which each is asked for once. */
function onceCached(): readonly LoggedCall[] {
  const random = randomOf(3);
  return Array.from({ length: 15 }, (_, index): LoggedCall => {
    const system = words(20_000, random);
    const body = converse({ system, cachePoint: '5m', messages: [turn(words(40, random))], maxTokens: 400 });
    const at = START + index * 11 * MINUTE_MS;
    return { at, modelId: OPUS, feature: 'once', body, input: 40, output: 150, cacheWrite: 20_000 };
  });
}

/** A job on a model that takes batch jobs and the flex tier. */
function job(): readonly LoggedCall[] {
  const random = randomOf(4);
  return Array.from({ length: 150 }, (_, index): LoggedCall => {
    const body = converse({ messages: [turn(words(900, random))], maxTokens: 900 });
    const at = START + index * 1_000;
    return { at, modelId: 'global.amazon.nova-2-lite-v1:0', feature: 'job', body, input: 9_000, output: 800 };
  });
}

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it('finds conversations without end, other lifetimes, writes that nobody reads, and alternatives', async () => {
    const folder = temporaryFolder();
    const calls = [...endlessConversation(), ...lateCalls(), ...onceCached(), ...job()];
    writeBelow(
      folder,
      `${HOUR}/a.json.gz`,
      lines(...calls.map((call, index) => logRecord(call, `r${index}`))),
    );
    const { recommendations } = await analyzeLogs({
      source: folder,
      minUsdPerMonth: 0,
      minShare: 0,
      engineerDayUsd: 0,
    });
    const found = (task: string) => recommendations.filter((one) => one.task === task);
    const month = (usd: number): number => usd * 30.437_5;

    const [loop] = found('agent').filter(({ kind }) => kind === 'runaway-loop');
    expect(loop).toMatchObject({ title: 'Stop conversations that do not end (50 calls)', calls: 50 });
    // 50 calls of 1,000 tokens at 4 and 200 at 20 dollars a million.
    expect(loop?.perMonth.expected.usd).toBeCloseTo(month(50 * (0.004 + 0.004)), 6);

    const [late] = found('late');
    expect(late).toMatchObject({ kind: 'cache-lifetime', title: 'Cache for an hour instead of 5 minutes' });
    // The first call writes for an hour, at 8 instead of 5; the others read at 0.20.
    expect(late?.perMonth.expected.usd).toBeCloseTo(month((39 * 4_000 * 4.8 - 4_000 * 3) / 1e6), 6);

    const [once] = found('once');
    expect(once).toMatchObject({ kind: 'cache-lifetime', title: 'Stop caching what nobody reads' });
    expect(once?.perMonth.expected.usd).toBeCloseTo(month((15 * 20_000 * 1) / 1e6), 6);

    const waiting = found('job').filter(({ kind }) => kind === 'batch' || kind === 'flex-tier');
    expect(waiting.map(({ alternativeTo }) => alternativeTo === undefined)).toEqual([true, false]);
    expect(waiting[1]?.alternativeTo).toBe(waiting[0]?.rank);
  });
});
