import { resolveModel } from '@costkit/pricing';
import { createCalibration } from '@costkit/tokens';
import { describe, expect, it } from 'vitest';
import { estimatedTokens } from './estimated-tokens.js';
import { viewRequest } from './view-request.js';

const OPUS = 'us.anthropic.claude-opus-5-5';
const view = viewRequest('Converse', {
  modelId: 'us.amazon.nova-lite-v1:0',
  system: [{ text: 'Be brief. '.repeat(50) }],
  messages: [
    { role: 'user', content: [{ image: { format: 'png', source: {} } }, { text: 'What is this?' }] },
  ],
});

describe('estimatedTokens', () => {
  it('estimates block by block, media as nothing, and adds what surrounds them', () => {
    const { total, low, high, perBlock } = estimatedTokens(view);
    expect(perBlock).toHaveLength(3);
    expect(perBlock[0]).toBeGreaterThan(100);
    expect(perBlock[1]).toBe(0);
    const text = perBlock.reduce((sum, tokens) => sum + tokens, 0);
    expect(total - text).toBeGreaterThan(0);
    expect(total - text).toBeLessThan(20);
    expect([low < total, total < high]).toEqual([true, true]);
  });

  it('counts a prefix as a prompt of its own', () => {
    const estimate = estimatedTokens(view);
    expect(estimate.through(0).total).toBeLessThan(estimate.total);
    expect(estimate.through(2)).toEqual({ total: estimate.total, low: estimate.low, high: estimate.high });
  });

  it('is made once for all views of one request on one model', () => {
    expect(estimatedTokens(view.withMaxTokens(9))).toBe(estimatedTokens(view));
    expect(estimatedTokens(view.withInstruction('Briefly.')).total).toBeGreaterThan(
      estimatedTokens(view).total,
    );
  });

  it('knows that tokenizers differ before a model has answered', () => {
    const nova = estimatedTokens(view).total;
    expect(estimatedTokens(view, {}, OPUS).total / nova).toBeGreaterThan(1.3);
    expect(estimatedTokens(view.withModel(OPUS)).total).toBe(estimatedTokens(view, {}, OPUS).total);
  });

  it('follows what responses have taught, for ARNs that the call can resolve too', () => {
    const calibration = createCalibration();
    const before = estimatedTokens(view, { calibration }, OPUS).total;
    const { parts } = view.prompt.measured.with(FILLER);
    const taught = { parts, mediaTokens: 0, unknown: [] };
    for (let call = 0; call < 30; call++) calibration.observe(OPUS, taught, 700);
    expect(estimatedTokens(view, { calibration }, OPUS).total).not.toBe(before);
    const resolve = (): ReturnType<typeof resolveModel> => resolveModel(OPUS);
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
    expect(estimatedTokens(view, { calibration, resolve }, arn)).toEqual(
      estimatedTokens(view, { calibration }, OPUS),
    );
  });

  it('leaves an estimate that is out as it is, whatever is learned later', () => {
    const calibration = createCalibration();
    const text = view.withModel(OPUS).prompt.with(FILLER);
    const estimate = text.tokens(OPUS, calibration);
    const { total } = estimate;
    for (let call = 0; call < 30; call++) {
      calibration.observe(OPUS, { ...text.measured, unknown: [] }, 2_000);
    }
    expect(estimate.total).toBe(total);
    expect(estimate.perBlock.reduce((sum, tokens) => sum + tokens, 0)).toBeLessThan(total);
    expect(text.tokens(OPUS, calibration).total).toBeGreaterThan(total);
  });
});

const FILLER = {
  section: 'messages',
  kind: 'text',
  role: 'user',
  messageIndex: 0,
  text: 'More of it. '.repeat(40),
} as const;
