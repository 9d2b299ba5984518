import { estimatedTokens } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { converseView, fakeCall, pdfOf } from '../tests/call-fixture.js';
import { compileWhen } from './match-rule.js';
import { READING } from './request-reading.js';
import type { RuleConditions } from './types.js';

const image = { image: { format: 'png', source: { bytes: new Uint8Array(1) } } };
const document = { document: { format: 'pdf', name: 'd', source: { bytes: new Uint8Array(1) } } };
const withContent = (...content: object[]) =>
  converseView({ messages: [{ role: 'user', content: [{ text: 'Look.' }, ...content] }] });
const tools = { tools: [{ toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } }] };

const holds = (when: RuleConditions, view = converseView(), tags: Record<string, string> = {}): boolean =>
  compileWhen(when, 'when')(view, fakeCall(view, tags), READING);

describe('compileWhen', () => {
  it('holds for every request without conditions', () => {
    expect(holds({})).toBe(true);
  });

  it.each<[string, RuleConditions, Record<string, string>, boolean]>([
    ['a task', { task: 'faq' }, { task: 'faq' }, true],
    ['another task', { task: 'faq' }, { task: 'sum' }, false],
    ['no task tag', { task: 'faq' }, {}, false],
    ['one of several tasks', { task: ['faq', 'sum'] }, { task: 'sum' }, true],
    ['a tag', { tags: { team: 'care' } }, { team: 'care' }, true],
    ['one of several values', { tags: { team: ['care', 'ops'] } }, { team: 'ops' }, true],
    ['only one of two tags', { tags: { team: 'care', tenant: 'a' } }, { team: 'care' }, false],
    ['task and tag', { task: 'faq', tags: { team: 'care' } }, { task: 'faq', team: 'care' }, true],
    ['a tag that objects inherit', { tags: { toString: 'x' } }, {}, false],
  ])('looks at %s', (_name, when, tags, expected) => {
    expect(holds(when, converseView(), tags)).toBe(expected);
  });

  it('counts the pages of documents, and knows no upper bound for what nobody can count', () => {
    const long = withContent(pdfOf(100));
    expect(holds({ maxInputTokens: 1_000 }, long)).toBe(false);
    expect(holds({ minInputTokens: 1_000 }, long)).toBe(true);
    expect(holds({ maxInputTokens: 1_000_000 }, long)).toBe(true);
    expect(holds({ maxInputTokens: 1_000_000 }, withContent(document))).toBe(false);
    expect(holds({ minInputTokens: 1_000 }, withContent(document))).toBe(false);
  });

  it.each<[string, RuleConditions, ReturnType<typeof converseView>, boolean]>([
    ['tools, there', { tools: true }, converseView({ toolConfig: tools }), true],
    ['tools, absent', { tools: true }, converseView(), false],
    ['no tools, absent', { tools: false }, converseView(), true],
    ['images', { images: true }, withContent(image), true],
    ['no images', { images: false }, withContent(image), false],
    ['documents', { documents: true }, withContent(document), true],
    [
      'structured output',
      { structuredOutput: true },
      converseView({ toolConfig: { ...tools, toolChoice: { any: {} } } }),
      true,
    ],
    ['the operation', { operation: 'Converse' }, converseView(), true],
    ['another operation', { operation: ['ConverseStream', 'InvokeModel'] }, converseView(), false],
  ])('looks at %s', (_name, when, view, expected) => {
    expect(holds(when, view)).toBe(expected);
  });

  it('counts input tokens with both ends included', () => {
    const view = converseView();
    const { total } = estimatedTokens(view);
    expect(holds({ minInputTokens: total, maxInputTokens: total }, view)).toBe(true);
    expect(holds({ minInputTokens: total + 1 }, view)).toBe(false);
    expect(holds({ maxInputTokens: total - 1 }, view)).toBe(false);
  });

  it('holds for the shape that a request has', () => {
    const labelling = converseView({
      messages: [{ role: 'user', content: [{ text: 'Label it: a, b or c.' }] }],
      inferenceConfig: { maxTokens: 10 },
    });
    expect(holds({ shape: ['extraction', 'classification'] }, labelling)).toBe(true);
    expect(holds({ shape: 'extraction' }, labelling)).toBe(false);
    expect(holds({ shape: 'classification' })).toBe(false);
  });

  it('asks a function with the view and the call', () => {
    const view = converseView();
    const call = fakeCall(view);
    const seen: unknown[] = [];
    const predicate = compileWhen((...given) => {
      seen.push(...given);
      return true;
    }, 'when');
    expect(predicate(view, call, READING)).toBe(true);
    expect(seen.slice(0, 2)).toEqual([view, call]);
  });

  it.each([
    ['an unknown condition', { tasks: 'faq' }, 'rules[0].when.tasks'],
    ['a task that is no text', { task: 7 }, 'rules[0].when.task'],
    ['no task', { task: [] }, 'rules[0].when.task'],
    ['tags that are no object', { tags: 'care' }, 'rules[0].when.tags'],
    ['a tag that is no text', { tags: { team: 7 } }, 'rules[0].when.tags.team'],
    ['a negative length', { maxInputTokens: -1 }, 'rules[0].when.maxInputTokens'],
    ['a word for a boolean', { tools: 'yes' }, 'rules[0].when.tools'],
    ['an unknown operation', { operation: 'Chat' }, 'rules[0].when.operation'],
    ['a text', 'faq', 'rules[0].when'],
  ])('refuses %s', (_name, when, option) => {
    expect(() => compileWhen(when as RuleConditions, 'rules[0].when')).toThrow(
      expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }),
    );
  });
});
