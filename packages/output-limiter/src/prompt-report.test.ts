import { describe, expect, it } from 'vitest';
import { promptReport } from './prompt-report.js';

const tool = (name: string) => ({
  toolSpec: { name, description: `Does ${name}. `.repeat(20), inputSchema: { json: { type: 'object' } } },
});
const RULE = 'Always answer the customer in the language in which the question was asked.';
const request = (question: string) => ({
  modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
  system: [
    {
      text: `You help customers of a shop. ${RULE} Never promise a date.\n${'Prices are in euros. '.repeat(3)}\n${RULE}`,
    },
  ],
  toolConfig: { tools: [tool('findOrder'), tool('bookFlight')] },
  messages: [
    { role: 'user', content: [{ text: 'Where is it?' }] },
    { role: 'assistant', content: [{ toolUse: { toolUseId: '1', name: 'findOrder', input: {} } }] },
    { role: 'user', content: [{ toolResult: { toolUseId: '1', content: [{ text: question }] } }] },
  ],
});

describe('promptReport', () => {
  it('says what each section costs in a month', () => {
    const { sections } = promptReport([request('Found.'), request('Found.')], {
      requestsPerMonth: 1_000_000,
    });
    expect(sections.map(({ section }) => section)).toEqual(['tools', 'system', 'history', 'question']);
    for (const { tokens, perMonth } of sections) {
      expect(tokens).toBeGreaterThan(0);
      // Three dollars a million tokens, in us-east-1 as in all Regions of the profile.
      expect(perMonth?.usd).toBeGreaterThan(tokens * 2.9);
      expect(perMonth?.usd).toBeLessThan(tokens * 3.4);
    }
  });

  it('finds the instruction that stands there twice, and the tool that nobody calls, without a word of the prompt', () => {
    const { findings } = promptReport([request('Found.')]);
    expect(findings.map(({ kind }) => kind).sort()).toEqual(['repeatedInstruction', 'unusedTool']);
    expect(findings.find(({ kind }) => kind === 'unusedTool')?.where).toBe('bookFlight');
    expect(JSON.stringify(findings)).not.toContain('language');
  });

  it('finds the examples that no question is like, in the system prompt and in turns, once there are questions enough', () => {
    const pairs = [
      ['How do I send a parcel back?', 'With the label.'],
      ['Which colours has the lamp?', 'Red and blue.'],
    ].flatMap(([question, answer]) => [
      { role: 'user', content: [{ text: question }] },
      { role: 'assistant', content: [{ text: answer }] },
    ]);
    const system = [
      {
        text: 'You help.\n\n<example>Invoices are sent by mail.</example>\n<example>A refund takes days.</example>',
      },
    ];
    const asked = (text: string) => ({
      modelId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      system,
      messages: [...pairs, { role: 'user', content: [{ text }] }],
    });
    const questions = ['May I send the parcel back?', 'How long does a refund take?'];
    const many = Array.from({ length: 6 }, () => questions.map(asked)).flat();
    const { findings } = promptReport(many);
    expect(findings.map(({ kind, where }) => [kind, where]).sort()).toEqual([
      ['unusedExample', 'messages, example 2 of 2'],
      ['unusedExample', 'system, example 1 of 2'],
    ]);
    expect(findings.every(({ tokens }) => tokens > 3)).toBe(true);
    expect(promptReport(many.slice(0, 10)).findings).toEqual([]);
  });

  it('says nothing of tools where no conversation has called one, and nothing of nothing', () => {
    const { messages: _, ...rest } = request('');
    const { findings } = promptReport([
      { ...rest, messages: [{ role: 'user', content: [{ text: 'Hi' }] }] } as never,
    ]);
    expect(findings.map(({ kind }) => kind)).toEqual(['repeatedInstruction']);
    expect(promptReport([])).toEqual({ sections: [], findings: [] });
    expect(() => promptReport([], { requestsPerMonth: -1 })).toThrow('option "requestsPerMonth" must');
  });
});
