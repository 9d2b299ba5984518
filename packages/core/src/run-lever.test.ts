import { describe, expect, it } from 'vitest';
import { aCall, aView, OTHER_MODEL } from '../tests/a-call.js';
import type { CallOutput, FitPlan, Lever, LeverMode, NextCall } from './lever.js';
import type { RequestView } from './request-view.js';
import { runAround, runFit, runRecover } from './run-lever.js';
import { tapStream } from './tap-stream.js';

const answerTo = (view: RequestView): CallOutput => ({ output: { of: view.modelId }, view: undefined });

/** Counts what reaches the inner slots. */
function inner(reply: (view: RequestView, call: number) => CallOutput = answerTo) {
  const sent: { readonly modelId: string; readonly purpose: string | undefined }[] = [];
  const next: NextCall = (view, options) => {
    sent.push({ modelId: view.modelId, purpose: options?.purpose });
    return Promise.resolve().then(() => reply(view, sent.length));
  };
  return { sent, next };
}

const around = (run: NonNullable<Lever['around']>, more: Partial<Lever> = {}): Lever => ({
  name: 'tested',
  slot: 'route',
  mode: 'enforce',
  around: run,
  ...more,
});

const boom = new TypeError('of the lever');
const refused = Object.assign(new Error('too many requests'), { name: 'ThrottlingException' });

