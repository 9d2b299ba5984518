import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { type LocalBedrock, proseModel, startLocalBedrock } from '@costkit/local';
import { BudgetExceededError, createMeter } from '@costkit/meter';
import { evaluateTiers } from '@costkit/router';
import { exactGrader } from '@costkit/router/evaluation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const TIERS = [
  { name: 'cheap', modelId: 'us.anthropic.claude-haiku-5-5' },
  { name: 'strong', modelId: 'us.anthropic.claude-opus-5-5' },
];
const CASES = Array.from({ length: 20 }, (_, index) => ({
  id: String(index),
  task: 'sort',
  request: {
    messages: [{ role: 'user' as const, content: [{ text: `Sort mail ${index}.` }] }],
    inferenceConfig: { maxTokens: 100 },
  },
  expected: 'spam',
}));

describe('an evaluation within budgets', () => {
  let bedrock: LocalBedrock;
  let client: BedrockRuntimeClient;
  beforeEach(async () => {
    bedrock = await startLocalBedrock({ models: { '*': proseModel({ tokens: { mean: 40 } }) } });
    client = new BedrockRuntimeClient(bedrock.clientConfig);
  });
  afterEach(async () => {
    client.destroy();
    await bedrock.stop();
  });
  const evaluate = (limitUsd: number) => {
    const budget = { name: 'evaluations', limitUsd, period: 'day', onExceed: 'block' } as const;
    const meter = createMeter({ budgets: [budget] });
    return {
      meter,
      report: evaluateTiers({ client, cases: CASES, tiers: TIERS, grade: exactGrader(), budget: meter }),
    };
  };

  it('is refused as a whole where it does not fit, before anybody is asked', async () => {
    const { report } = evaluate(0.001);
    await expect(report).rejects.toBeInstanceOf(BudgetExceededError);
    expect(bedrock.requests()).toHaveLength(0);
  });

  it('leaves of the budget what the bill leaves', async () => {
    const { meter, report } = evaluate(5);
    await report;
    expect(bedrock.bill().lines).toHaveLength(40);
    expect(5_000_000_000_000n - meter.remaining('evaluations').picoUsd).toBe(bedrock.bill().total.picoUsd);
  });
});
