import { describe, expect, it } from 'vitest';
import { lintPrefix, type PrefixFinding } from './lint-prefix.js';

const MODEL = 'us.anthropic.claude-sonnet-5';
const RULES = 'A customer may return every product within thirty days of its delivery. '.repeat(60);
const SECRET = 'Ann Example of 12 Acacia Road';

const request = (system: string | readonly string[], question = 'Hello?', rest: object = {}) => ({
  modelId: MODEL,
  system: (typeof system === 'string' ? [system] : system).map((text) => ({ text })),
  messages: [{ role: 'user', content: [{ text: question }] }],
  ...rest,
});
const tool = (name: string, schema: object = { type: 'object', properties: {} }) => ({
  toolSpec: { name, inputSchema: { json: schema } },
});
const withTools = (...tools: readonly object[]) => request(RULES, 'Hello?', { toolConfig: { tools } });
const only = (findings: readonly PrefixFinding[]): PrefixFinding => {
  expect(findings).toHaveLength(1);
  return findings[0] as PrefixFinding;
};

describe('lintPrefix', () => {
  it.each([
    ['an ISO time', '2026-11-22T10:00:00Z', '2026-11-22T10:00:07Z'],
    ['a clock', '10:42', '10:43'],
    ['an American clock', '9:15 AM', '9:16 AM'],
    ['a date in words', 'Sunday, November 22, 2026', 'Monday, November 23, 2026'],
    ['a German date', '22.11.2026', '23.11.2026'],
    ['milliseconds', '1795341600000', '1795341607123'],
  ])('finds %s', (_, one, other) => {
    const finding = only(
      lintPrefix([request(`It is ${one}. ${RULES}`), request(`It is ${other}. ${RULES}`)]),
    );
    expect(finding).toMatchObject({ kind: 'timestamp', section: 'system', requests: 1 });
    expect(finding.where).toMatch(/^system\[0\] at character \d+$/);
    expect(finding.tokensLost).toBeGreaterThan(600);
  });

  it.each([
    ['a UUID', '3f2b8c1e-1111-4aaa-8bbb-123456789abc', '9d1e7f00-2222-4ccc-9ddd-abcdef012345'],
    ['a hash', 'a94a8fe5ccb19ba6', '61c4873d391e987f'],
    ['a number', '8812345', '8899999'],
    ['a token', 'req_8f3kq2', 'req_77xk1p'],
  ])('finds %s', (_, one, other) => {
    const finding = only(
      lintPrefix([request(`Request ${one}. ${RULES}`), request(`Request ${other}. ${RULES}`)]),
    );
    expect(finding.kind).toBe('identifier');
  });

  it('finds text per user, and never repeats it', () => {
    const finding = only(
      lintPrefix([request(`You help ${SECRET}. ${RULES}`), request(`You help Bob. ${RULES}`)]),
    );
    expect(finding.kind).toBe('varyingText');
    expect(JSON.stringify(finding)).not.toMatch(/Ann|Acacia|Bob/);
  });

  it('finds other blanks', () => {
    expect(only(lintPrefix([request(`Be  brief.\n${RULES}`), request(`Be brief. ${RULES}`)])).kind).toBe(
      'whitespace',
    );
  });

  it('finds tools in another order, with other keys, and tools that come and go', () => {
    const keys = { type: 'object', properties: { a: {}, b: {} } };
    const turned = { properties: { b: {}, a: {} }, type: 'object' };
    expect(only(lintPrefix([withTools(tool('a'), tool('b')), withTools(tool('b'), tool('a'))])).kind).toBe(
      'reorderedTools',
    );
    expect(only(lintPrefix([withTools(tool('a', keys)), withTools(tool('a', turned))])).kind).toBe(
      'reorderedKeys',
    );
    expect(only(lintPrefix([withTools(tool('a')), withTools(tool('a'), tool('b'))])).kind).toBe(
      'changedTools',
    );
    expect(only(lintPrefix([withTools(tool('a')), request(RULES)])).kind).toBe('changedTools');
  });

  it('counts the system prompt as lost when the tools before it change', () => {
    const { section, tokensLost } = only(
      lintPrefix([withTools(tool('a'), tool('b')), withTools(tool('b'), tool('a'))]),
    );
    expect(section).toBe('tools');
    expect(tokensLost).toBeGreaterThan(600);
  });

  it('finds documents that change places, in system and in the question', () => {
    const [one, two] = ['First passage. '.repeat(80), 'Second passage. '.repeat(80)] as const;
    expect(only(lintPrefix([request([one, two]), request([two, one])])).kind).toBe('rotatingDocuments');
    const asked = (...texts: readonly string[]) => ({
      modelId: MODEL,
      messages: [{ role: 'user', content: texts.map((text) => ({ text })) }],
    });
    expect(only(lintPrefix([asked(one, two, 'Why?'), asked(two, one, 'How?')]))).toMatchObject({
      kind: 'rotatingDocuments',
      section: 'messages',
      where: 'messages[0].content[0]',
    });
  });

  it('finds history that was edited, and lets it grow', () => {
    const turns = (...texts: readonly string[]) => ({
      modelId: MODEL,
      messages: texts.map((text, index) => ({
        role: index % 2 === 0 ? 'user' : 'assistant',
        content: [{ text }],
      })),
    });
    expect(
      lintPrefix([
        turns('One?'),
        turns('One?', 'Yes.', 'Two?'),
        turns('One?', 'Yes.', 'Two?', 'No.', 'Three?'),
      ]),
    ).toEqual([]);
    expect(
      only(
        lintPrefix([
          turns('One?', 'Yes.', 'Two?'),
          turns('One?', 'Yes, shortened.', 'Two?', 'No.', 'Three?'),
        ]),
      ),
    ).toMatchObject({
      kind: 'editedHistory',
      where: 'messages[1].content[0]',
    });
  });

  it('says nothing of requests that differ in their question, or are for another model', () => {
    expect(lintPrefix([request(RULES, 'One?'), request(RULES, 'Two?'), request(RULES, 'Two?')])).toEqual([]);
    expect(lintPrefix([request('One.'), { ...request('Two.'), modelId: 'amazon.nova-pro-v1:0' }])).toEqual(
      [],
    );
    expect(lintPrefix([])).toEqual([]);
    expect(lintPrefix([{}, { modelId: 'x' }])).toEqual([]);
  });

  it('adds up what one place costs, the costliest first', () => {
    const at = (minute: number, order: readonly object[]) =>
      request(`It is 10:${minute}. ${RULES}`, 'Hello?', { toolConfig: { tools: order } });
    const tools = [tool('a'), tool('b')];
    const findings = lintPrefix([at(10, tools), at(11, tools), at(12, tools), at(12, [...tools].reverse())]);
    expect(findings.map(({ kind, requests }) => [kind, requests])).toEqual([
      ['timestamp', 2],
      ['reorderedTools', 1],
    ]);
  });

  it('reads InvokeModel bodies', () => {
    const body = (time: string) => ({
      modelId: MODEL,
      body: JSON.stringify({
        anthropic_version: 'bedrock-2023-05-31',
        max_tokens: 9,
        system: `It is ${time}. ${RULES}`,
        messages: [{ role: 'user', content: 'Hello?' }],
      }),
    });
    expect(only(lintPrefix([body('10:42'), body('10:43')])).kind).toBe('timestamp');
  });

  it('says what a break costs, and what that makes in a day', () => {
    const rules = 'A customer may return every product within thirty days. '.repeat(300);
    const requests = ['10:41', '10:42', '10:43'].map((time) => ({
      modelId: 'us.anthropic.claude-sonnet-5',
      system: [{ text: `It is ${time}. ${rules}` }],
      messages: [{ role: 'user', content: [{ text: 'May I return a hat?' }] }],
    }));
    const [finding] = lintPrefix(requests, { requestsPerDay: 3_000, region: 'us-east-1' });
    expect(finding?.lost?.usd).toBeGreaterThan(0);
    expect(finding?.lostPerDay?.usd).toBeCloseTo(1_000 * (finding?.lost?.usd as number), 6);
    expect(lintPrefix(requests)[0]?.lostPerDay).toBeUndefined();
    const unknown = requests.map((request) => ({ ...request, modelId: 'nobody.knows' }));
    expect(lintPrefix(unknown, { requestsPerDay: 10 })[0]).toMatchObject({
      lost: undefined,
      lostPerDay: undefined,
    });
    expect(() => lintPrefix(requests, { perDay: 1 } as never)).toThrow('option "perDay" is unknown');
  });
});
