import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { Money } from '@costkit/core';
import type { JsonObject, LocalModel } from '@costkit/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import { judgeCheck, schemaCheck, scorerCheck, secondModelCheck, selfCheck } from '../src/checks.js';
import { type CascadeOptions, trainCascadeScorer } from '../src/index.js';
import { HAIKU, OPUS, SONNET } from './call-fixture.js';
import { actions, question, reasons, type Sent, send, startRouted } from './local-fixture.js';
import { syntheticRecords } from './synthetic-records.js';

/** Answers a question by `answer`, and a question about a draft by `verdict`. */
const model = (answer: string, verdict = 'I cannot say.'): LocalModel => ({
  kind: 'scripted',
  answer: ({ userText }) => ({
    parts: [{ type: 'text', text: userText.includes('RIGHT or WRONG') ? verdict : answer }],
  }),
});

/** Calls the tool `count` with this input, and answers a question about a draft by whether it names the input. */
const calling = (input: JsonObject, right = '8'): LocalModel => ({
  kind: 'scripted',
  answer: ({ userText }) => ({
    parts: userText.includes('RIGHT or WRONG')
      ? [{ type: 'text', text: userText.includes(`(calls count with {"legs":${right}`) ? 'RIGHT' : 'WRONG' }]
      : [{ type: 'toolUse', name: 'count', input }],
  }),
});

const TOOLS = {
  toolConfig: {
    tools: [{ toolSpec: { name: 'count', inputSchema: { json: { type: 'object' } } } }],
  },
};

async function run(
  cascade: CascadeOptions,
  [cheap, middle]: readonly [LocalModel, LocalModel?],
  stream = false,
  more: Partial<ConverseCommandInput> = {},
): Promise<{ sent: Sent; asked: (string | undefined)[] }> {
  const started = await startRouted({
    models: { [HAIKU]: cheap, [SONNET]: middle ?? model('other'), [OPUS]: model('strong') },
  });
  onTestFinished(() => started.stop());
  const sent = await send(started.routed({ cascade }), question('How many legs has a spider?', more), {
    stream,
  });
  expect(sent.receipt.cost).toEqual(started.billed());
  expect(Money.sum(sent.receipt.attempts.map(({ cost }) => cost ?? Money.zero))).toEqual(sent.receipt.cost);
  return { sent, asked: started.asked() };
}

describe.each([false, true])('checks of a draft, streamed: %s', { timeout: 60_000 }, (stream) => {
  it('by a schema', async () => {
    const check = schemaCheck({
      type: 'object',
      required: ['legs'],
      properties: { legs: { type: 'integer' } },
    });
    const good = await run({ check }, [model('{"legs": 8}')], stream);
    expect([good.sent.text, good.asked]).toEqual(['{"legs": 8}', [HAIKU]]);
    const fenced = await run({ check }, [model('Here:\n```json\n{"legs": 8}\n```')], stream);
    expect(fenced.asked).toEqual([HAIKU]);
    const wrong = await run({ check }, [model('{"legs": "eight"}')], stream);
    expect([wrong.sent.text, wrong.asked]).toEqual(['strong', [HAIKU, OPUS]]);
    expect(reasons(wrong.sent)).toContain('the answer breaks "type" of its schema at /legs');
    const none = await run({ check }, [model('Eight legs.')], stream);
    expect(reasons(none.sent)).toContain('the answer is no JSON');
  });

  it('by the model itself, on the same receipt', async () => {
    const good = await run({ check: selfCheck() }, [model('Eight.', 'RIGHT')], stream);
    expect([good.sent.text, good.asked]).toEqual(['Eight.', [HAIKU, HAIKU]]);
    expect(good.sent.receipt.attempts.map(({ purpose }) => purpose)).toEqual(['draft', 'check']);
    const bad = await run({ check: selfCheck() }, [model('Six.', 'That is not RIGHT, it is WRONG')], stream);
    expect([bad.sent.text, bad.asked]).toEqual(['strong', [HAIKU, HAIKU, OPUS]]);
    const mute = await run({ check: selfCheck() }, [model('Six.')], stream);
    expect(reasons(mute.sent)).toContain('the model itself gave no verdict that can be read');
  });

  it('by a judge', async () => {
    const judge = judgeCheck('middle');
    const good = await run({ check: judge }, [model('Eight.'), model('', 'RIGHT')], stream);
    expect([good.sent.text, good.asked]).toEqual(['Eight.', [HAIKU, SONNET]]);
    const bad = await run({ check: judge }, [model('Six.'), model('', 'WRONG')], stream);
    expect([bad.sent.text, bad.asked]).toEqual(['strong', [HAIKU, SONNET, OPUS]]);
  });

  it('by a judge that thinks, whose question has a cap of its own', async () => {
    const [small, strong] = ['us.amazon.nova-lite-v1:0', 'us.amazon.nova-pro-v1:0'];
    const { routed, asked, stop } = await startRouted({
      models: { [small]: model('Eight.'), [HAIKU]: model('', 'RIGHT') },
    });
    onTestFinished(stop);
    const tiers = Object.entries({ small, judge: HAIKU, strong }).map(([name, modelId]) => ({
      name,
      modelId,
    }));
    const client = routed({ tiers, cascade: { tiers: ['small', 'strong'], check: judgeCheck('judge') } });
    const short = question('How many legs has a spider?', {
      modelId: strong,
      inferenceConfig: { maxTokens: 10 },
    });
    expect((await send(client, short, { stream })).text).toBe('Eight.');
    expect(asked()).toEqual([small, HAIKU]);
  });

  it('by a second cheap model', async () => {
    const check = secondModelCheck('middle');
    const same = await run(
      { check },
      [model('The answer is 8.'), model('I count. The answer is 8.')],
      stream,
    );
    expect([same.sent.text, same.asked]).toEqual(['The answer is 8.', [HAIKU, SONNET]]);
    const other = await run({ check }, [model('The answer is 6.'), model('The answer is 8.')], stream);
    expect([other.sent.text, other.asked]).toEqual(['strong', [HAIKU, SONNET, OPUS]]);
    expect(other.sent.receipt.attempts.map(({ purpose }) => purpose)).toEqual([
      'draft',
      'check',
      'escalation',
    ]);
    const absent = await run({ check: secondModelCheck('nowhere') }, [model('8')], stream);
    expect(reasons(absent.sent)).toContain('tier "nowhere" could not be asked');
  });
});

