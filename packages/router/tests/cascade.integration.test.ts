import { setImmediate } from 'node:timers/promises';
import {
  ConverseCommand,
  type ConverseCommandInput,
  ConverseStreamCommand,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import {
  CostkitError,
  deriveClient,
  type Lever,
  leverPlugin,
  Money,
  type ResponseView,
  receiptOf,
} from '@costkit/core';
import {
  converseResponse,
  converseStreamEvents,
  encodeConverseStream,
  eventStreamResponse,
  jsonResponse,
} from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import { type CascadeOptions, type RouterOptions, withRouter } from '../src/index.js';
import { fakeBedrock, HAIKU, OPUS, type Script, SONNET, TIERS } from './fake-bedrock.js';

const input: ConverseCommandInput = {
  modelId: OPUS,
  messages: [{ role: 'user', content: [{ text: 'Where is my parcel?' }] }],
};

function cascade(options: CascadeOptions, script: Script = {}, more: Partial<RouterOptions> = {}) {
  const bedrock = fakeBedrock(script);
  return { ...bedrock, routed: withRouter(bedrock.client, { tiers: TIERS, cascade: options, ...more }) };
}

async function textOf(output: { stream?: AsyncIterable<ConverseStreamOutput> | undefined }): Promise<string> {
  let text = '';
  for await (const event of output.stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
  return text;
}

const frames = encodeConverseStream(
  converseStreamEvents({ text: 'A draft in several pieces, one after the other.' }),
);

describe('a cascade', () => {
  it('shows the check the whole answer and the call', async () => {
    const seen: { answer: ResponseView; task: string | undefined }[] = [];
    const check: CascadeOptions['check'] = (answer, call) => {
      seen.push({ answer, task: call.tags['task'] });
      return Promise.resolve({ accept: true, reason: 'the format is right.' });
    };
    const { routed } = cascade({ check });
    const whole = await routed.send(new ConverseCommand({ ...input, requestMetadata: { task: 'faq' } }));
    const streamed = await routed.send(
      new ConverseStreamCommand({ ...input, requestMetadata: { task: 'faq' } }),
    );
    await textOf(streamed);
    expect(
      seen.map(({ answer, task }) => [answer.text, answer.stopReason, answer.usage?.output, task]),
    ).toEqual([
      [`I am ${HAIKU}.`, 'end_turn', 20, 'faq'],
      [`I am ${HAIKU}.`, 'end_turn', 20, 'faq'],
    ]);
    for (const output of [whole, streamed]) {
      expect(receiptOf(output)?.decisions[0]?.reason).toBe(
        `The check accepted the draft of tier "cheap" (${HAIKU}): the format is right.`,
      );
    }
  });

  it('hands on no event before the check has decided', async () => {
    let decide: (accept: boolean) => void = () => undefined;
    let asked: () => void = () => undefined;
    const beingAsked = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const check = (): Promise<boolean> =>
      new Promise((resolve) => {
        decide = resolve;
        asked();
      });
    const { routed } = cascade({ check });
    let arrived = false;
    const output = routed.send(new ConverseStreamCommand(input)).then((answer) => {
      arrived = true;
      return answer;
    });
    await beingAsked;
    expect(arrived).toBe(false);
    decide(false);
    expect(await textOf(await output)).toBe(`I am ${OPUS}.`);
  });

  it('replays an accepted draft event for event', async () => {
    const bare = fakeBedrock();
    const expected: ConverseStreamOutput[] = [];
    const direct = await bare.client.send(new ConverseStreamCommand({ ...input, modelId: HAIKU }));
    for await (const event of direct.stream ?? []) expected.push(event);
    const { routed } = cascade({ check: () => true });
    const seen: ConverseStreamOutput[] = [];
    const output = await routed.send(new ConverseStreamCommand(input));
    for await (const event of output.stream ?? []) seen.push(event);
    expect(seen).toEqual(expected);
    expect(output.$metadata.httpStatusCode).toBe(200);
  });

  it('settles the receipt when a replay is left early', async () => {
    const { routed } = cascade({ check: () => true });
    const output = await routed.send(new ConverseStreamCommand(input));
    for await (const event of output.stream ?? []) if (event.contentBlockDelta !== undefined) break;
    expect(receiptOf(output)).toMatchObject({
      settled: true,
      quality: 'measured',
      usage: { input: 40, output: 20 },
    });
  });

  it.each([
    ['throws', () => Promise.reject(new RangeError('no')), 'the check threw RangeError'],
    ['says nothing', () => undefined as unknown as boolean, undefined],
    ['says something else', () => ({ accepted: true }) as unknown as boolean, undefined],
  ])('escalates when the check %s', async (_name, check, reason) => {
    const { routed, asked } = cascade({ check });
    const output = await routed.send(new ConverseCommand(input));
    expect(asked()).toEqual([HAIKU, OPUS]);
    expect(receiptOf(output)?.decisions[0]?.reason).toBe(
      `The check did not accept the draft of tier "cheap" (${HAIKU})${reason === undefined ? '' : `: ${reason}`}, so ${OPUS} answers.`,
    );
  });

  it.each([
    'ThrottlingException',
    'InternalServerException',
    'AccessDeniedException',
    'ModelTimeoutException',
  ])('goes to the strong tier when the draft meets %s', async (error) => {
    const { routed, asked } = cascade({ check: () => true }, { [HAIKU]: { error } });
    const output = await routed.send(new ConverseCommand(input));
    expect(asked()).toEqual([HAIKU, OPUS]);
    const receipt = receiptOf(output);
    expect(receipt?.decisions[0]?.reason).toBe(
      `There was no answer to the request for a draft of tier "cheap" (${HAIKU}): ${error}, so ${OPUS} answers.`,
    );
    expect(receipt?.error).toBeUndefined();
    expect(receipt?.attempts.map(({ purpose }) => purpose)).toEqual(['escalation']);
  });

  it.each([
    ['breaks', eventStreamResponse([...frames.slice(0, 3), { drop: true }])],
    ['ends before it is complete', eventStreamResponse(frames.slice(0, -1))],
  ])(
    'goes to the strong tier when the stream of the draft %s, and books what was paid',
    async (_name, response) => {
      const { routed, asked } = cascade({ check: () => true }, { [HAIKU]: response });
      const output = await routed.send(new ConverseStreamCommand(input));
      expect(await textOf(output)).toBe(`I am ${OPUS}.`);
      expect(asked()).toEqual([HAIKU, OPUS]);
      const receipt = receiptOf(output);
      expect(receipt?.attempts.map(({ purpose, complete }) => [purpose, complete])).toEqual([
        ['draft', false],
        ['escalation', true],
      ]);
      expect(receipt?.attempts[0]?.cost?.usd).toBeGreaterThan(0);
      expect(receipt?.quality).toBe('estimated');
    },
  );

  it("throws the strong tier's own error when both fail", async () => {
    const { routed } = cascade({ check: () => false }, { [OPUS]: { error: 'ThrottlingException' } });
    const error: unknown = await routed.send(new ConverseCommand(input)).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ThrottlingException', $metadata: { httpStatusCode: 429 } });
    expect(receiptOf(error)?.attempts.map(({ purpose }) => purpose)).toEqual(['draft']);
  });

  describe('whose escalation a budget refuses', () => {
    const refusal = new CostkitError('costkit meter: budget "daily" has no room. Raise it.', {
      code: 'COSTKIT_BUDGET_EXCEEDED',
    });
    const refusing = (options: Partial<CascadeOptions>, script: Script = {}, error: Error = refusal) => {
      const bedrock = cascade({ check: () => false, ...options }, script);
      const fit: Lever['fit'] = ({ modelId }) => {
        if (modelId === OPUS) throw error;
        return undefined;
      };
      const budget: Lever = { name: 'budget', slot: 'fit', mode: 'enforce', failsClosed: true, fit };
      return { ...bedrock, routed: deriveClient(bedrock.routed, leverPlugin('budget', [budget])) };
    };
    const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
    const WHY = `The check did not accept the draft of tier "cheap" (${HAIKU}), and a budget has no room for ${OPUS}`;

    it.each([ConverseCommand, ConverseStreamCommand])(
      'fails, with the paid draft on the receipt',
      async (Command) => {
        const { routed, asked } = refusing({});
        const error = await thrownBy(routed.send(new Command(input) as ConverseCommand));
        expect(error).toBe(refusal);
        expect(asked()).toEqual([HAIKU]);
        const receipt = receiptOf(error);
        expect(receipt?.attempts).toMatchObject([{ purpose: 'draft', modelId: HAIKU, complete: true }]);
        expect(receipt?.cost?.usd).toBeGreaterThan(0);
        expect(receipt?.decisions).toMatchObject([
          { action: 'escalation refused', reason: `${WHY}, so the call fails.` },
        ]);
        expect(receipt?.decisions[0]?.estimatedSaving).toEqual(Money.zero.minus(receipt?.cost ?? Money.zero));
      },
    );

    it('answers with the draft where that is wanted, and says so', async () => {
      const { routed, asked } = refusing({ onBudgetExceeded: 'answer-with-draft' });
      const whole = await routed.send(new ConverseCommand(input));
      expect(whole.output?.message?.content?.[0]?.text).toBe(`I am ${HAIKU}.`);
      const streamed = await routed.send(new ConverseStreamCommand(input));
      expect(await textOf(streamed)).toBe(`I am ${HAIKU}.`);
      expect(asked()).toEqual([HAIKU, HAIKU]);
      for (const output of [whole, streamed]) {
        expect(receiptOf(output)).toMatchObject({
          settled: true,
          servedModel: 'anthropic.claude-haiku-5-5',
          attempts: [{ purpose: 'draft' }],
          decisions: [
            { action: 'answered with the draft', reason: `${WHY}, so the draft is the answer all the same.` },
          ],
        });
      }
    });

    it.each([
      ['is not complete', { [HAIKU]: eventStreamResponse(frames.slice(0, -1)) }],
      ['was never given', { [HAIKU]: { error: 'ThrottlingException' } }],
    ])('fails all the same where the draft %s', async (_name, script) => {
      const { routed } = refusing({ onBudgetExceeded: 'answer-with-draft' }, script);
      const error = await thrownBy(routed.send(new ConverseStreamCommand(input)));
      expect(error).toBe(refusal);
      expect(receiptOf(error)?.decisions[0]?.action).toBe('escalation refused');
    });

    it('fails where the escalation meets another error', async () => {
      const uncheckable = new CostkitError('costkit meter: budget "daily" cannot bound it. Set a cap.', {
        code: 'COSTKIT_BUDGET_UNCHECKABLE',
      });
      for (const other of [uncheckable, new Error('lost')]) {
        const { routed } = refusing({ onBudgetExceeded: 'answer-with-draft' }, {}, other);
        expect(await thrownBy(routed.send(new ConverseCommand(input)))).toBe(other);
      }
    });
  });

  it('asks nobody again once the caller has aborted', async () => {
    for (const Command of [ConverseCommand, ConverseStreamCommand]) {
      const controller = new AbortController();
      const check = (): boolean => {
        controller.abort();
        return false;
      };
      const { routed, asked } = cascade({ check });
      const sent = routed.send(new Command(input) as ConverseCommand, { abortSignal: controller.signal });
      await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
      expect(asked()).toEqual([HAIKU]);
    }
  });

  it('ends with an abort that comes while the draft is being read', async () => {
    const controller = new AbortController();
    const stalled = eventStreamResponse([...frames.slice(0, 3), { stall: true }]);
    const { routed, asked, handler } = cascade({ check: () => true }, { [HAIKU]: stalled });
    const sent = routed.send(new ConverseStreamCommand(input), { abortSignal: controller.signal });
    while ((handler.requests[0]?.framesSent ?? 0) < 3) await setImmediate();
    controller.abort();
    await expect(sent).rejects.toMatchObject({ name: 'AbortError' });
    expect(asked()).toEqual([HAIKU]);
  });

  it('shows the draft to the strong tier when asked to, in the last user message', async () => {
    const { routed, handler } = cascade(
      { check: () => false, includeDraft: true },
      { [HAIKU]: 'It is in Rome.' },
    );
    const command = new ConverseCommand(input);
    await routed.send(command);
    const [draft, escalation] = handler.requests.map(
      ({ json }) => json as { messages: { content: { text: string }[] }[] },
    );
    expect(draft?.messages[0]?.content).toEqual([{ text: 'Where is my parcel?' }]);
    expect(escalation?.messages).toHaveLength(1);
    expect(escalation?.messages[0]?.content.map(({ text }) => text)).toEqual([
      'Where is my parcel?',
      expect.stringContaining('<draft>\nIt is in Rome.\n</draft>'),
    ]);
    expect(command.input).toEqual(input);
  });

  it('escalates without the draft otherwise', async () => {
    const { routed, handler } = cascade({ check: () => false, tiers: ['cheap', 'middle'] });
    await routed.send(new ConverseCommand(input));
    const bodies = handler.requests.map(({ json }) => JSON.stringify(json));
    expect(bodies[1]).toBe(bodies[0]);
    expect(handler.requests.map(({ modelId }) => modelId)).toEqual([HAIKU, SONNET]);
  });

  it('learns from first parts that were accepted, not from refused ones alone', async () => {
    let drafts = 0;
    const { routed, asked } = cascade({
      check: () => {
        drafts += 1;
        return drafts % 4 !== 0;
      },
      stream: 'first-part',
      firstPartCharacters: 1,
      // Hardly worth a draft: a few that are refused would end it.
      escalationShare: 0.974,
    });
    for (let call = 0; call < 17; call += 1)
      await textOf(await routed.send(new ConverseStreamCommand(input)));
    expect(asked().filter((id) => id === HAIKU)).toHaveLength(17);
  });

  it('runs no cascade in observe and says that it would', async () => {
    const { routed, asked } = cascade({ check: () => true }, {}, { mode: 'observe' });
    const output = await routed.send(new ConverseCommand(input));
    expect(asked()).toEqual([OPUS]);
    expect(receiptOf(output)?.decisions).toEqual([
      {
        lever: 'router',
        mode: 'observe',
        action: 'would ask for a draft',
        reason: `A draft of tier "cheap" (${HAIKU}) is checked before anthropic.claude-opus-5-5 is asked.`,
        estimatedSaving: expect.any(Money),
      },
    ]);
    // Half of the drafts are expected to be escalated: at a fortieth of the price that saves 19 of 40 parts.
    const { baseline, decisions } = receiptOf(output) ?? {};
    const share = (decisions?.[0]?.estimatedSaving?.usd ?? 0) / (baseline?.usd ?? 1);
    expect(share).toBeGreaterThan(0.4);
  });

  it('keeps calls apart that run at once', async () => {
    const { routed } = cascade({ check: ({ text }, call) => call.tags['accept'] === 'yes' && text !== '' });
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const metadata = { requestMetadata: { accept: index % 2 === 0 ? 'yes' : 'no' } };
        const output = await routed.send(new ConverseStreamCommand({ ...input, ...metadata }));
        return textOf(output);
      }),
    );
    expect(answers).toEqual(
      Array.from({ length: 20 }, (_, index) => `I am ${index % 2 === 0 ? HAIKU : OPUS}.`),
    );
  });

  it('reads an answer with a tool call', async () => {
    const content = [{ toolUse: { toolUseId: 't1', name: 'find', input: { order: 7 } } }];
    const response = jsonResponse(converseResponse({ content }));
    const toolConfig = { tools: [{ toolSpec: { name: 'find', inputSchema: { json: { type: 'object' } } } }] };
    const { routed, asked } = cascade(
      { check: ({ toolUses }) => toolUses[0]?.name === 'find' },
      { [HAIKU]: response },
    );
    await routed.send(new ConverseCommand({ ...input, toolConfig }));
    expect(asked()).toEqual([HAIKU]);
  });
});
