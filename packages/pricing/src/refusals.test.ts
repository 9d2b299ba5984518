import { describe, expect, it } from 'vitest';
import { refusalsOf } from './refusals.js';

describe('refusalsOf', () => {
  it.each([
    ['anthropic.claude-haiku-5-5', ['sampling', 'prefill', 'thinkingBudget']],
    ['anthropic.claude-opus-4-8', ['sampling', 'prefill', 'thinkingBudget']],
    ['anthropic.claude-sonnet-4-6', ['samplingPair', 'prefill']],
    ['anthropic.claude-haiku-4-5-20251001-v1:0', ['samplingPair']],
    ['anthropic.claude-opus-4-1-20250805-v1:0', ['samplingPair']],
    ['anthropic.claude-sonnet-4-20250514-v1:0', []],
    ['meta.llama3-3-70b-instruct-v1:0', ['streamedTools']],
    ['mistral.mistral-large-2407-v1:0', ['streamedTools']],
    ['amazon.nova-pro-v1:0', []],
    ['amazon.nova-micro-v1:0', ['images']],
    ['openai.gpt-5.6-luna', ['images']],
    ['a.b', []],
  ])('knows what %s refuses', (id, refusals) => {
    expect([...refusalsOf(id)]).toEqual(refusals);
  });
});