describe('runAround', () => {
  const view = aView();
  const cheaper = view.withModel(OTHER_MODEL);

  it('hands on what the lever returns', async () => {
    const { sent, next } = inner();
    const lever = around((_, __, send) => send(cheaper));
    const output = await runAround(lever, view, await aCall(), next, undefined);
    expect(output.output).toEqual({ of: OTHER_MODEL });
    expect(sent).toEqual([{ modelId: OTHER_MODEL, purpose: undefined }]);
  });

  it('passes on how an outer lever books the call, unless the lever says otherwise', async () => {
    const { sent, next } = inner();
    const lever = around(async (own, _, send) => {
      await send(own, { purpose: 'draft' });
      return send(own);
    });
    await runAround(lever, view, await aCall(), next, { purpose: 'repair' });
    expect(sent.map(({ purpose }) => purpose)).toEqual(['draft', 'repair']);
  });

  describe('when the lever throws', () => {
    it('sends the request as it was, and says so', async () => {
      const { sent, next } = inner();
      const call = await aCall();
      const output = await runAround(
        around(() => Promise.reject(boom)),
        view,
        call,
        next,
        undefined,
      );
      expect(output.output).toEqual({ of: view.modelId });
      expect(sent).toHaveLength(1);
      expect(call.decisions).toEqual([
        {
          lever: 'tested',
          mode: 'enforce',
          action: 'failed',
          reason: 'The lever threw TypeError; the request went on without it.',
        },
      ]);
    });

    it('lets an answer that is there stand', async () => {
      const { sent, next } = inner();
      const lever = around(async (_, __, send) => {
        await send(cheaper);
        throw boom;
      });
      const output = await runAround(lever, view, await aCall(), next, undefined);
      expect(output.output).toEqual({ of: OTHER_MODEL });
      expect(sent).toHaveLength(1);
    });

    it('does not take a draft for the answer', async () => {
      const { sent, next } = inner();
      const lever = around(async (_, __, send) => {
        await send(cheaper, { purpose: 'draft' });
        throw boom;
      });
      const output = await runAround(lever, view, await aCall(), next, undefined);
      expect(output.output).toEqual({ of: view.modelId });
      expect(sent.map(({ modelId }) => modelId)).toEqual([OTHER_MODEL, view.modelId]);
    });

    it('returns the first answer when joining its repair fails', async () => {
      const { next } = inner((_, call) => ({ output: { call }, view: undefined }));
      const lever = around(async (own, _, send) => {
        await send(own);
        await send(own, { purpose: 'repair' });
        throw boom;
      });
      expect((await runAround(lever, view, await aCall(), next, undefined)).output).toEqual({ call: 1 });
    });

    it('asks again when the lever has begun to read the stream of the answer', async () => {
      const streamed = (): CallOutput => ({
        output: {
          stream: tapStream(
            (async function* () {
              yield {};
            })(),
            { onChunk: () => undefined, onEnd: () => undefined },
            () => undefined,
          ),
        },
        view: undefined,
      });
      const { sent, next } = inner(streamed);
      const lever = around(async (own, _, send) => {
        const { output } = await send(own);
        for await (const _chunk of (output as { stream: AsyncIterable<object> }).stream) throw boom;
        throw boom;
      });
      const output = await runAround(lever, view, await aCall(), next, undefined);
      expect(sent).toHaveLength(2);
      const chunks: object[] = [];
      for await (const chunk of (output.output as { stream: AsyncIterable<object> }).stream)
        chunks.push(chunk);
      expect(chunks).toHaveLength(1);
    });

    it('throws it when the lever guards money', async () => {
      const { sent, next } = inner();
      const lever = around(() => Promise.reject(boom), { failsClosed: true });
      await expect(runAround(lever, view, await aCall(), next, undefined)).rejects.toBe(boom);
      expect(sent).toHaveLength(0);
    });

    it('goes on when a lever that guards money only observes', async () => {
      const { sent, next } = inner();
      const lever = around(() => Promise.reject(boom), { failsClosed: true, mode: 'observe' });
      await runAround(lever, view, await aCall(), next, undefined);
      expect(sent).toHaveLength(1);
    });
  });

  describe('when the inner slots throw', () => {
    const failing = () =>
      inner(() => {
        throw refused;
      });

    it('passes the very error on and blames nobody', async () => {
      const call = await aCall();
      const { sent, next } = failing();
      await expect(
        runAround(
          around((own, _, send) => send(own)),
          view,
          call,
          next,
          undefined,
        ),
      ).rejects.toBe(refused);
      expect(sent).toHaveLength(1);
      expect(call.decisions).toEqual([]);
    });

    it('passes it on also when the lever then breaks', async () => {
      const { next } = failing();
      const lever = around(async (own, _, send) => {
        await send(own).catch(() => undefined);
        throw boom;
      });
      await expect(runAround(lever, view, await aCall(), next, undefined)).rejects.toBe(refused);
    });

    it('still sends the own request when only the draft was refused and the lever breaks', async () => {
      const { sent, next } = inner((target) => {
        if (target.modelId === OTHER_MODEL) throw refused;
        return answerTo(target);
      });
      const lever = around(async (_, __, send) => {
        await send(cheaper, { purpose: 'draft' }).catch(() => undefined);
        throw boom;
      });
      const output = await runAround(lever, view, await aCall(), next, undefined);
      expect(output.output).toEqual({ of: view.modelId });
      expect(sent).toHaveLength(2);
    });

    it('lets the lever recover', async () => {
      const { next } = inner((target) => {
        if (target.modelId === OTHER_MODEL) throw refused;
        return answerTo(target);
      });
      const lever = around((own, _, send) => send(cheaper).catch(() => send(own)));
      expect((await runAround(lever, view, await aCall(), next, undefined)).output).toEqual({
        of: view.modelId,
      });
    });
  });

  describe('in observe', () => {
    const observing = (run: NonNullable<Lever['around']>): Lever => around(run, { mode: 'observe' });

    it('sends the own request once, whatever the lever asks for', async () => {
      const { sent, next } = inner();
      const lever = observing(async (_, __, send) => {
        await send(cheaper, { purpose: 'draft' });
        return send(cheaper);
      });
      const output = await runAround(lever, view, await aCall(), next, undefined);
      expect(sent).toEqual([{ modelId: view.modelId, purpose: undefined }]);
      expect(output.output).toEqual({ of: view.modelId });
    });

    it('hands on the own answer, whatever the lever returns', async () => {
      const { sent, next } = inner();
      const lever = observing(() => Promise.resolve({ output: { of: 'nobody' }, view: undefined }));
      expect((await runAround(lever, view, await aCall(), next, undefined)).output).toEqual({
        of: view.modelId,
      });
      expect(sent).toHaveLength(1);
    });
  });
});

