import { describe, expect, it } from 'vitest';
import { aCall } from '../tests/a-call.js';
import type { Receipt } from './receipt.js';
import { bindReceipt, onReceipt, publishReceipt, receiptOf } from './receipt-registry.js';

const receipt = { id: 'one' } as Receipt;

describe('receiptOf', () => {
  it('knows what was bound, and nothing of other values', () => {
    const output = {};
    bindReceipt(output, receipt);
    expect(receiptOf(output)).toBe(receipt);
    for (const value of [{}, null, undefined, 'text', 5]) expect(receiptOf(value)).toBeUndefined();
    bindReceipt('text', receipt);
    expect(receiptOf('text')).toBeUndefined();
  });

  it('binds thrown values that are objects, and survives those that are not', async () => {
    const call = await aCall();
    call.fail('a text');
    const other = await aCall();
    const error = new Error('own');
    other.fail(error);
    expect(receiptOf(error)?.error).toBe('Error');
  });
});

describe('onReceipt', () => {
  it('tells every listener in turn, whatever one of them throws', () => {
    const seen: string[] = [];
    const stops = [
      onReceipt(() => {
        throw new Error('listener');
      }),
      onReceipt(({ id }) => seen.push(id)),
    ];
    publishReceipt(receipt);
    for (const stop of stops) stop();
    publishReceipt(receipt);
    expect(seen).toEqual(['one']);
  });
});
