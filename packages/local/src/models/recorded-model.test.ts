import { describe, expect, it } from 'vitest';
import { modelRequest } from '../../tests/_model-request.js';
import { proseModel } from './prose-model.js';
import { recordedModel } from './recorded-model.js';

describe('recordedModel', () => {
  const model = recordedModel([
    { core: 'What is the capital of France?', text: 'Paris.', thinking: 'France, so', outputTokens: 41 },
    { core: 'And of Spain?', text: 'Madrid.' },
  ]);

  it('replays the answer with its billed tokens', () => {
    expect(model.answer(modelRequest('Hi! what is the  capital of FRANCE? Thanks'))).toEqual({
      parts: [
        { type: 'thinking', text: 'France, so' },
        { type: 'text', text: 'Paris.' },
      ],
      outputTokens: 41,
    });
    expect(model.answer(modelRequest('And of Spain?'))).toEqual({
      parts: [{ type: 'text', text: 'Madrid.' }],
    });
  });

  it('says that nothing was recorded, or asks another model', () => {
    expect(() => model.answer(modelRequest('Something new'))).toThrow(
      expect.objectContaining({ code: 'COSTKIT_UPSTREAM_MODEL_FAILED' }),
    );
    const helped = recordedModel([], { otherwise: proseModel() });
    expect(helped.answer(modelRequest('Something new'))).toMatchObject({ parts: [{ type: 'text' }] });
  });

  it('never tells the prompt in its error', () => {
    expect(() => model.answer(modelRequest('my secret'))).not.toThrow('my secret');
  });

  it('refuses a record without a question', () => {
    expect(() => recordedModel([{ core: ' ', text: 'x' }])).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }),
    );
  });
});
