import type { Message, Tool } from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, it } from 'vitest';
import { PromptError } from './errors.js';
import { prompt } from './prompt.js';

const tool = (name: string, properties: Record<string, object> = {}): Tool => ({
  toolSpec: { name, inputSchema: { json: { type: 'object', properties } as never } },
});
const turn = (role: 'user' | 'assistant', text: string): Message => ({ role, content: [{ text }] });

describe('prompt', () => {
  it('puts every part where it can be cached', () => {
    const built = prompt()
      .tools([tool('search')], { auto: {} })
      .stable('You answer from the handbook.', 'Be brief.')
      .document({ name: 'Handbook', text: 'Thirty days.' })
      .examples([{ user: 'Hats?', assistant: 'Thirty days.' }])
      .history([turn('user', 'Coats?'), turn('assistant', 'Thirty days.')])
      .volatile('It is noon.', { text: 'Shoes?' })
      .build();
    expect(built).toEqual({
      toolConfig: { tools: [tool('search')], toolChoice: { auto: {} } },
      system: [
        { text: 'You answer from the handbook.' },
        { text: 'Be brief.' },
        { text: '<document name="Handbook">\nThirty days.\n</document>' },
      ],
      messages: [
        turn('user', 'Hats?'),
        turn('assistant', 'Thirty days.'),
        turn('user', 'Coats?'),
        turn('assistant', 'Thirty days.'),
        { role: 'user', content: [{ text: 'It is noon.' }, { text: 'Shoes?' }] },
      ],
    });
  });

  it('gives the same bytes for tools in any order, with keys in any order, and for other blanks', () => {
    const one = prompt()
      .tools([tool('search', { b: { type: 'string' }, a: { type: 'number' } }), tool('look')])
      .stable('  You are a helper.\r\nBe brief.  \n')
      .volatile('Hello?')
      .build();
    const other = prompt()
      .tools([tool('look'), tool('search', { a: { type: 'number' }, b: { type: 'string' } })])
      .stable('You are a helper.\nBe brief.')
      .volatile('Hello?')
      .build();
    expect(JSON.stringify(one)).toBe(JSON.stringify(other));
  });

  it('keeps lists of a schema in their order', () => {
    const choice: Tool = { toolSpec: { name: 'pick', inputSchema: { json: { enum: ['b', 'a'] } } } };
    expect(prompt().tools([choice]).volatile('Hello?').build().toolConfig?.tools).toEqual([choice]);
  });

  it('puts files before the first turn of the conversation, where they stay from request to request', () => {
    const start = prompt().document({ name: 'Contract', format: 'csv', bytes: new Uint8Array([1]) });
    const first = start.volatile('Who signed?').build();
    const second = start
      .history([turn('user', 'Who signed?'), turn('assistant', 'Ann.')])
      .volatile('When?')
      .build();
    const kinds = first.messages[0]?.content?.map((block) => Object.keys(block)[0]);
    expect(kinds).toEqual(['document', 'text', 'text']);
    expect(second.messages[0]).toEqual(first.messages[0]);
    expect(second.messages).toHaveLength(3);
  });

  it('adds what is volatile to a turn that answers a tool', () => {
    const answered: Message = {
      role: 'user',
      content: [{ toolResult: { toolUseId: 'one', content: [{ text: '12' }] } }],
    };
    const { messages } = prompt()
      .history([turn('user', 'Price?'), turn('assistant', '…'), answered])
      .volatile('It is noon.')
      .build();
    expect(messages.at(-1)?.content).toEqual([...(answered.content ?? []), { text: 'It is noon.' }]);
  });

  it('can be continued in many ways from one beginning', () => {
    const start = prompt().stable('You are a helper.');
    const one = start.volatile('One?').build();
    const two = start.volatile('Two?').build();
    expect(one.system).toEqual(two.system);
    expect([one, two].map(({ messages }) => messages[0]?.content?.[0]?.text)).toEqual(['One?', 'Two?']);
  });

  it('leaves out parts that are empty', () => {
    expect(prompt().stable('  ').volatile('Hello?').build()).toEqual({ messages: [turn('user', 'Hello?')] });
  });

  it('refuses two tools of one name, tools without a name, and a prompt without a question', () => {
    expect(() => prompt().tools([tool('look'), tool('look')])).toThrow(PromptError);
    expect(() => prompt().tools([{ cachePoint: { type: 'default' } }])).toThrow('a tool has no name');
    expect(() =>
      prompt()
        .history([turn('user', 'Hi.'), turn('assistant', 'Hello.')])
        .build(),
    ).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_PROMPT' }));
  });

  it('does not change what it is given', () => {
    const tools = [tool('search', { b: {}, a: {} }), tool('look')];
    const history = [turn('user', 'Hi.')];
    const before = structuredClone({ tools, history });
    prompt().tools(tools).history(history).volatile('More.').build();
    expect({ tools, history }).toEqual(before);
  });
});
