import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { selectTools, type ToolLike } from './select-tools.js';

const tool = (name: string, description: string): ToolLike => ({ toolSpec: { name, description } });
const TOOLS = [
  tool('findOrder', 'Finds an order by its number.'),
  tool('refund_payment', 'Refunds a payment to the customer.'),
  tool('bookFlight', 'Books a flight between two airports.'),
  tool('weather', 'Says how the weather will be in a city.'),
  tool('sendMail', 'Sends a mail to a customer.'),
];
const names = (tools: readonly ToolLike[]): (string | undefined)[] =>
  tools.map(({ toolSpec }) => toolSpec?.name);

describe('selectTools', () => {
  it('takes the tools that have to do with the question', () => {
    expect(names(selectTools(TOOLS, { query: 'Please refund my order', maxTools: 2 }))).toEqual([
      'findOrder',
      'refund_payment',
    ]);
    expect(names(selectTools(TOOLS, { query: 'Hello', maxTools: 3, always: ['sendMail'] }))).toEqual([
      'sendMail',
    ]);
  });

  it('keeps what was sent where it is, and puts the others behind', () => {
    const sent = ['weather', 'findOrder'];
    expect(names(selectTools(TOOLS, { query: 'refund the payment', maxTools: 3, sent }))).toEqual([
      'weather',
      'findOrder',
      'refund_payment',
    ]);
  });

  it('never moves or drops a tool of the request before, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('refund', 'flight weather', 'order', 'mail', ''), { maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        (queries, maxTools) => {
          let sent: string[] = [];
          for (const query of queries) {
            const now = names(selectTools(TOOLS, { query, maxTools, sent })) as string[];
            expect(now.slice(0, sent.length)).toEqual(sent);
            expect(now.length).toBeLessThanOrEqual(Math.max(maxTools, sent.length));
            expect(new Set(now).size).toBe(now.length);
            sent = now;
          }
        },
      ),
    );
  });

  it('rejects options that are missing or wrong', () => {
    expect(() => selectTools(TOOLS, { query: 'x' } as never)).toThrow('option "maxTools" is missing');
    expect(() => selectTools(TOOLS, { query: 'x', maxTools: 0 })).toThrow('option "maxTools" must');
  });
});
