import { describe, expect, it } from 'vitest';
import { listModels } from '../list-models.js';
import { modelNames } from './model-names.js';

describe('modelNames', () => {
  const { find } = modelNames();

  it.each([
    ['Claude Sonnet 4.6 (Amazon Bedrock Edition)', 'anthropic.claude-sonnet-4-6'],
    ['OpenAI GPT-6 Astra (Amazon Bedrock Edition)', 'openai.gpt-6-astra'],
    ['Nova Lite', 'amazon.nova-lite-v1:0'],
    ['Nova 2.0 Lite', 'amazon.nova-2-lite-v1:0'],
    ['Llama 3.1 70B', 'meta.llama3-1-70b-instruct-v1:0'],
    ['DeepSeek v3.2', 'deepseek.v3.2'],
    ['R1', 'deepseek.r1-v1:0'],
    ['TitanEmbeddingsV2-Text-input', 'amazon.titan-embed-text-v2:0'],
    ['Command R', 'cohere.command-r-v1:0'],
    ['Command R+', 'cohere.command-r-plus-v1:0'],
    ['anthropic.claude-haiku-4-5', 'anthropic.claude-haiku-4-5-20251001-v1:0'],
    ['qwen.qwen3-32b', 'qwen.qwen3-32b-v1:0'],
    ['qwen.qwen3-next-80b-a3b-instruct', 'qwen.qwen3-next-80b-a3b'],
  ])('finds "%s"', (name, id) => {
    expect(find(name)).toBe(id);
  });

  it('tells what is sold under one name by the id in it', () => {
    expect(find('gpt-oss-120b')).toBe('openai.gpt-oss-120b-1:0');
    expect(find('openai.gpt-oss-120b')).toBe('openai.gpt-oss-120b');
  });

  it('finds every model by its own id', () => {
    for (const { id } of listModels()) expect(find(id)).toBe(id);
  });

  it('takes no neighbour for a name that it does not know', () => {
    for (const name of [
      'Claude Sonnet 9',
      'anthropic.claude-3-5-sonnet',
      'amazon.titan-embed-text',
      'GLM',
      '',
    ])
      expect(find(name), name).toBeUndefined();
  });

  it('knows names under which only retired models were sold', () => {
    expect(find('Claude (100K)')).toBe('retired');
  });

  it('learns names from the caller', () => {
    expect(modelNames({ 'Claude Sonnet 9': 'anthropic.claude-sonnet-5' }).find('Claude Sonnet 9')).toBe(
      'anthropic.claude-sonnet-5',
    );
  });
});
