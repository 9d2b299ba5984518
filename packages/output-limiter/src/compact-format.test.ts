import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactFormat } from './compact-format.js';

const ORDERS = {
  type: 'object',
  properties: {
    orders: {
      type: 'array',
      items: {
        type: 'object',
        properties: {
          orderNumber: { type: 'integer' },
          customerName: { type: 'string', description: 'As written.' },
        },
        required: ['orderNumber'],
      },
    },
  },
  required: ['orders'],
};

/** The answer as a model would give it: by the short schema. */
function shortened(value: unknown, schema: Record<string, unknown>): unknown {
  if (Array.isArray(value))
    return value.map((one) => shortened(one, schema['items'] as Record<string, unknown>));
  if (typeof value !== 'object' || value === null) return value;
  const short = Object.entries(schema['properties'] as Record<string, { description: string }>);
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const [key, of] = short.find(([, { description }]) => description.split(':')[0] === name) as [
        string,
        never,
      ];
      return [key, shortened(inner, of)];
    }),
  );
}

describe('compactFormat', () => {
  it('gives properties short names and keeps the long ones as descriptions', () => {
    expect(compactFormat(ORDERS).schema).toEqual({
      type: 'object',
      properties: {
        a: {
          type: 'array',
          description: 'orders',
          items: {
            type: 'object',
            properties: {
              a: { type: 'integer', description: 'orderNumber' },
              b: { type: 'string', description: 'customerName: As written.' },
            },
            required: ['a'],
          },
        },
      },
      required: ['a'],
    });
  });

  it('gives every answer its long names back', () => {
    const { schema, expand } = compactFormat(ORDERS);
    const anyOrders = fc.record({
      orders: fc.array(
        fc.record({ orderNumber: fc.nat(), customerName: fc.string() }, { requiredKeys: ['orderNumber'] }),
      ),
    });
    fc.assert(
      fc.property(anyOrders, (answer) => {
        const short = shortened(answer, schema);
        expect(expand(short)).toEqual({ ...answer, orders: answer.orders.map((order) => ({ ...order })) });
        expect(expand(JSON.stringify(short))).toEqual(JSON.parse(JSON.stringify(answer)));
      }),
    );
  });

  it('has a name for every property, however many there are', () => {
    const properties = Object.fromEntries(
      Array.from({ length: 800 }, (_, index) => [`property${index}`, {}]),
    );
    expect(Object.keys(compactFormat({ properties }).schema['properties'] as object)).toHaveLength(800);
  });

  it('refuses what it could not give back', () => {
    expect(() => compactFormat({ $ref: '#/x' })).toThrow('must not hold $ref');
    expect(() => compactFormat({ anyOf: [] })).toThrow('must not hold anyOf');
    expect(() => compactFormat({ properties: {} }).expand('{')).toThrow(SyntaxError);
  });
});
