import { listModels } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { TOKENIZER_FAMILIES, type TokenizerFamilyName, tokenizerFamilyOf } from './tokenizer-families.js';

describe('tokenizerFamilyOf', () => {
  it.each<[string, TokenizerFamilyName]>([
    ['openai.gpt-oss-120b-1:0', 'o200k'],
    ['anthropic.claude-3-haiku-20240307-v1:0', 'claude'],
    ['us.anthropic.claude-haiku-4-5-20251001-v1:0', 'claude'],
    ['anthropic.claude-opus-4-6-v1', 'claude'],
    ['anthropic.claude-opus-4-1-20250805-v1:0', 'claude'],
    ['global.anthropic.claude-opus-4-7', 'claudeSince47'],
    ['anthropic.claude-opus-5-5', 'claudeSince47'],
    ['eu.anthropic.claude-sonnet-5', 'claudeSince47'],
    ['amazon.nova-micro-v1:0', 'nova'],
    ['meta.llama2-13b-chat-v1', 'mistral32k'],
    ['us.meta.llama3-3-70b-instruct-v1:0', 'llama3'],
    ['mistral.mistral-7b-instruct-v0:2', 'mistral32k'],
    ['mistral.devstral-2-123b', 'tekken'],
    ['qwen.qwen3-32b-v1:0', 'qwen3'],
    ['deepseek.r1-v1:0', 'deepseek'],
    ['google.gemma-3-27b-it', 'gemma3'],
    ['cohere.command-r-v1:0', 'commandR'],
    ['writer.palmyra-x5-v1:0', 'unknown'],
    ['no.such-model', 'unknown'],
    ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc', 'unknown'],
    ['', 'unknown'],
  ])('knows the tokenizer of %j', (model, family) => {
    expect(tokenizerFamilyOf(model).name).toBe(family);
  });

  it('finds a family for every text model of the catalogue, whatever its profile', () => {
    for (const model of listModels()) {
      const family = tokenizerFamilyOf(model.id);
      for (const profile of model.profiles) expect(tokenizerFamilyOf(`${profile}.${model.id}`)).toBe(family);
    }
  });

  it('knows the models that most calls go to', () => {
    const strangers = listModels()
      .filter(
        ({ kind, provider }) =>
          kind === 'text' && ['anthropic', 'openai', 'meta', 'mistral'].includes(provider),
      )
      .filter(({ id }) => tokenizerFamilyOf(id).name === 'unknown');
    expect(strangers.map(({ id }) => id)).toEqual([]);
  });
});

describe('TOKENIZER_FAMILIES', () => {
  it.each(Object.entries(TOKENIZER_FAMILIES))('%s orders the bounds of its factors', (name, family) => {
    expect(family.name).toBe(name);
    for (const { factor, low, high } of [
      family.words,
      family.signs,
      family.cjk,
      family.scripts,
      family.toolPrompt,
    ]) {
      expect(low).toBeLessThanOrEqual(factor);
      expect(factor).toBeLessThanOrEqual(high);
    }
  });

  it('makes the unknown family at least as wide as the most expensive one', () => {
    const { unknown, ...known } = TOKENIZER_FAMILIES;
    for (const part of ['words', 'cjk', 'scripts', 'signs', 'toolPrompt'] as const) {
      for (const family of Object.values(known)) {
        expect(unknown[part].high, `${part} of ${family.name}`).toBeGreaterThanOrEqual(
          family[part].high * 0.99,
        );
      }
    }
  });
});
