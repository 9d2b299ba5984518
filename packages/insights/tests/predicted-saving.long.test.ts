import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { createManualClock, startLocalBedrock } from '@costkit/local';
import { type CostkitConfig, costkit } from 'costkit';
import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import { temporaryFolder } from './temporary-folder.js';
import { words } from './traffic/prompts.js';
import { randomOf } from './traffic/random.js';

const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 9, 20);
const MANUAL = words(2_000, randomOf(3));

/** Questions as they come in one week, and how long answers may be; another seed is another week. */
function weekOf(
  seed: number,
): readonly { readonly afterMs: number; readonly tokens: number; readonly maxTokens: number }[] {
  const random = randomOf(seed);
  return Array.from({ length: 7 }, (_, day) =>
    Array.from({ length: 20 }, (__, index) => ({
      afterMs: index === 0 ? (day === 0 ? 0 : DAY_MS / 2) : random.gap(100_000),
      tokens: random.whole(30, 120),
      maxTokens: random.whole(40, 160),
    })),
  ).flat();
}

/** Runs a week, and returns the bill of the service. */
async function runWeek(seed: number, config: CostkitConfig | undefined, folder: string): Promise<number> {
  const random = randomOf(seed);
  const clock = createManualClock(START);
  const bedrock = await startLocalBedrock({ clock, logging: { folder } });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  const time = { now: () => clock.now(), monotonicMs: () => clock.now() };
  const client = config === undefined ? bare : costkit(bare, { ...config, clock: time });
  try {
    for (const { afterMs, tokens, maxTokens } of weekOf(seed)) {
      await clock.advance(Math.round(afterMs));
      await client.send(
        new ConverseCommand({
          modelId: 'global.anthropic.claude-sonnet-5-5',
          system: [{ text: MANUAL }],
          messages: [{ role: 'user', content: [{ text: words(tokens, random) }] }],
          inferenceConfig: { maxTokens },
          requestMetadata: { feature: 'support' },
        }),
      );
    }
    await bedrock.flushLogs();
    return bedrock.bill().total.usd;
  } finally {
    bare.destroy();
    await bedrock.stop();
  }
}

describe('analyzeLogs', { timeout: 120_000 }, () => {
  it('predicts from one week what its patch saves in the next, within a tenth', async () => {
    const folder = temporaryFolder();
    await runWeek(1, undefined, folder);
    const { recommendations, perMonth } = await analyzeLogs({ source: folder, minUsdPerMonth: 0 });
    const [first] = recommendations;
    expect(first?.kind).toBe('prompt-caching');
    const predicted = (first?.perMonth.expected.usd ?? 0) / perMonth.usd;
    const ttl = /ttl: '(1h|auto)'/.exec(first?.patch ?? '')?.[1] as '1h' | 'auto';
    const [bare, patched] = [
      await runWeek(2, undefined, temporaryFolder()),
      await runWeek(2, { promptCache: { mode: 'enforce', ttl } }, temporaryFolder()),
    ];
    const measured = (bare - patched) / bare;
    expect(measured).toBeGreaterThan(0.3);
    expect(
      Math.abs(predicted - measured) / measured,
      `${predicted} predicted, ${measured} measured`,
    ).toBeLessThan(0.1);
  });
});
