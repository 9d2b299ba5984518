import { describe, expect, it } from 'vitest';
import { modelRequest } from '../../tests/_model-request.js';
import type { ModelAnswer, ModelRequest } from './local-model.js';
import { BREVITY_PATTERN, type SimulatedModelOptions, simulatedModel } from './simulated-model.js';

const QUESTIONS = Array.from({ length: 400 }, (_, index) => ({
  core: `What is the code of article number ${index}?`,
  answer: `code-${index}-x`,
  difficulty: index % 4 === 0 ? 'hard' : 'easy',
}));
const OPTIONS: SimulatedModelOptions = {
  questions: QUESTIONS,
  accuracy: { easy: 0.9, hard: 0.5 },
  verbosityTokens: { mean: 300, spread: 100 },
  brevity: { shareOfTokensKept: 0.4, source: 'test' },
  source: 'test',
};

const textOf = (answer: ModelAnswer): string =>
  answer.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
const ask = (options: Partial<SimulatedModelOptions>, request: ModelRequest): ModelAnswer =>
  simulatedModel({ ...OPTIONS, ...options }).answer(request) as ModelAnswer;
const rightOnes = (
  options: Partial<SimulatedModelOptions>,
  changes: Partial<Omit<ModelRequest, 'prompt'>> = {},
): Set<string> => {
  const model = simulatedModel({ ...OPTIONS, ...options });
  const said = (core: string): string =>
    textOf(model.answer(modelRequest(`Hello! ${core}`, changes)) as ModelAnswer);
  return new Set(QUESTIONS.filter(({ core, answer }) => said(core).includes(answer)).map(({ core }) => core));
};

