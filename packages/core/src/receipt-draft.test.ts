import { describe, expect, it } from 'vitest';
import { aCall, attempted, aView, MODEL, OTHER_MODEL } from '../tests/a-call.js';
import type { Lever } from './lever.js';
import { receiptOf } from './receipt-registry.js';

const finished = (call: Awaited<ReturnType<typeof aCall>>) => {
  const output = {};
  call.finish({ output, view: undefined });
  return receiptOf(output)!;
};

describe('settleReceipt', () => {
  it('describes the answer and not the check that accepted it', async () => {
    const call = await aCall();
    const draft = aView({ modelId: OTHER_MODEL });
    attempted(call, draft, { inputTokens: 10, outputTokens: 5 }, { purpose: 'draft' });
    attempted(call, aView(), { inputTokens: 900, outputTokens: 1 }, { purpose: 'check' });
    const receipt = finished(call);
    expect(receipt).toMatchObject({
      requestedModel: MODEL,
      servedModel: 'amazon.nova-lite-v1:0',
      stopReason: 'end_turn',
      usage: { input: 910, output: 6 },
      baselineQuality: 'estimated',
    });
    const [one, other] = receipt.attempts;
    expect(receipt.cost?.picoUsd).toBe((one?.cost?.picoUsd ?? 0n) + (other?.cost?.picoUsd ?? 0n));
    expect(receipt.saved?.picoUsd).toBe((receipt.baseline?.picoUsd ?? 0n) - (receipt.cost?.picoUsd ?? 0n));
    // A check on the dear model costs more than the draft saves, and the receipt says so.
    expect(receipt.saved!.picoUsd).toBeLessThan(0n);
  });

  it('knows no cost when one attempt has none', async () => {
    const call = await aCall();
    attempted(call, aView({ modelId: 'acme.unheard-of-v1' }), { inputTokens: 1 }, { purpose: 'draft' });
    attempted(call, aView(), { inputTokens: 1 }, { purpose: 'escalation' });
    const receipt = finished(call);
    expect(receipt.cost).toBeUndefined();
    expect(receipt.saved).toBeUndefined();
    expect(receipt.baseline).toBeDefined();
  });

  it('has what was paid before an error, and no baseline', async () => {
    const call = await aCall();
    attempted(call, aView({ modelId: OTHER_MODEL }), { inputTokens: 10 }, { purpose: 'draft' });
    const error = Object.assign(new Error('no'), { name: 'ThrottlingException' });
    call.fail(error);
    expect(receiptOf(error)).toMatchObject({
      error: 'ThrottlingException',
      baseline: undefined,
      saved: undefined,
      attempts: [{ purpose: 'draft' }],
    });
    expect(receiptOf(error)!.cost!.picoUsd).toBeGreaterThan(0n);
  });

  it('never changes once it is out, also when a lever objects to it', async () => {
    let seen = 0;
    const lever: Lever = {
      name: 'tested',
      slot: 'receipt',
      mode: 'observe',
      onReceipt: (_, call) => {
        seen += 1;
        call.decide({ lever: 'tested', mode: 'observe', action: 'too late', reason: 'the receipt is out' });
        throw new Error('of the lever');
      },
    };
    const call = await aCall(aView(), {}, { levers: [lever] });
    attempted(call, aView(), { inputTokens: 1 });
    const receipt = finished(call);
    expect(seen).toBe(1);
    expect(receipt.decisions).toEqual([]);
    expect(Object.isFrozen(receipt)).toBe(true);
    call.settle();
    expect(seen).toBe(1);
  });

  it('drops an attempt that ends after the receipt is out', async () => {
    const call = await aCall();
    const late = call.beginAttempt(aView(), 'answer', undefined);
    attempted(call, aView(), { inputTokens: 1 });
    const receipt = finished(call);
    expect(receipt.attempts.map(({ complete }) => complete)).toEqual([true, false]);
    late.succeed({ output: { usage: { inputTokens: 5, outputTokens: 5 } } });
    expect(receipt.attempts).toHaveLength(2);
  });
});
