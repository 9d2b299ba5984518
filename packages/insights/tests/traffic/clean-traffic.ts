import type { LoggedCall } from './log-record.js';
import type { Span } from './plant.js';
import { converse, turn, words } from './prompts.js';
import type { Random } from './random.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const TTL_MS = 3_600_000;

/** Calls over a day as people make them: few at night, most before noon and after. */
function dayOfCalls(day: number, count: number, random: Random): readonly number[] {
  const times: number[] = [];
  while (times.length < count) {
    const hour = random.between(0, 24);
    const busy = Math.exp(-((hour - 10.5) ** 2) / 8) + Math.exp(-((hour - 15) ** 2) / 8);
    if (random.next() < 0.05 + 0.9 * busy) times.push(Math.round(day + hour * HOUR_MS));
  }
  return times.sort((one, other) => one - other);
}

/** Traffic that nothing can be taken off: cached where it pays, capped, tagged, on models that fit, from anywhere. */
export function cleanTraffic({ start, days }: Span, random: Random): readonly LoggedCall[] {
  const calls: LoggedCall[] = [];
  const system = words(2_500, random);
  let before = Number.NEGATIVE_INFINITY;
  for (let day = 0; day < days; day += 1) {
    for (const at of dayOfCalls(start + day * DAY_MS, 150, random)) {
      const question = random.whole(100, 400);
      const isWarm = at - before <= TTL_MS;
      before = at;
      calls.push({
        at,
        modelId: 'global.anthropic.claude-sonnet-5-5',
        feature: 'chat',
        operation: 'ConverseStream',
        body: converse({
          system,
          cachePoint: '1h',
          messages: [turn(words(question, random))],
          maxTokens: 800,
        }),
        input: question,
        output: random.whole(250, 500),
        ...(isWarm ? { cacheRead: 2_500 } : { cacheWrite: 2_500, ttl: '1h' as const }),
      });
    }
    for (const at of dayOfCalls(start + day * DAY_MS, 60, random)) {
      const input = random.whole(150, 400);
      calls.push({
        at,
        modelId: 'global.anthropic.claude-haiku-5-5',
        feature: 'moderation',
        body: converse({ messages: [turn(words(input, random))], maxTokens: 20 }),
        input,
        output: random.whole(1, 8),
      });
    }
    for (const at of dayOfCalls(start + day * DAY_MS, 20, random)) {
      calls.push({
        at,
        modelId: 'amazon.titan-embed-text-v2:0',
        feature: 'index',
        operation: 'InvokeModel',
        body: { inputText: words(300, random) },
        input: 300,
        output: 0,
      });
    }
  }
  return calls;
}