describe('runRecover', () => {
  const view = aView();
  const cheaper = view.withModel(OTHER_MODEL);
  const refusing = inner((given) => {
    if (given === view) throw refused;
    return answerTo(given);
  });
  const recover = (run: NonNullable<Lever['recover']>, more: Partial<Lever> = {}): Lever => ({
    name: 'tested',
    slot: 'route',
    mode: 'enforce',
    recover: run,
    ...more,
  });

  it('is not asked where the inner slots answer', async () => {
    const { next } = inner();
    const lever = recover(() => Promise.reject(boom));
    const output = await runRecover(lever, view, await aCall(), next, undefined);
    expect(output.output).toEqual({ of: view.modelId });
  });

  it('hands on what the lever finds by another way, booked as the outer lever says', async () => {
    const lever = recover((error, _, __, send) => {
      expect(error).toBe(refused);
      return send(cheaper);
    });
    const output = await runRecover(lever, view, await aCall(), refusing.next, { purpose: 'draft' });
    expect(output.output).toEqual({ of: OTHER_MODEL });
    expect(refusing.sent.at(-1)).toEqual({ modelId: OTHER_MODEL, purpose: 'draft' });
  });

  it('throws the same object where the lever knows no other way', async () => {
    const lever = recover((error) => Promise.reject(error));
    const call = await aCall();
    await expect(runRecover(lever, view, call, refusing.next, undefined)).rejects.toBe(refused);
    expect(call.decisions).toEqual([]);
  });

  it.each([
    [
      'at once',
      () => {
        throw boom;
      },
    ],
    ['later', () => Promise.reject(boom)],
  ] as const)(
    'throws what the inner slots threw when the lever itself throws %s, and says so',
    async (_, run) => {
      const call = await aCall();
      await expect(runRecover(recover(run), view, call, refusing.next, undefined)).rejects.toBe(refused);
      expect(call.decisions).toMatchObject([{ action: 'failed' }]);
    },
  );

  it('lets an answer stand that was there before the lever threw', async () => {
    const lever = recover(async (_, __, ___, send) => {
      await send(cheaper);
      throw boom;
    });
    const output = await runRecover(lever, view, await aCall(), refusing.next, undefined);
    expect(output.output).toEqual({ of: OTHER_MODEL });
  });

  it('throws what the lever throws when money is at stake', async () => {
    const lever = recover(() => Promise.reject(boom), { failsClosed: true });
    await expect(runRecover(lever, view, await aCall(), refusing.next, undefined)).rejects.toBe(boom);
  });
});

describe('runFit', () => {
  const view = aView();
  const capped = view.withMaxTokens(9);
  const plan: FitPlan = {
    view: capped,
    decisions: [{ lever: 'tested', mode: 'enforce', action: 'capped', reason: 'a test' }],
  };
  const fit = (run: NonNullable<Lever['fit']>, mode: LeverMode = 'enforce', failsClosed = false): Lever => ({
    name: 'tested',
    slot: 'fit',
    mode,
    failsClosed,
    fit: run,
  });

  it.each([
    ['sends the planned view in enforce', 'enforce', capped],
    ['sends the own view in observe', 'observe', view],
  ] as const)('%s, and writes the decisions down', async (_, mode, expected) => {
    const call = await aCall();
    expect(
      await runFit(
        fit(() => plan, mode),
        view,
        call,
      ),
    ).toBe(expected);
    expect(
      await runFit(
        fit(() => Promise.resolve(plan), mode),
        view,
        call,
      ),
    ).toBe(expected);
    expect(call.decisions).toHaveLength(2);
  });

  it('keeps the view when there is nothing to do', async () => {
    expect(
      await runFit(
        fit(() => undefined),
        view,
        await aCall(),
      ),
    ).toBe(view);
  });

  it('keeps the view when the lever throws, unless it guards money', async () => {
    const call = await aCall();
    const broken = (): never => {
      throw boom;
    };
    expect(await runFit(fit(broken), view, call)).toBe(view);
    expect(call.decisions[0]?.action).toBe('failed');
    await expect((async () => runFit(fit(broken, 'enforce', true), view, call))()).rejects.toBe(boom);
    expect(await runFit(fit(broken, 'observe', true), view, call)).toBe(view);
  });
});
