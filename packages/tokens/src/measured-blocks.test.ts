import { describe, expect, it } from 'vitest';
import { createCalibration } from './calibration.js';
import { estimateTokens } from './estimate-tokens.js';
import { measureBlocks } from './measured-blocks.js';
import type { PromptBlock } from './types.js';

const HAIKU = 'anthropic.claude-haiku-4-5-20251001-v1:0';
const OPUS = 'anthropic.claude-opus-5-5';
const blocks: readonly PromptBlock[] = [
  { kind: 'toolSpec', text: '{"name":"look","description":"Looks things up."}' },
  { kind: 'text', text: 'You answer questions about the warranty. '.repeat(20) },
  { kind: 'text', text: 'How long does it last? 保修期是多久？', messageIndex: 0 },
  { kind: 'text', text: 'Two years.', messageIndex: 1 },
  { kind: 'text', text: 'And in Norway?', messageIndex: 2 },
];

describe('measureBlocks', () => {
  it.each([HAIKU, OPUS, 'acme.unknown'])(
    'says of a whole prompt what estimateTokens says, on %s',
    (model) => {
      const one = estimateTokens({ blocks }, { model });
      const { total, low, high } = measureBlocks(blocks).estimate({ model });
      expect([Math.round(total), Math.floor(low), Math.ceil(high)]).toEqual([one.tokens, one.low, one.high]);
      expect(measureBlocks(blocks).parts).toEqual(one.parts);
    },
  );

  it('says of a prefix what it says of a prompt that ends there', () => {
    const { through } = measureBlocks(blocks).estimate({ model: HAIKU });
    for (let end = 0; end < blocks.length; end++) {
      const { total, low, high } = measureBlocks(blocks.slice(0, end + 1)).estimate({ model: HAIKU });
      expect(through(end)).toEqual({ total, low, high });
    }
  });

  it('takes one block more without reading the others again', () => {
    const block = { kind: 'text', text: 'Answer briefly.', messageIndex: 2 };
    const longer = measureBlocks(blocks).with(block);
    expect(longer.parts).toEqual(measureBlocks([...blocks, block]).parts);
    expect(longer.estimate({ model: OPUS }).perBlock).toHaveLength(blocks.length + 1);
  });

  it('lists what nothing counts, each kind once', () => {
    const media = { kind: 'image', text: '', messageIndex: 0 };
    expect(measureBlocks(blocks).unknown).toEqual([]);
    expect(measureBlocks([...blocks, media, media]).unknown).toEqual(['image']);
  });

  it('has no tokens without blocks', () => {
    const { total, low, high, perBlock } = measureBlocks([]).estimate({ model: OPUS });
    expect([total, low, high, perBlock]).toEqual([0, 0, 0, []]);
  });

  it('teaches a calibration as a whole estimate does', () => {
    const [one, other] = [createCalibration(), createCalibration()];
    one.observe(OPUS, measureBlocks(blocks), 400);
    other.observe(OPUS, estimateTokens({ blocks }, { model: OPUS }), 400);
    const tokens = [one, other].map((calibration) =>
      estimateTokens({ blocks }, { model: OPUS, calibration }),
    );
    expect(tokens[0]).toEqual(tokens[1]);
  });
});
