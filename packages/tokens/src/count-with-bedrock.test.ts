import { CostkitError } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { createCalibration } from './calibration.js';
import { type CountTokensLikeInput, countWithBedrock } from './count-with-bedrock.js';
import type { ConverseLikeRequest } from './types.js';

const HAIKU = 'us.anthropic.claude-haiku-4-5-20251001-v1:0';
const request = {
  system: [{ text: 'Be brief.' }],
  messages: [{ role: 'user', content: [{ text: 'How long?' }] }],
};

describe('countWithBedrock', () => {
  it('asks for the bare model id and gives an exact count', async () => {
    const asked: CountTokensLikeInput<ConverseLikeRequest>[] = [];
    const counted = await countWithBedrock(request, {
      model: HAIKU,
      count: async (input) => {
        asked.push(input);
        return { inputTokens: 17 };
      },
    });
    expect(asked).toEqual([
      { modelId: 'anthropic.claude-haiku-4-5-20251001-v1:0', input: { converse: request } },
    ]);
    expect(asked[0]?.input.converse).toBe(request);
    expect(counted).toMatchObject({ tokens: 17, low: 17, high: 17, method: 'countTokens', unknown: [] });
  });

  it('teaches a calibration', async () => {
    const calibration = createCalibration();
    await countWithBedrock(request, { model: HAIKU, calibration, count: async () => ({ inputTokens: 17 }) });
    expect(calibration.observations(HAIKU)).toBe(1);
  });

  it('knows what the service counted even where an estimate cannot', async () => {
    const video = { messages: [{ content: [{ video: { format: 'mp4', source: {} } }] }] };
    const counted = await countWithBedrock(video, {
      model: HAIKU,
      count: async () => ({ inputTokens: 2880 }),
    });
    expect(counted).toMatchObject({ tokens: 2880, unknown: [] });
  });

  it.each(['us.anthropic.claude-opus-5-5', 'no.such-model', ''])('sends nothing for %j', async (model) => {
    let sent = 0;
    const count = async (): Promise<{ inputTokens: number }> => ({ inputTokens: ++sent });
    const error = await countWithBedrock(request, { model, count }).catch((reason: unknown) => reason);
    expect(CostkitError.isInstance(error)).toBe(true);
    expect(error).toMatchObject({ code: 'COSTKIT_COUNT_TOKENS_UNSUPPORTED', modelId: model });
    expect(sent).toBe(0);
  });

  it('passes errors of the service through as the same object', async () => {
    const failure = new Error('The provided model identifier is invalid.');
    const count = (): Promise<never> => Promise.reject(failure);
    await expect(countWithBedrock(request, { model: HAIKU, count })).rejects.toBe(failure);
  });

  it('falls back to the estimate when the answer holds no number', async () => {
    const counted = await countWithBedrock(request, { model: HAIKU, count: async () => ({}) });
    expect(counted.method).toBe('estimated');
    expect(counted.high).toBeGreaterThan(counted.tokens);
  });
});
