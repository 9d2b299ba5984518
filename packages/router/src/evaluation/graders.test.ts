import { describe, expect, it, vi } from 'vitest';
import type { EvaluationCase } from './evaluation-case.js';
import { type Grader, gradeOf } from './grader.js';
import { jsonSchemaGrader } from './json-schema-grader.js';
import { numericGrader } from './numeric-grader.js';
import { regexGrader } from './regex-grader.js';
import { containsGrader, exactGrader, f1Grader } from './text-graders.js';

const caseOf = (expected?: unknown, more: Partial<EvaluationCase> = {}): EvaluationCase => ({
  id: '1',
  task: 'a',
  request: { messages: [{ role: 'user', content: [{ text: '?' }] }] },
  ...(expected === undefined ? {} : { expected }),
  ...more,
});

const grade = async (grader: Grader, text: string, one: EvaluationCase): Promise<number> => {
  const graded = gradeOf(
    await grader({ text, toolUses: [], stopReason: 'end_turn' }, one, { tier: 'cheap' }),
  );
  return typeof graded === 'string' ? Number.NaN : graded.score;
};

describe('exactGrader', () => {
  it.each([
    [' Paris\n', 'paris', 1],
    ['New  York', 'new york', 1],
    ['Paris.', 'Paris', 0],
    ['b', ['a', 'b'], 1],
    ['c', ['a', 'b'], 0],
  ])('of %j with %j expected is %d', async (text, expected, score) => {
    expect(await grade(exactGrader(), text, caseOf(expected))).toBe(score);
  });

  it('minds the case where it is told to', async () => {
    expect(await grade(exactGrader({ caseSensitive: true }), 'paris', caseOf('Paris'))).toBe(0);
  });

  it('says what a case lacks', () => {
    expect(exactGrader().lacks?.(caseOf())).toContain('"expected"');
    expect(exactGrader().lacks?.(caseOf([]))).toContain('"expected"');
    expect(exactGrader().lacks?.(caseOf('x'))).toBeUndefined();
    // Every answer holds it.
    expect(containsGrader().lacks?.(caseOf(['x', ' \n']))).toContain('"expected"');
  });
});

describe('containsGrader', () => {
  it('asks for all parts', async () => {
    const one = caseOf(['30 days', 'receipt']);
    expect(await grade(containsGrader(), 'Within 30  days, with the RECEIPT.', one)).toBe(1);
    expect(await grade(containsGrader(), 'Within 30 days.', one)).toBe(0);
  });
});

describe('regexGrader', () => {
  it('matches the pattern of the case, or its own', async () => {
    expect(await grade(regexGrader(), 'order 4711', caseOf('order \\d{4}'))).toBe(1);
    const own = regexGrader({ pattern: /yes/gi });
    for (const text of ['Yes, yes', 'yes', 'well yes']) expect(await grade(own, text, caseOf())).toBe(1);
    expect(regexGrader().lacks?.(caseOf('('))).toContain('regular expression');
  });

  it('compares the last thing it caught', async () => {
    const grader = regexGrader({ pattern: /answer: (\S+)/i, capture: true });
    expect(await grade(grader, 'Answer: 4 … no. Answer: 5', caseOf('5'))).toBe(1);
    expect(await grade(grader, 'Answer: 5 … no. Answer: 4', caseOf('5'))).toBe(0);
    expect(await grade(grader, 'five', caseOf('5'))).toBe(0);
    expect(() => regexGrader({ capture: true })).toThrow(/pattern/);
    expect(() => regexGrader({ pattern: /answer: \d+/, capture: true })).toThrow(/with a group/);
    const sticky = regexGrader({ pattern: /answer: (\S+)/y, capture: true });
    expect(await grade(sticky, 'The answer: 5', caseOf('5'))).toBe(1);
  });

  it('gives up a pattern that would take years, and names the case', async () => {
    await expect(grade(regexGrader(), `${'a'.repeat(60)}!`, caseOf('^(a+)+$'))).rejects.toThrow(
      /takes more than \d+ ms on an answer to case "1"/,
    );
  });
});

describe('numericGrader', () => {
  it.each([
    ['The total is $1,234.50.', 1234.5, 1],
    ['= −3', -3, 1],
    ['1.5e3', '1500', 1],
    ['about 7', '# 7', 1],
    ['7 or 8', 7, 0],
    ['none', 7, 0],
    ['-$1,234', -1234, 1],
    ['pages 12-15', 15, 1],
    ['GPT-4', 4, 1],
    ['1.234,5', 1234.5, 1],
    ['1.234,5', 5, 0],
    ['1.234.567', 1_234_567, 1],
    ['1\u202F234.5', 1234.5, 1],
    ["1'234.50", 1234.5, 1],
    ['1,2345', 5, 0],
    ['3/4', 0.75, 1],
    ['1/4', '3/4', 0],
    ['0.75', '3/4', 1],
    ['12/25/2024', 2024, 1],
    ['1/0', 0, 0],
    ['1e400', 7, 0],
    ['', 0, 0],
  ])('of %j with %j expected is %d', async (text, expected, score) => {
    expect(await grade(numericGrader(), text, caseOf(expected))).toBe(score);
  });

  it('allows what it is told to', async () => {
    expect(await grade(numericGrader({ tolerance: 0.1 }), '3.09', caseOf(3))).toBe(1);
    expect(await grade(numericGrader({ relative: 0.01 }), '101', caseOf(100))).toBe(1);
    expect(await grade(numericGrader({ relative: 0.01 }), '102', caseOf(100))).toBe(0);
    expect(() => numericGrader({ tolerance: -1 })).toThrow(/tolerance/);
    for (const none of ['none', '1e400', Number.NaN, '3,5', '1/0'])
      expect(numericGrader().lacks?.(caseOf(none))).toContain('number');
    for (const right of ['#### 1,234', '1.234,5', '3/4', -2])
      expect(numericGrader().lacks?.(caseOf(right))).toBeUndefined();
  });
});

