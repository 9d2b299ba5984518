import { estimateTokens } from '@costkit/tokens';
import { decode } from '@toon-format/toon';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compactToolResults } from '../src/input.js';

const MODEL = 'us.anthropic.claude-sonnet-5';
const anyValue = fc.oneof(
  fc.array(
    fc.record({ id: fc.nat(999), name: fc.constantFrom('Ada', 'Bo, the "second"', ''), open: fc.boolean() }),
    {
      maxLength: 12,
    },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);
const resultOf = (part: object): object[] => [
  { role: 'user', content: [{ toolResult: { toolUseId: 'one', content: [part] } }] },
];
const textOf = (messages: readonly object[]): string => {
  const [{ content }] = messages as [
    { content: { toolResult: { content: { text?: string; json?: unknown }[] } }[] },
  ];
  const [part] = content[0]?.toolResult.content ?? [];
  return part?.text ?? JSON.stringify(part?.json);
};
const tokensOf = (text: string): number => estimateTokens(text, { model: MODEL }).tokens;

/** What a text says, in whichever of the two forms it is. */
function meaningOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return decode(text);
  }
}

describe('compactToolResults', () => {
  it('says the same in no more tokens than compact JSON, and the same way every time', async () => {
    await fc.assert(
      fc.asyncProperty(anyValue, fc.constantFrom(0, 2), async (value, indent) => {
        fc.pre(typeof value === 'object' && value !== null);
        const json = JSON.stringify(value, undefined, indent);
        const messages = resultOf({ text: json });
        const compacted = await compactToolResults(messages, { model: MODEL });
        const text = textOf(compacted);
        expect(meaningOf(text)).toEqual(JSON.parse(json));
        expect(tokensOf(text)).toBeLessThanOrEqual(tokensOf(json));
        expect(textOf(await compactToolResults(messages, { model: MODEL }))).toBe(text);
        const asBlock = textOf(
          await compactToolResults(resultOf({ json: JSON.parse(json) }), { model: MODEL }),
        );
        expect(tokensOf(asBlock)).toBeLessThanOrEqual(tokensOf(JSON.stringify(JSON.parse(json))));
      }),
      { numRuns: 60 },
    );
  });

  it('writes a list of equal objects as a table, unless told not to', async () => {
    const rows = Array.from({ length: 20 }, (_, id) => ({ id, customer: `Customer ${id}`, state: 'open' }));
    const messages = resultOf({ json: rows });
    const table = textOf(await compactToolResults(messages, { model: MODEL }));
    expect(table).toContain('{id,customer,state}');
    expect(tokensOf(table)).toBeLessThan(0.8 * tokensOf(JSON.stringify(rows)));
    expect(await compactToolResults(messages, { model: MODEL, toon: false })).toEqual(messages);
  });

  it('compacts numbers that stay as they are, however long', async () => {
    const text =
      '{ "share": 0.30000000000000004,  "small": 1e-7,  "zero": 0.0,  "id": "12345678901234567890" }';
    const [message] = await compactToolResults(resultOf({ text }), { model: MODEL });
    const compacted = textOf([message as object]);
    expect(compacted.length).toBeLessThan(text.length);
    expect(meaningOf(compacted)).toEqual(JSON.parse(text));
  });

  it.each([
    'Found nothing.',
    '{"half": ',
    '12345',
    '{"id": 12345678901234567890, "of": "all"}',
    '{"amount": 123456789012.123456, "of": "all"}',
    '{"most": 1e400, "of": "all"}',
    '{"least": 1e-400, "of": "all"}',
    '{"a": 1,   "a": 2}',
    'See: {"a":   1}',
  ])('leaves alone what would not say the same: %s', async (text) => {
    const messages = resultOf({ text });
    const compacted = await compactToolResults(messages, { model: MODEL });
    expect(compacted[0]).toBe(messages[0]);
  });

  it('rejects options that do not exist', async () => {
    await expect(compactToolResults([], { model: MODEL, yaml: true } as never)).rejects.toThrow(
      'option "yaml" is unknown',
    );
  });
});
