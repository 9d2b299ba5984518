import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { startLocalBedrock } from '@costkit/local';
import { expect } from 'vitest';
import { BudgetExceededError, createMeter, withMeter } from '../src/index.js';
import { type Burst, burstCall } from './burst.js';

/**
 * Makes the calls of a burst against one dollar, all at once or one after the other until one is refused. What the
 * local Bedrock bills is the judge.
 */
export async function burstByOneProcess(
  burst: Burst,
  together: boolean,
): Promise<{ billedUsd: number; refused: number }> {
  const bedrock = await startLocalBedrock();
  const meter = createMeter({
    budgets: [{ name: 'dollar', limitUsd: 1, period: 'total', onExceed: 'block' }],
  });
  const client = withMeter(new BedrockRuntimeClient(bedrock.clientConfig), { meter });
  let refused = 0;
  const send = async (index: number): Promise<void> => {
    try {
      await client.send(burstCall(burst, index));
    } catch (error) {
      if (!BudgetExceededError.isInstance(error)) throw error;
      refused += 1;
    }
  };
  if (together) await Promise.all(Array.from({ length: burst.calls }, (_, index) => send(index)));
  else for (let index = 0; index < burst.calls && refused === 0; index += 1) await send(index);
  const { total } = bedrock.bill();
  expect(meter.report().total.cost.picoUsd).toBe(total.picoUsd);
  client.destroy();
  await bedrock.stop();
  return { billedUsd: total.usd, refused };
}
