import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { CostkitError, Money, withTags } from '@costkit/core';
import { createManualClock, startLocalBedrock } from '@costkit/local';
import { costkit } from 'costkit';
import type { Assumptions } from './scenarios/support-assumptions.js';
import { DEMO_MODELS, demoModels } from './scenarios/support-models.js';
import { SUPPORT_PROMPT } from './scenarios/workload/support-prompt.js';

/** A loop that nobody stops. The budget does. */
const LIMIT_USD = 0.5;
const MOST_CALLS = 10_000;

/** How the planted loop ended. */
export interface RunawayResult {
  readonly limitUsd: number;
  /** By the local Bedrock's bill. */
  readonly spent: Money;
  readonly calls: number;
  /** The error that ended it; `undefined` would mean that it never ended. */
  readonly stoppedBy: string | undefined;
}

/** An agent that asks the same question again and again, with an hourly budget in its way. */
export async function runAway(assumptions: Assumptions): Promise<RunawayResult> {
  const clock = createManualClock(Date.parse('2026-11-16T15:00:00Z'));
  const bedrock = await startLocalBedrock({ clock, models: demoModels(assumptions), seed: assumptions.seed });
  const bare = new BedrockRuntimeClient(bedrock.clientConfig);
  const client = costkit(bare, {
    clock: { now: () => clock.now(), monotonicMs: () => clock.now() },
    meter: {
      budgets: [
        {
          name: 'agent',
          limitUsd: LIMIT_USD,
          period: 'hour',
          match: { feature: 'agent' },
          onExceed: 'block',
        },
      ],
      maxOutputTokens: 1_000,
    },
  });
  let calls = 0;
  let stoppedBy: string | undefined;
  try {
    while (calls < MOST_CALLS) {
      await withTags({ feature: 'agent' }, () =>
        client.send(
          new ConverseCommand({
            modelId: DEMO_MODELS.frontier,
            system: [{ text: SUPPORT_PROMPT }],
            messages: [
              {
                role: 'user',
                content: [{ text: 'Check once more whether the order has left the warehouse.' }],
              },
            ],
          }),
        ),
      );
      calls += 1;
      await clock.advance(1_000);
    }
  } catch (error) {
    if (!CostkitError.isInstance(error)) throw error;
    stoppedBy = error.code;
  } finally {
    bare.destroy();
    await bedrock.stop();
  }
  return { limitUsd: LIMIT_USD, spent: Money.fromPicoUsd(bedrock.bill().total.picoUsd), calls, stoppedBy };
}