describe.each([false, true])('checks of a draft that only calls tools, streamed: %s', (stream) => {
  it('by a second model that must call the same with the same', async () => {
    const check = secondModelCheck('middle');
    const same = await run(
      { check },
      [calling({ legs: 8, of: 'spider' }), calling({ of: 'spider', legs: 8 })],
      stream,
      TOOLS,
    );
    expect(same.asked).toEqual([HAIKU, SONNET]);
    expect(reasons(same.sent)).toContain('tier "middle" calls the same tools');
    for (const other of [calling({ legs: 6 }), model('')]) {
      const differs = await run({ check }, [calling({ legs: 8 }), other], stream, TOOLS);
      expect(differs.asked).toEqual([HAIKU, SONNET, OPUS]);
      expect(reasons(differs.sent)).toContain('tier "middle" calls other tools');
    }
  });

  it('by a model that is shown what they call', async () => {
    const right = await run({ check: selfCheck() }, [calling({ legs: 8 })], stream, TOOLS);
    expect(right.asked).toEqual([HAIKU, HAIKU]);
    const wrong = await run(
      { check: judgeCheck('middle') },
      [calling({ legs: 6 }), calling({ legs: 6 })],
      stream,
      TOOLS,
    );
    expect(wrong.asked).toEqual([HAIKU, SONNET, OPUS]);
  });
});

describe('scorerCheck', () => {
  it('accepts what a learned scorer finds safe, and abstains on what it has not seen', async () => {
    const scorer = await trainCascadeScorer(syntheticRecords(200, 1), { cheap: 'small', strong: 'large' });
    const check = scorerCheck(scorer, { secondTier: 'middle', threshold: 0.5 });
    const started = await startRouted({
      models: {
        [HAIKU]: model('The answer is 7.'),
        [SONNET]: {
          kind: 'scripted',
          answer: ({ userText }) => ({
            parts: [
              {
                type: 'text',
                text: userText.includes('name') ? 'It is clear. The answer is 7.' : 'The answer is 9.',
              },
            ],
          }),
        },
      },
    });
    onTestFinished(() => started.stop());
    const client = started.routed({ cascade: { check } });
    const easy = await send(
      client,
      question('what is the name of the capital city and the river of a country'),
    );
    expect(actions(easy)).toEqual(['accepted the draft']);
    expect(reasons(easy)).toMatch(
      /the learned scorer puts the chance that it falls short at \d+\.\d %, the threshold is 50\.0 %/,
    );
    const hard = await send(
      client,
      question('please find the integral of the matrix and the entropy of a tensor'),
    );
    expect(actions(hard)).toEqual(['escalated']);
    const strange = await send(client, question('Wie viele Äpfel liegen im Korb?'));
    expect(reasons(strange)).toContain('the learned scorer abstains');
    expect(() => scorerCheck(scorer)).toThrow(/"threshold" is missing/);
    expect(() => scorerCheck({} as never)).toThrow(/"scorer" must be/);
  });
});

