import { describe, expect, it } from 'vitest';
import { anthropicBody, converseView, fakeCall, invokeView } from '../tests/call-fixture.js';
import { requestShape, shapeOf } from './request-shape.js';

const asking = (text: string, maxTokens?: number, more: Readonly<Record<string, unknown>> = {}) =>
  converseView({
    messages: [{ role: 'user', content: [{ text }] }],
    ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
    ...more,
  });
const following = (schema: object) =>
  asking('Read this mail.', undefined, {
    outputConfig: {
      textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: JSON.stringify(schema) } } },
    },
  });
const tool = (schema: object) => ({ toolSpec: { name: 'file', inputSchema: { json: schema } } });
const LABELS = { type: 'object', properties: { folder: { enum: ['a', 'b'] }, urgent: { type: 'boolean' } } };
const FIELDS = { type: 'object', properties: { name: { type: 'string' } } };

describe('requestShape', () => {
  it.each([
    ['Is it a complaint, a question or praise? Classify the mail.', 20, 'classification'],
    ['Label the sentiment of this review: positive, negative, neutral.', 10, 'classification'],
    ['Classify as spam/ham. Reply with one word.', undefined, 'classification'],
    ['Sort into one of:\n- billing\n- returns\n- other', 20, 'classification'],
    ['Answer only "yes" or "no": is one of these people named?', undefined, 'classification'],
    ['How many legs has a spider?', 5, 'short-answer'],
    ['Write an essay about red, green and blue.', 2_000, undefined],
    ['Classify the argument as valid or invalid, and explain at length why.', 2_000, undefined],
    ['Where is my parcel?', undefined, undefined],
  ])('%s (%s): %s', (text, maxTokens, expected) => {
    expect(requestShape(asking(text, maxTokens))).toBe(expected);
  });

  it('tells choices from fields by the schema, of the answer and of a forced tool', () => {
    expect(requestShape(following(LABELS))).toBe('classification');
    expect(requestShape(following(FIELDS))).toBe('extraction');
    expect(requestShape(following({ type: 'array', items: { enum: [1, 2] } }))).toBe('classification');
    const forced = (schema: object) => ({
      toolConfig: { tools: [tool(schema)], toolChoice: { tool: { name: 'file' } } },
    });
    expect(requestShape(asking('Read it.', undefined, forced(LABELS)))).toBe('classification');
    expect(requestShape(asking('Read it.', undefined, forced(FIELDS)))).toBe('extraction');
  });

  it('reads the schema of the tool that is named, and leaves a choice of tools to agents', () => {
    const other = { toolSpec: { name: 'other', inputSchema: { json: FIELDS } } };
    const among = (toolChoice: object, more: object = {}) =>
      asking('Read it.', undefined, { toolConfig: { tools: [other, tool(LABELS)], toolChoice }, ...more });
    expect(requestShape(among({ tool: { name: 'file' } }))).toBe('classification');
    expect(requestShape(among({ tool: { name: 'other' } }))).toBe('extraction');
    expect(requestShape(among({ any: {} }))).toBeUndefined();
    const { outputConfig } = following(LABELS).input as { outputConfig: object };
    expect(requestShape(among({ auto: {} }, { outputConfig }))).toBeUndefined();
  });

  it('takes a broken schema for fields', () => {
    const broken = asking('Read it.', undefined, {
      outputConfig: { textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{' } } } },
    });
    expect(requestShape(broken)).toBe('extraction');
  });

  it('leaves agents, media and thinking alone', () => {
    const label = 'Label it: a, b or c.';
    expect(requestShape(asking(label, 10, { toolConfig: { tools: [tool(FIELDS)] } }))).toBeUndefined();
    const image = { image: { format: 'png', source: { bytes: new Uint8Array([1]) } } };
    const withImage = converseView({
      messages: [{ role: 'user', content: [image, { text: label }] }],
      inferenceConfig: { maxTokens: 10 },
    });
    expect(requestShape(withImage)).toBeUndefined();
    const thinking = {
      additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens: 1_024 } },
    };
    expect(requestShape(asking(label, 10, thinking))).toBeUndefined();
  });

  it('reads InvokeModel bodies, too', () => {
    const messages = [{ role: 'user', content: 'Label it: a, b or c.' }];
    expect(requestShape(invokeView(anthropicBody({ max_tokens: 10, messages })))).toBe('classification');
  });

  it('reads a text of a megabyte at its ends, in no time', () => {
    const text = `${'a, '.repeat(400_000)} Label it: a, b or c.`;
    const started = performance.now();
    expect(requestShape(asking(text, 10))).toBe('classification');
    expect(performance.now() - started).toBeLessThan(500);
  });
});

describe('shapeOf', () => {
  it('reads the request once for each call', () => {
    const call = fakeCall(asking('Label it: a, b or c.', 10));
    expect(shapeOf(call)).toBe('classification');
    expect(shapeOf(call)).toBe('classification');
  });
});