describe('simulatedModel', () => {
  it('is right about as often as it is told, by difficulty', () => {
    const right = rightOnes({});
    const share = (difficulty: string): number => {
      const all = QUESTIONS.filter((question) => question.difficulty === difficulty);
      return all.filter(({ core }) => right.has(core)).length / all.length;
    };
    expect(share('easy')).toBeGreaterThan(0.84);
    expect(share('easy')).toBeLessThan(0.96);
    expect(share('hard')).toBeGreaterThan(0.35);
    expect(share('hard')).toBeLessThan(0.65);
  });

  it('is right wherever a less accurate model is', () => {
    const weak = rightOnes({ accuracy: { easy: 0.6, hard: 0.2 } }, { modelId: 'maker.weak' });
    const strong = rightOnes({ accuracy: { easy: 0.61, hard: 0.3 } }, { modelId: 'maker.strong' });
    expect([...weak].filter((core) => !strong.has(core))).toEqual([]);
    expect(strong.size).toBeGreaterThan(weak.size);
  });

  it('is always right at 1 and never at 0', () => {
    expect(rightOnes({ accuracy: () => 1 }).size).toBe(QUESTIONS.length);
    expect(rightOnes({ accuracy: () => 0 }).size).toBe(0);
  });

  it('says the same again, and something else under another seed', () => {
    const [{ core } = { core: '' }] = QUESTIONS;
    expect(ask({}, modelRequest(core))).toEqual(ask({}, modelRequest(core)));
    expect(ask({}, modelRequest(core))).not.toEqual(ask({}, modelRequest(core, { seed: 'other' })));
  });

  it('writes as much as it is told, within a few tokens', () => {
    const lengths = QUESTIONS.slice(0, 100).map(({ core }) => {
      const request = modelRequest(core);
      return request.countTokens(textOf(ask({}, request)));
    });
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(195);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(405);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(285);
    expect(mean).toBeLessThan(315);
  });

  it.each([
    ['in the system prompt', { systemText: 'You help people. Be concise.' }, ''],
    ['behind the question', {}, ' Answer in at most 2 sentences.'],
  ])('keeps its share of tokens when brevity is asked for %s', (_, changes, suffix) => {
    const [{ core } = { core: '' }] = QUESTIONS;
    const request = modelRequest(core);
    const usual = request.countTokens(textOf(ask({}, request)));
    const brief = request.countTokens(textOf(ask({}, modelRequest(core + suffix, changes))));
    expect(brief / usual).toBeGreaterThan(0.36);
    expect(brief / usual).toBeLessThan(0.44);
  });

  it('does not react to brevity without the parameter, nor lose accuracy without the other', () => {
    const [{ core } = { core: '' }] = QUESTIONS;
    const { brevity: _, ...without } = OPTIONS;
    const plain = simulatedModel(without).answer(modelRequest(core)) as ModelAnswer;
    const brief = simulatedModel(without).answer(
      modelRequest(core, { systemText: 'Be brief.' }),
    ) as ModelAnswer;
    expect(textOf(brief)).toBe(textOf(plain));
    const before = rightOnes({});
    expect(rightOnes({}, { systemText: 'Be brief.' })).toEqual(before);
    const costly = { shareOfTokensKept: 0.4, accuracyChange: -0.2, source: 'test' };
    expect(rightOnes({ brevity: costly }, { systemText: 'Be brief.' }).size).toBeLessThan(before.size);
  });

  it('puts the answer where it is told', () => {
    const [{ core, answer } = { core: '', answer: '' }] = QUESTIONS;
    const place = (answerPosition: number): number => {
      const text = textOf(ask({ accuracy: () => 1, answerPosition }, modelRequest(core)));
      return text.indexOf(answer) / text.length;
    };
    expect(place(0)).toBeLessThan(0.1);
    expect(place(0.5)).toBeGreaterThan(0.4);
    expect(place(1)).toBeGreaterThan(0.9);
  });

  it('finds the question in a long message, blanks and case aside', () => {
    const text = `Dear team,\n\n> WHAT is the code\nof   article number 7?\n\nThanks!`;
    expect(textOf(ask({ accuracy: () => 1 }, modelRequest(text)))).toContain('code-7-x');
  });

  it('takes the longer of two questions that both fit', () => {
    const questions = [
      { core: 'the code', answer: 'short', difficulty: 'easy' },
      { core: 'the code of the door', answer: 'long', difficulty: 'easy' },
    ];
    expect(
      textOf(ask({ questions, accuracy: () => 1 }, modelRequest('Tell me the code of the door.'))),
    ).toContain('long');
  });

  it('answers what it does not know with prose of its length', () => {
    const request = modelRequest('Something else entirely');
    expect(request.countTokens(textOf(ask({}, request)))).toBeGreaterThan(190);
  });

  it('calls the tool of the question first, and answers once it has the result', () => {
    const [question] = QUESTIONS;
    const questions = [{ ...question, toolCall: { name: 'lookup', input: { article: 0 } } }] as never;
    const toolSpecs = [{ name: 'lookup', inputSchema: {} }];
    const first = ask(
      { questions, accuracy: () => 1 },
      modelRequest(question?.core ?? '', { prompt: { toolSpecs } }),
    );
    expect(first.parts).toEqual([{ type: 'toolUse', name: 'lookup', input: { article: 0 } }]);
    const block = { canonical: '', text: 'found', mediaTokens: 0, toolUseId: 'a' };
    const messages = [
      ...modelRequest(question?.core ?? '').prompt.messages,
      { role: 'assistant' as const, blocks: [{ ...block, kind: 'toolUse' as const }] },
      { role: 'user' as const, blocks: [{ ...block, kind: 'toolResult' as const }] },
    ];
    const second = ask(
      { questions, accuracy: () => 1 },
      modelRequest(question?.core ?? '', { prompt: { toolSpecs, messages } }),
    );
    expect(textOf(second)).toContain(question?.answer);
  });

  it('fills the schema when JSON is asked for', () => {
    const outputSchema = {
      type: 'object',
      properties: { answer: { type: 'string' }, sure: { type: 'boolean' } },
    };
    const [question] = QUESTIONS;
    const answer = ask(
      { accuracy: () => 1 },
      modelRequest(question?.core ?? '', { prompt: { outputSchema } }),
    );
    expect(JSON.parse(textOf(answer))).toEqual({ answer: question?.answer, sure: true });
  });

  it('thinks before it answers only when it is to, at the length it is told', () => {
    const thinkingTokens = { mean: 500 };
    const [{ core } = { core: '' }] = QUESTIONS;
    const request = modelRequest(core, { thinks: true });
    const [thinking] = ask({ thinkingTokens }, request).parts;
    expect(thinking?.type).toBe('thinking');
    const tokens = request.countTokens(thinking?.type === 'thinking' ? thinking.text : '');
    expect(tokens).toBeGreaterThan(490);
    expect(tokens).toBeLessThan(510);
    expect(ask({ thinkingTokens }, modelRequest(core)).parts).toHaveLength(1);
    expect(ask({}, request).parts).toHaveLength(1);
  });

  it('thinks less at an effort that says so', () => {
    const [{ core } = { core: '' }] = QUESTIONS;
    const options = { thinkingTokens: { mean: 500 }, thinkingShareByEffort: { low: 0.2 } };
    const tokensAt = (effort: string): number => {
      const request = modelRequest(core, { thinks: true, prompt: { thinking: { mode: 'default', effort } } });
      const [part] = ask(options, request).parts;
      return request.countTokens(part?.type === 'thinking' ? part.text : '');
    };
    expect(tokensAt('low')).toBeLessThan(110);
    expect(tokensAt('high')).toBeGreaterThan(490);
  });

  it.each<[string, Partial<SimulatedModelOptions>]>([
    ['thinkingShareByEffort.low', { thinkingShareByEffort: { low: -1 } }],
    ['accuracy', { accuracy: { easy: 1.2, hard: 0.5 } }],
    ['accuracy', { accuracy: { easy: 1 } }],
    ['verbosityTokens.mean', { verbosityTokens: { mean: 0 } }],
    ['brevity.shareOfTokensKept', { brevity: { shareOfTokensKept: 0, source: 'test' } }],
    ['answerPosition', { answerPosition: 2 }],
    ['source', { source: ' ' }],
  ])('refuses a wrong %s', (option, wrong) => {
    expect(() => simulatedModel({ ...OPTIONS, ...wrong })).toThrow(
      expect.objectContaining({
        code: 'COSTKIT_INVALID_OPTION',
        message: expect.stringContaining(`"${option}"`),
      }),
    );
  });
});

describe('BREVITY_PATTERN', () => {
  it.each([
    'Be brief.',
    'Answer concisely.',
    'Please keep it short.',
    'Use at most three sentences.',
    'Reply in 2 sentences.',
    'No more than 100 words.',
    'Respond succinctly',
    'Give a short answer.',
    'Answer in under 80 tokens.',
  ])('takes "%s" for a wish', (text) => {
    expect(text).toMatch(BREVITY_PATTERN);
  });

  it.each([
    'Attend the briefing tomorrow.',
    'Explain in detail.',
    'There is a short circuit in line 4.',
    'The parcel comes in 3 days.',
  ])('does not take "%s" for one', (text) => {
    expect(text).not.toMatch(BREVITY_PATTERN);
  });
});
