import { InvalidOptionError } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { ablatePrompt } from './ablate-prompt.js';

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const tool = (name: string) => ({
  toolSpec: { name, description: `Does ${name}.`, inputSchema: { json: { type: 'object' } } },
});
const EXAMPLE = { role: 'user', content: [{ text: 'How?' }] };
const ANSWER = { role: 'assistant', content: [{ text: 'So.' }] };
const requests = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    modelId: MODEL,
    system: [
      { text: `Answer in German.\n\n${'Prices are in euros. '.repeat(20)}\n\n<example>Hat: 9 €</example>` },
    ],
    toolConfig: { tools: [tool('findOrder'), tool('bookFlight')] },
    messages: [EXAMPLE, ANSWER, { role: 'user', content: [{ text: `Question ${index}` }] }],
  }));
type Request = ReturnType<typeof requests>[number];

/** Answers are right where the prompt still says which language; one in ten needs the tool that finds orders. */
const evaluate = (asked: readonly Request[]): number[] =>
  asked.map((request, index) => {
    const text = JSON.stringify(request);
    return text.includes('German') && (index % 10 > 0 || text.includes('findOrder')) ? 1 : 0;
  });

describe('ablatePrompt', () => {
  it('tries every part, the costliest first, and says which the answers need', async () => {
    const parts = await ablatePrompt(requests(100), { evaluate, requestsPerMonth: 1_000_000 });
    expect(parts[0]).toMatchObject({
      kind: 'instruction',
      where: 'system, paragraph 2 of 2',
      verdict: 'holds',
      worse: 0,
      summary: 'Without it 0 of 100 answers are worse and 0 better: at most 3.0 % of all, and 5.0 % may be.',
    });
    expect(parts[0]?.perMonth?.usd).toBeGreaterThan(200);
    const verdicts = Object.fromEntries(parts.map(({ where, verdict }) => [where, verdict]));
    expect(verdicts).toEqual({
      'system, paragraph 1 of 2': 'loses',
      'system, paragraph 2 of 2': 'holds',
      'system, example 1 of 1': 'holds',
      'messages, example 1 of 1': 'holds',
      findOrder: 'loses',
      bookFlight: 'holds',
    });
    expect(JSON.stringify(parts)).not.toMatch(/German|euros|How\?/);
  });

  it('leaves out one part at a time, and nothing else', async () => {
    const seen: string[] = [];
    const [original] = requests(2);
    await ablatePrompt(requests(2), {
      evaluate: (asked, part) => {
        seen.push(part?.where ?? 'whole');
        const { system, toolConfig, messages } = asked[0] as Request;
        if (part === undefined) expect(asked[0]).toEqual(original);
        expect(messages).toHaveLength(part?.where.startsWith('messages') === true ? 1 : 3);
        expect(toolConfig.tools).toHaveLength(part?.kind === 'tool' ? 1 : 2);
        const length = original?.system[0]?.text.length as number;
        if (part?.where.startsWith('system') === true) expect(system[0]?.text.length).toBeLessThan(length);
        else expect(system).toEqual(original?.system);
        return asked.map(() => 1);
      },
    });
    expect(seen).toHaveLength(7);
    expect(seen[0]).toBe('whole');
  });

  it('says that few requests decide nothing, tries what it is told, and asks nothing of nothing', async () => {
    const few = await ablatePrompt(requests(10), {
      evaluate,
      only: ({ kind }) => kind === 'tool',
      maxParts: 1,
    });
    expect(few.map(({ verdict }) => verdict)).toEqual(['undecided']);
    expect(await ablatePrompt([], { evaluate })).toEqual([]);
  });

  it.each([{}, { evaluate, maxLoss: 2 }, { evaluate, part: 1 }])('refuses %o', async (options) => {
    await expect(ablatePrompt(requests(2), options as never)).rejects.toThrow(InvalidOptionError);
  });

  it('refuses grades that are none', async () => {
    await expect(ablatePrompt(requests(2), { evaluate: () => [1] })).rejects.toThrow('each request a grade');
    await expect(ablatePrompt(requests(2), { evaluate: () => [1, 7] })).rejects.toThrow('from 0 to 1');
  });
});
