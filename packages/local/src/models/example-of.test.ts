import { describe, expect, it } from 'vitest';
import { exampleOf } from './example-of.js';

describe('exampleOf', () => {
  it('fills what is required, the first text with the answer', () => {
    const schema = {
      type: 'object',
      properties: {
        verdict: { enum: ['yes', 'no'] },
        reason: { type: 'string' },
        also: { type: 'string' },
        count: { type: 'integer' },
        price: { type: 'number', minimum: 3 },
        sure: { type: 'boolean' },
        nothing: { type: 'null' },
        tags: { type: 'array', items: { type: 'string' } },
        version: { const: 2 },
        optional: { type: 'string' },
      },
      required: ['verdict', 'reason', 'also', 'count', 'price', 'sure', 'nothing', 'tags', 'version'],
    };
    expect(exampleOf(schema, 'because')).toEqual({
      verdict: 'yes',
      reason: 'because',
      also: 'example',
      count: 1,
      price: 3,
      sure: true,
      nothing: null,
      tags: ['example'],
      version: 2,
    });
  });

  it('follows references and alternatives', () => {
    const schema = {
      $defs: { name: { type: 'string' } },
      type: 'object',
      properties: {
        name: { $ref: '#/$defs/name' },
        either: { anyOf: [{ type: 'boolean' }, { type: 'null' }] },
      },
    };
    expect(exampleOf(schema, 'Ada')).toEqual({ name: 'Ada', either: true });
  });

  it('ends on a schema that contains itself', () => {
    const node: Record<string, unknown> = { type: 'object', properties: { next: { $ref: '#' } } };
    expect(JSON.stringify(exampleOf(node)).length).toBeLessThan(200);
  });
});