describe('f1Grader', () => {
  it('counts common words', async () => {
    expect(await grade(f1Grader(), 'the red fox', caseOf('a red fox'))).toBeCloseTo(2 / 3, 12);
    expect(await grade(f1Grader(), 'fox fox', caseOf('fox'))).toBeCloseTo(2 / 3, 12);
    expect(await grade(f1Grader(), 'nothing', caseOf('a red fox'))).toBe(0);
    expect(await grade(f1Grader(), 'Red fox!', caseOf(['blue', 'red fox']))).toBe(1);
    expect(await grade(f1Grader(), '', caseOf('a red fox'))).toBe(0);
  });

  it('knows words whose vowels are marks, and texts without blanks', async () => {
    expect(await grade(f1Grader(), 'की', caseOf('कि'))).toBe(0);
    expect(await grade(f1Grader(), 'สวัสดี', caseOf('สวัสดิ'))).toBe(0);
    expect(await grade(f1Grader(), '東京都', caseOf('東京'))).toBeCloseTo(4 / 5, 12);
  });

  it('refuses what holds no word: nothing would be like it, or everything', () => {
    expect(f1Grader().lacks?.(caseOf('👍'))).toContain('words');
    expect(f1Grader().lacks?.(caseOf(['a', '…']))).toContain('words');
  });
});

describe('jsonSchemaGrader', () => {
  const schema = { type: 'object', required: ['folder'], properties: { folder: { enum: ['a', 'b'] } } };
  it.each([
    ['{"folder":"a"}', 1],
    ['Here it is:\n```json\n{"folder": "b"}\n```', 1],
    ['{"folder":"c"}', 0],
    ['folder a', 0],
    ['', 0],
    ['```JSON\n{"folder": "b"}\n```', 1],
    [`\`\`\`${'\n'.repeat(20_000)}`, 0],
  ])('of %j is %d', async (text, score) => {
    expect(await grade(jsonSchemaGrader(schema), text, caseOf())).toBe(score);
  });

  it('reads the input of a tool', async () => {
    const answer = {
      text: '',
      toolUses: [{ id: '1', name: 'sort', input: { folder: 'a' } }],
      stopReason: 'tool_use',
    };
    expect(await jsonSchemaGrader(schema)(answer, caseOf(), { tier: 'cheap' })).toBe(true);
  });

  it('reads the draft that a schema names, and takes formats for notes', async () => {
    const pair = { type: 'array', prefixItems: [{ type: 'string' }] };
    const newer = jsonSchemaGrader({ $schema: 'https://json-schema.org/draft/2020-12/schema', ...pair });
    expect(await grade(newer, '[3]', caseOf())).toBe(0);
    expect(await grade(newer, '["a"]', caseOf())).toBe(1);
    const older = jsonSchemaGrader({
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      $ref: '#/$defs/text',
      $defs: { text: { type: 'string', format: 'email' } },
    });
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    expect(await grade(older, '"no address"', caseOf())).toBe(1);
    expect(await grade(older, '3', caseOf())).toBe(0);
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
  });

  it('has an id that a policy can hold, and that changes with the schema', () => {
    const [one, other] = [jsonSchemaGrader(schema), jsonSchemaGrader({ ...schema, required: [] })];
    expect(one.id).toMatch(/^json-schema:[0-9a-f]{24}$/);
    expect(other.id).not.toBe(one.id);
    expect(jsonSchemaGrader().id).toBe('json-schema');
  });

  it('survives a schema that answers later', async () => {
    const later = jsonSchemaGrader({ $async: true, type: 'string' });
    expect(await grade(later, '"a"', caseOf())).toBe(1);
    expect(await grade(later, '3', caseOf())).toBe(0);
  });

  it('takes the schema of the case, and refuses what is none before anything is paid', async () => {
    const grader = jsonSchemaGrader(schema);
    expect(await grade(grader, '3', caseOf(undefined, { schema: { type: 'number' } }))).toBe(1);
    expect(jsonSchemaGrader().lacks?.(caseOf())).toContain('"schema"');
    await expect(grader.prepare?.([caseOf(undefined, { schema: { type: 'nonsense' } })])).rejects.toThrow(
      /schema of case "1"/,
    );
    await expect(grader.prepare?.([caseOf()])).resolves.toBeUndefined();
  });
});

describe('gradeOf', () => {
  it.each([
    [true, { score: 1 }],
    [0.25, { score: 0.25 }],
    [{ score: 1 }, { score: 1 }],
    [1.5, /0 to 1/],
    [Number.NaN, /0 to 1/],
    [undefined as never, /0 to 1/],
    [null as never, /0 to 1/],
    [{ score: '1' } as never, /0 to 1/],
  ])('of %j', (value, expected) => {
    const graded = gradeOf(value);
    if (expected instanceof RegExp) expect(graded).toMatch(expected);
    else expect(graded).toEqual(expected);
  });
});
