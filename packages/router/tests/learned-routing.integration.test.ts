import { Money } from '@costkit/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RouterModel } from '../src/index.js';
import { HAIKU, OPUS } from './call-fixture.js';
import { actions, question, reasons, send, startRouted } from './local-fixture.js';
import { trainedModel } from './trained-model.js';

const HARD = 'please find the integral of the matrix and the entropy of a tensor';
const EASY = 'what is the name of the capital city and the river of a country';
const STRANGE = 'Wie viele Äpfel liegen im Korb?';
const TIERS = [
  { name: 'small', modelId: HAIKU },
  { name: 'large', modelId: OPUS },
];

let model: RouterModel;
let started: Awaited<ReturnType<typeof startRouted>>;
beforeAll(async () => {
  started = await startRouted();
  model = await trainedModel();
}, 60_000);
afterAll(() => started.stop());

describe('withRouter with a learned model', () => {
  const routed = (more: object = {}) => started.routed({ tiers: TIERS, learned: { model }, ...more });

  it('sends easy prompts down, hard and strange ones stay, with threshold and abstention in a sentence', async () => {
    started.billed();
    const client = routed();
    const [easy, hard, strange] = [
      await send(client, question(EASY)),
      await send(client, question(HARD), { stream: true }),
      await send(client, question(STRANGE)),
    ];
    expect(started.asked()).toEqual([HAIKU, OPUS, OPUS]);
    expect(reasons(easy)).toMatch(
      /^Goes to tier "small" \(us\.anthropic\.claude-haiku-5-5\): the learned model puts the chance that tier "small" falls short at \d+\.\d %, the threshold is \d+\.\d % \(85\.0 % of the strong tier's quality, by 500 graded records\)\.$/,
    );
    expect(reasons(hard)).toMatch(
      /^Stays on anthropic\.claude-opus-5-5: .* falls short at \d+\.\d %, the threshold/,
    );
    expect(reasons(strange)).toBe(
      'Stays on anthropic.claude-opus-5-5: the learned model abstains, it has seen nothing like this prompt.',
    );
    const paid = Money.sum([easy, hard, strange].map(({ receipt }) => receipt.cost ?? Money.zero));
    expect(paid).toEqual(started.billed());
  });

  it('leaves to rules and policy what they say, and only says so in observe', async () => {
    const rules = [{ when: { task: 'law' }, tier: 'large' }];
    const ruled = await send(routed({ rules }), question(EASY), { task: 'law' });
    expect(actions(ruled)).toEqual(['left alone']);
    const observed = await send(routed({ mode: 'observe' }), question(EASY));
    expect(actions(observed)).toEqual(['would route to small']);
    expect(observed.receipt.servedModel).toBe(OPUS.slice(3));
  });

  it('takes another threshold, and only requests that `when` allows', async () => {
    const never = await send(routed({ learned: { model, threshold: 0 } }), question(EASY));
    expect(never.receipt.servedModel).toBe(OPUS.slice(3));
    const other = await send(routed({ learned: { model, when: { task: 'faq' } } }), question(EASY));
    expect(reasons(other)).toBe('No rule matches and the call has no task tag.');
  });

  it('goes on with the model that wrote the last answer; up it may go, and then stays up', async () => {
    const client = routed();
    const turn = (role: 'user' | 'assistant', text: string) => ({ role, content: [{ text }] });
    const start = started.asked().length;
    const first = await send(client, question(EASY));
    const messages = [turn('user', EASY), turn('assistant', first.text), turn('user', HARD)];
    const second = await send(client, question('', { messages }));
    const more = [...messages, turn('assistant', second.text), turn('user', EASY)];
    const third = await send(client, question('', { messages: more }));
    expect(started.asked().slice(start)).toEqual([HAIKU, OPUS, OPUS]);
    expect(reasons(third)).toContain('anthropic.claude-opus-5-5 wrote the last answer of the conversation');
  });

  it('asks for a draft where the model abstains, and for none where it says that the prompt is hard', async () => {
    const client = routed({ cascade: { check: () => true } });
    expect(actions(await send(client, question(STRANGE)))).toEqual(['accepted the draft']);
    expect(actions(await send(client, question(HARD)))).toEqual(['left alone']);
  });

  it.each([
    ['no model', { learned: {} }, /"learned.model" must be what trainRouter returns/],
    [
      'tiers of other names',
      { tiers: [{ name: 'a', modelId: HAIKU }] },
      /provenance\.strong" must name a tier/,
    ],
    [
      'a threshold above 1',
      { learned: { threshold: 2 } },
      /"learned.threshold" must be a number from 0 to 1/,
    ],
    ['another option', { learned: { limit: 1 } }, /"learned.limit" is unknown/],
  ])('refuses %s', (name, more, message) => {
    const learned = name === 'no model' ? {} : { model, ...('learned' in more ? more.learned : {}) };
    expect(() => routed({ ...more, learned })).toThrow(message);
  });
});
