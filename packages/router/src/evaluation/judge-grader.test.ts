import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import type { EvaluationCase } from './evaluation-case.js';
import { type Grade, gradeOf } from './grader.js';
import { judgeGrader } from './judge-grader.js';

const one: EvaluationCase = {
  id: '1',
  task: 'write',
  request: {
    system: [{ text: 'Be kind.' }],
    messages: [{ role: 'user', content: [{ text: 'Write a poem.' }] }],
  },
  expected: { lines: 4 },
};
const answer = (text: string) => ({ text, toolUses: [], stopReason: 'end_turn' });

/** A judge that says what `verdict` makes of its prompt. */
function judge(verdict: (first: string, second: string, prompt: string) => string, stopReason?: string) {
  const prompts: string[] = [];
  const client = {
    middlewareStack: new BedrockRuntimeClient({ region: 'us-east-1' }).middlewareStack,
    send: (command: { input: { messages: { content: { text: string }[] }[] } }) => {
      const text = command.input.messages[0]?.content[0]?.text ?? '';
      prompts.push(text);
      const [, first = '', second = ''] =
        /<first>\n(.*)\n<\/first>\n\n<second>\n(.*)\n<\/second>/s.exec(text) ?? [];
      const content = [{ text: verdict(first, second, text) }];
      return Promise.resolve({ output: { message: { content } }, stopReason });
    },
  };
  const grader = judgeGrader({ client, modelId: 'us.anthropic.claude-opus-5-5' });
  const grade = async (tier: string, baseline?: string): Promise<Grade> =>
    gradeOf(
      await grader(answer(tier), one, {
        tier: 'cheap',
        ...(baseline === undefined ? {} : { baselineAnswer: answer(baseline) }),
      }),
    ) as Grade;
  return { grade, grader, prompts };
}

describe('judgeGrader', () => {
  it.each([
    ['the better one', (first: string) => (first === 'good' ? 'FIRST' : 'SECOND'), 1, 'tier', 'tier'],
    ['a tie', () => 'Both are fine.\nTIE', 0.5, 'tie', 'tie'],
    ['whatever stands first', () => 'first', 0.5, 'baseline', 'tier'],
    ['nothing that can be read', () => 'Hm.', 0, 'unreadable', 'unreadable'],
    ['nothing, and mentions one', () => 'I cannot rank the second one.', 0, 'unreadable', 'unreadable'],
    ['before it explains', () => '**FIRST**\n\nThe second is longer.', 0.5, 'baseline', 'tier'],
    [
      'first and then changes its mind',
      (first: string) => (first === 'good' ? 'SECOND? No, FIRST' : 'TIE'),
      0.75,
      'tie',
      'tier',
    ],
  ] as const)(
    'asks in both orders a judge that prefers %s',
    async (_, verdict, score, baselineFirst, tierFirst) => {
      const { grade, prompts } = judge(verdict);
      expect(await grade('good', 'bad')).toEqual({ score, judgement: { baselineFirst, tierFirst } });
      expect(prompts).toHaveLength(2);
    },
  );

  it.each(['max_tokens', 'refusal', 'guardrail_intervened'])(
    'takes no verdict of what ended by %s',
    async (stopReason) => {
      const { grade } = judge(() => 'I think that it is the FIRST', stopReason);
      expect(await grade('good', 'bad')).toMatchObject({
        score: 0,
        judgement: { baselineFirst: 'unreadable', tierFirst: 'unreadable' },
      });
    },
  );

  it('shows the judge request, reference and criteria, and no names', async () => {
    const { grade, prompts } = judge(() => 'TIE');
    await grade('good', 'bad');
    expect(prompts[0]).toContain('system: Be kind.\n\nuser: Write a poem.');
    expect(prompts[0]).toContain('<reference>\n{"lines":4}\n</reference>');
    expect(prompts[0]).toContain('It is correct');
    expect(prompts.join()).not.toMatch(/cheap|baseline|tier/);
  });

  it('asks nobody about answers that are the same, or where the baseline has none', async () => {
    const { grade, prompts } = judge(() => 'FIRST');
    expect(await grade('same', 'same')).toEqual({ score: 0.5 });
    expect(await grade('good')).toEqual({ score: 1 });
    expect(prompts).toEqual([]);
  });

  it('has an id that changes with the judge and the rubric', () => {
    const { grader } = judge(() => 'TIE');
    const client = { send: () => undefined, middlewareStack: {} as never };
    const other = judgeGrader({ client, modelId: 'us.anthropic.claude-opus-5-5', rubric: 'Short.' });
    expect(other.id).not.toBe(grader.id);
    expect(() => judgeGrader({ client: {} as never, modelId: 'm' })).toThrow(/client/);
    expect(() => judgeGrader({ client } as never)).toThrow(/modelId/);
    expect(() => judgeGrader({ client, modelId: 'm', maxTokens: 0 })).toThrow(/maxTokens/);
  });
});