describe('a cascade that has seen enough', () => {
  it('stops asking for drafts that cost more than they save, and says so', async () => {
    const started = await startRouted();
    onTestFinished(() => started.stop());
    const client = started.routed({ cascade: { check: () => false, escalationShare: 0 } });
    const ask = () => send(client, question('One?'), { task: 'faq' });
    for (let call = 0; call < 20; call += 1) expect(actions(await ask())).toEqual(['escalated']);
    const stopped = await ask();
    expect(actions(stopped)).toEqual(['left alone']);
    expect(reasons(stopped)).toMatch(
      /^No draft is asked for: drafts do not pay here: 0 % of the drafts are accepted, and each costs \$0\.\d+ more than it saves\.$/,
    );
    const kept = started.routed({ cascade: { check: () => false, stopWhenLosing: false } });
    for (let call = 0; call < 21; call += 1)
      expect(actions(await send(kept, question('One?'), { task: 'faq' }))).toEqual(['escalated']);
  });

  it('does not begin where drafts are not expected to pay, task by task', async () => {
    const started = await startRouted();
    onTestFinished(() => started.stop());
    const client = started.routed({ cascade: { check: () => true, escalationShare: { faq: 0.99 } } });
    const stays = await send(client, question('One?'), { task: 'faq' });
    expect(actions(stays)).toEqual(['left alone']);
    expect(reasons(stays)).toMatch(
      /^No draft is asked for: drafts are not expected to pay here: 99 % of them would be escalated, by what is expected, and each would cost \$0\.\d+ more than it saves\.$/,
    );
    expect(actions(await send(client, question('One?'), { task: 'other' }))).toEqual(['accepted the draft']);
  });

  it('begins no draft of a stream where the decision falls before the first token', async () => {
    const { sent, asked } = await run({ check: () => true, stream: 'never' }, [model('cheap')], true);
    expect([sent.text, asked]).toEqual(['strong', [OPUS]]);
    expect(reasons(sent)).toContain('Streams are not cascaded');
  });
});

describe('a first-part gate', () => {
  const LONG = 'A sentence of some length that goes on. '.repeat(20);
  const gate = (accept: boolean, seen: [string, boolean][]): CascadeOptions => ({
    stream: 'first-part',
    firstPartCharacters: 60,
    check: ({ text }, _call, { complete }) => {
      seen.push([text, complete]);
      return accept;
    },
  });

  it('lets the draft stream on once its first part is accepted', async () => {
    const seen: [string, boolean][] = [];
    const { sent, asked } = await run(gate(true, seen), [model(LONG)], true);
    expect(sent.text.trim()).toBe(LONG.trim());
    expect(asked).toEqual([HAIKU]);
    expect(seen[0]?.[1]).toBe(false);
    expect(seen[0]?.[0].length).toBeLessThan(LONG.length / 2);
    expect(sent.receipt).toMatchObject({ quality: 'measured', stopReason: 'end_turn' });
    expect(reasons(sent)).toContain('The check accepted the first part of the draft');
  });

  it('shows nothing of a draft whose first part is refused, and does not pay it to its end', async () => {
    const seen: [string, boolean][] = [];
    const started = await startRouted({ models: { [HAIKU]: model(LONG), [OPUS]: model('strong') } });
    onTestFinished(() => started.stop());
    const client = started.routed({ cascade: gate(false, seen) });
    const sent = await send(client, question('How?'), { stream: true });
    expect(sent.text).toBe('strong');
    expect(sent.receipt.attempts.map(({ purpose, complete }) => [purpose, complete])).toEqual([
      ['draft', false],
      ['escalation', true],
    ]);
    expect(sent.receipt.quality).toBe('estimated');
  });

  it('judges a short answer as a whole', async () => {
    const seen: [string, boolean][] = [];
    const { sent } = await run(gate(true, seen), [model('Eight.')], true);
    expect(sent.text).toBe('Eight.');
    expect(seen).toEqual([['Eight.', true]]);
  });
});
