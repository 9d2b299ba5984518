import { describe, expect, it } from 'vitest';
import { ConverseView } from './converse-view.js';

const viewOf = (content: unknown): ConverseView =>
  new ConverseView('Converse', { modelId: 'amazon.nova-lite-v1:0', messages: [{ role: 'user', content }] });

describe('ConverseView', () => {
  it('appends an instruction behind the question', () => {
    expect(viewOf([{ text: 'Why?' }]).withInstruction('Be brief.').input).toMatchObject({
      messages: [{ role: 'user', content: [{ text: 'Why?' }, { text: 'Be brief.' }] }],
    });
  });

  it.each([
    ['text', 'Why?'],
    ['null', null],
    ['nothing', undefined],
  ])('appends none to content that is %s: it would be answered in place of the question', (_, content) => {
    const view = viewOf(content);
    expect(view.withInstruction('Be brief.')).toBe(view);
  });
});
