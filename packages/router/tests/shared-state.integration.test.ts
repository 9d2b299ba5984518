import { memoryStore } from '@costkit/core/memory-store';
import type { LocalModel } from '@costkit/local';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RouterOptions, RouterWarning, ShadowReport } from '../src/index.js';
import { HAIKU, OPUS, SONNET } from './call-fixture.js';
import { actions, question, reasons, send, startRouted } from './local-fixture.js';

const policy = { version: 1, createdAt: '2026-11-22', tasks: { faq: { tier: 'cheap' } } };
const saying = (text: string): LocalModel => ({
  kind: 'scripted',
  answer: () => ({ parts: [{ type: 'text', text }] }),
});
const THROTTLE = { type: 'throttle' } as const;

async function start(...options: Parameters<typeof startRouted>) {
  const started = await startRouted(...options);
  onTestFinished(() => started.stop());
  const store = memoryStore();
  // Each router stands for a process of its own: they share nothing but the store.
  return {
    ...started,
    store,
    processOf: (more: Partial<RouterOptions>) => started.routed({ store, ...more }),
  };
}

describe('routers that share a store', () => {
  it('share a rollback, also with processes that start later, until the policy changes', async () => {
    const { client, asked, processOf, store } = await start({
      models: { [HAIKU]: saying('wrong'), [OPUS]: saying('right') },
    });
    const reports: ShadowReport[] = [];
    const shadow = {
      client,
      share: 1,
      pairsPerFalseAlarm: 20,
      loss: () => 1,
      onPair: (report: ShadowReport) => reports.push(report),
    };
    // Processes that live for one call each: what one has seen the next goes on with.
    let calls = 0;
    while (reports.at(-1)?.rolledBack !== true) {
      calls += 1;
      await send(processOf({ policy, shadow }), question(`Question ${calls}?`), { task: 'faq' });
      await expect.poll(() => reports.length, { interval: 2 }).toBe(calls);
    }
    expect(reports.map(({ pairs }) => pairs)).toEqual(Array.from({ length: calls }, (_, at) => at + 1));
    const later = await send(processOf({ policy }), question('And now?'), { task: 'faq' });
    expect(asked().at(-1)).toBe(OPUS);
    expect(reasons(later)).toContain('Task "faq" stays: the policy of 2026-11-22 was rolled back for it');
    const alone = await send(processOf({ policy, store: memoryStore() }), question('Me?'), { task: 'faq' });
    expect(actions(alone)).toEqual(['routed to cheap']);
    const evaluated = { ...policy, createdAt: '2026-11-29' };
    const renewed = await send(processOf({ policy: evaluated }), question('And then?'), { task: 'faq' });
    expect(actions(renewed)).toEqual(['routed to cheap']);
    expect(await store.get('costkit:router')).not.toMatch(/Question|wrong|right/);
  });

  it('hear of a rollback while they run, within ten seconds', async () => {
    const { client, processOf, advance } = await start({ models: { [HAIKU]: saying('wrong') } });
    const running = processOf({ policy });
    expect(actions(await send(running, question('One?'), { task: 'faq' }))).toEqual(['routed to cheap']);
    const reports: ShadowReport[] = [];
    const watching = processOf({
      policy,
      shadow: { client, share: 1, pairsPerFalseAlarm: 1, loss: () => 1, onPair: (one) => reports.push(one) },
    });
    await send(watching, question('Two?'), { task: 'faq' });
    await expect.poll(() => reports[0]?.rolledBack, { interval: 2 }).toBe(true);
    expect(actions(await send(running, question('Three?'), { task: 'faq' }))).toEqual(['routed to cheap']);
    advance(10_000);
    // This call starts the exchange and does not wait for it.
    await send(running, question('Four?'), { task: 'faq' });
    expect(actions(await send(running, question('Five?'), { task: 'faq' }))).toEqual(['left alone']);
  });

  it('share which models are out of service, and that one is back', async () => {
    const { asked, processOf, advance } = await start({
      trouble: [{ modelId: OPUS, calls: [1, 2, 3], action: THROTTLE }],
    });
    const failover = ['middle'];
    const one = processOf({ failover });
    for (let call = 0; call < 3; call += 1) await send(one, question(`Question ${call}?`));
    advance(10_000);
    await send(one, question('Three?'));
    // A process that starts now does not try a model which is known to be out.
    const other = processOf({ failover });
    await send(other, question('Four?'));
    expect(asked().slice(-2)).toEqual([SONNET, SONNET]);
    advance(20_000);
    for (let call = 0; call < 2; call += 1) await send(other, question(`Again ${call}?`));
    advance(10_000);
    await send(other, question('Five?'));
    await send(processOf({ failover }), question('Six?'));
    expect(asked().slice(-4)).toEqual(Array(4).fill(OPUS));
  });

  it('share what drafts have come to', async () => {
    const { processOf, advance, store } = await start();
    const cascade = { check: () => false, escalationShare: 0.97 };
    /** Asks until no draft is asked for any more. */
    const draftsOf = async (client: ReturnType<typeof processOf>): Promise<number> => {
      const sent = await send(client, question('One?'), { task: 'faq' });
      return actions(sent).includes('escalated') ? 1 + (await draftsOf(client)) : 0;
    };
    const one = processOf({ cascade });
    const drafts = await draftsOf(one);
    advance(10_000);
    await draftsOf(one);
    expect(JSON.parse((await store.get('costkit:router')) ?? '')).toMatchObject({
      drafts: { faq: { drafts, acceptedShare: 0 } },
    });
    expect(await draftsOf(processOf({ cascade }))).toBeLessThan(drafts);
  });

  it.each([
    ['fails', { get: () => Promise.reject(new Error('down')), set: () => Promise.reject(new Error('down')) }],
    ['never answers', { get: () => new Promise<never>(() => undefined), set: () => Promise.resolve() }],
    ['holds something else', { get: () => Promise.resolve('{"version":1}'), set: () => Promise.resolve() }],
  ])('answer all the same where the store %s', async (what, broken) => {
    const { routed } = await start();
    const warnings: RouterWarning[] = [];
    const store = { ...broken, delete: () => Promise.resolve() };
    const client = routed({ policy, store, onWarning: (warning) => warnings.push(warning) });
    for (const text of ['One?', 'Two?'])
      expect(actions(await send(client, question(text), { task: 'faq' }))).toEqual(['routed to cheap']);
    if (what !== 'never answers')
      expect(warnings.map(({ code }) => code)).toEqual(what === 'fails' ? ['COSTKIT_STORE_UNREADABLE'] : []);
  });
});
