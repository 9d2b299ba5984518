import type { Dialect } from '@costkit/pricing';
import { describe, expect, it } from 'vitest';
import { anthropic } from './anthropic.js';
import type { Body, DialectAdapter } from './dialect-adapter.js';
import { findDialect } from './find-dialect.js';
import { nova } from './nova.js';
import { openai } from './openai.js';
import { ai21, cohereCommand, cohereCommandR, llama, mistral, titanText } from './prompt-bodies.js';

const CHAT: Body = { messages: [{ role: 'user', content: 'Hi' }] };

describe('findDialect', () => {
  it.each<[Dialect | undefined, Body, Dialect | undefined, DialectAdapter | undefined]>([
    ['mistral', { prompt: 'Hi' }, 'mistral', mistral],
    ['mistral', CHAT, 'mistral', openai],
    ['ai21', { prompt: 'Hi' }, 'ai21', ai21],
    ['ai21', CHAT, 'ai21', openai],
    ['llama', CHAT, 'llama', openai],
    ['openai', CHAT, 'openai', openai],
    ['openai', { prompt: 'Hi' }, undefined, undefined],
    ['cohere-command', { prompt: 'Hi' }, 'cohere-command', cohereCommand],
    ['cohere-command', { message: 'Hi' }, 'cohere-command', cohereCommandR],
    // The body says what stands behind an ARN that does not.
    [undefined, { anthropic_version: 'bedrock-2023-05-31', ...CHAT }, 'anthropic', anthropic],
    ['unknown', { inferenceConfig: {}, ...CHAT }, 'nova', nova],
    [undefined, { schemaVersion: 'messages-v1', ...CHAT }, 'nova', nova],
    [undefined, { prompt: 'Hi', max_gen_len: 9 }, 'llama', llama],
    [undefined, { inputText: 'Hi', textGenerationConfig: {} }, 'titan-text', titanText],
    [undefined, CHAT, undefined, undefined],
    ['unknown', {}, undefined, undefined],
  ])('finds for %s and %j the adapter of %s', (named, body, dialect, adapter) => {
    const found = findDialect(named, body);
    expect(found?.dialect).toBe(dialect);
    expect(found?.adapter).toBe(adapter);
  });
});
