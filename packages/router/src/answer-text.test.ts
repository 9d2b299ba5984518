import { describe, expect, it } from 'vitest';
import { answerText, toolCallTexts } from './answer-text.js';

const call = (name: string, input: unknown) => ({ id: 'a', name, input });

describe('answerText', () => {
  it('is the text of an answer that calls no tools', () => {
    expect(answerText({ text: 'Eight.', toolUses: [] })).toBe('Eight.');
    expect(answerText({ text: '', toolUses: [] })).toBe('');
  });

  it('names the tools that are called, in one order and their inputs in one order', () => {
    const toolUses = [call('sort', { to: 'b', from: ['x', { d: 1, c: null }] }), call('close', undefined)];
    expect(answerText({ text: 'Done.', toolUses })).toBe(
      'Done.\n(calls close with )\n(calls sort with {"from":["x",{"c":null,"d":1}],"to":"b"})',
    );
    expect(toolCallTexts({ toolUses: [...toolUses].reverse() })).toEqual(toolCallTexts({ toolUses }));
  });

  it('reads inputs that are JSON texts, and leaves those that are none', () => {
    expect(toolCallTexts({ toolUses: [call('sort', '{ "b": 1, "a": 2 }')] })).toEqual(
      toolCallTexts({ toolUses: [call('sort', { a: 2, b: 1 })] }),
    );
    expect(toolCallTexts({ toolUses: [call('sort', '{"b": 1')] })).toEqual(['(calls sort with {"b": 1)']);
  });
});
