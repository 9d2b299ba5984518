import { collectReceipts, Money } from '@costkit/core';
import type { LocalModel } from '@costkit/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RouterOptions, RouterWarning, ShadowOptions, ShadowReport } from '../src/index.js';
import { HAIKU, OPUS } from './call-fixture.js';
import { actions, question, reasons, send, startRouted } from './local-fixture.js';

const policy = { version: 1, createdAt: '2026-11-22', tasks: { faq: { tier: 'cheap' } } };
const saying = (text: () => string): LocalModel => ({
  kind: 'scripted',
  answer: () => ({ parts: [{ type: 'text', text: text() }] }),
});

async function start(shadow: Partial<ShadowOptions> = {}, more: Partial<RouterOptions> = {}) {
  let cheap = 'right';
  const started = await startRouted({
    models: { [HAIKU]: saying(() => cheap), [OPUS]: saying(() => 'right') },
  });
  onTestFinished(() => started.stop());
  const reports: ShadowReport[] = [];
  const warnings: RouterWarning[] = [];
  const client = started.routed({
    policy,
    shadow: {
      client: started.client,
      share: 1,
      loss: ({ cheap: one, strong: other }) => (one.text === other.text ? 0 : 1),
      onPair: (report) => reports.push(report),
      ...shadow,
    },
    onWarning: (warning) => warnings.push(warning),
    ...more,
  });
  return {
    ...started,
    client,
    reports,
    warnings,
    worsen: () => {
      cheap = 'wrong';
    },
    /** Sends a question, and waits until its pair is graded. */
    ask: async (text: string, stream = false) => {
      const before = reports.length;
      const sent = await send(client, question(text), { task: 'faq', stream });
      if (actions(sent).includes('routed to cheap'))
        await expect.poll(() => reports.length, { interval: 2 }).toBe(before + 1);
      return sent;
    },
  };
}

describe('shadow', () => {
  it('has the strong model answer, too, streamed or not, without a word to the caller', async () => {
    const { ask, asked, reports } = await start();
    const one = await ask('One?');
    expect(one.text).toBe('right');
    expect(actions(one)).toEqual(['routed to cheap', 'shadowed']);
    expect((await ask('Two?', true)).text).toBe('right');
    expect(asked().sort()).toEqual([HAIKU, HAIKU, OPUS, OPUS]);
    expect(reports.map(({ pairs, meanLoss }) => [pairs, meanLoss])).toEqual([
      [1, 0],
      [2, 0],
    ]);
  });

  it('has a receipt for every shadow: receipts are the bill', async () => {
    const { ask, billed } = await start();
    const { receipts } = await collectReceipts(() => ask('One?'));
    expect(receipts.map(({ tags }) => tags['feature'])).toEqual([undefined, 'costkit-shadow']);
    expect(Money.sum(receipts.map(({ cost }) => cost ?? Money.zero))).toEqual(billed());
  });

  it('rolls the task back by itself when quality drifts, and says why', async () => {
    const { ask, worsen, reports, warnings, asked } = await start({ pairsPerFalseAlarm: 100 });
    for (let call = 0; call < 10; call += 1) await ask(`Good ${call}?`);
    worsen();
    let calls = 0;
    while (reports.at(-1)?.rolledBack !== true) {
      calls += 1;
      await ask(`Bad ${calls}?`);
    }
    expect(calls).toBeLessThan(20);
    const after = await ask('And now?');
    expect(asked().at(-1)).toBe(OPUS);
    expect(after.text).toBe('right');
    expect(reasons(after)).toMatch(
      /^Task "faq" stays: the policy of 2026-11-22 was rolled back for it, in \d+ shadowed calls it lost \d+\.\d points on average, 5\.0 are allowed\.$/,
    );
    expect(warnings.map(({ code }) => code)).toEqual(['COSTKIT_POLICY_ROLLED_BACK']);
  });

  it('follows nothing that was not downgraded by a policy, nor outside the sample', async () => {
    const { client, asked, routed, client: _ } = await start({ share: 0 });
    await send(client, question('One?'), { task: 'faq' });
    const byRule = routed({
      rules: [{ when: {}, tier: 'cheap' }],
      shadow: { client, share: 1, loss: () => 0 },
    });
    await send(byRule, question('Two?'), { task: 'faq' });
    expect(asked()).toEqual([HAIKU, HAIKU]);
  });

  it('leaves a pair out where the grader throws, and never the caller', async () => {
    let graded = 0;
    const { client, asked, reports } = await start({
      loss: () => {
        graded += 1;
        throw new Error('oops');
      },
    });
    const { text } = await send(client, question('One?'), { task: 'faq' });
    expect(text).toBe('right');
    await expect.poll(() => graded).toBe(1);
    expect(reports).toEqual([]);
    expect(asked()).toHaveLength(2);
  });

  it('says once that nobody watches, where the shadows are not answered, until they are again', async () => {
    let isDown = true;
    let asked = 0;
    const {
      client,
      warnings,
      client: _,
      ...rest
    } = await start({
      client: {
        send: (command: never) => {
          asked += 1;
          return isDown ? Promise.reject(new TypeError('down')) : rest.bare.send(command);
        },
      } as never,
    });
    for (let call = 1; call < 4; call += 1) {
      isDown = call !== 3;
      expect((await send(client, question(`${call}?`), { task: 'faq' })).text).toBe('right');
      await expect.poll(() => asked, { interval: 2 }).toBe(call);
    }
    await expect.poll(() => rest.reports.length, { interval: 2 }).toBe(1);
    expect(warnings.map(({ code }) => code)).toEqual(['COSTKIT_SHADOW_FAILED']);
    expect(warnings[0]?.message).toContain('task "faq" was not answered (TypeError)');
  });

  it('asks nobody in observe, and says that it would', async () => {
    const { client, asked } = await start({}, { mode: 'observe' });
    const observed = await send(client, question('One?'), { task: 'faq' });
    expect(asked()).toEqual([OPUS]);
    expect(actions(observed)).toEqual(['would route to cheap', 'would be shadowed']);
    expect(reasons(observed)).toContain('as for 100.0 % of what the policy moves down');
    const other = await start({ share: 0 }, { mode: 'observe' });
    const outside = await send(other.client, question('One?'), { task: 'faq' });
    expect(actions(outside)).toEqual(['would route to cheap']);
  });
});
