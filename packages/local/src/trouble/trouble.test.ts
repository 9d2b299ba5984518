import { describe, expect, it } from 'vitest';
import { createTroubleScript } from './trouble.js';

const THROTTLE = { type: 'throttle' } as const;
const HANG = { type: 'hang' } as const;
const converse = (modelId = 'a'): { operation: string; modelIds: readonly string[] } => ({
  operation: 'Converse',
  modelIds: [modelId],
});

describe('createTroubleScript', () => {
  it('leaves calls alone that no rule names', () => {
    const script = createTroubleScript([{ operation: 'ConverseStream', action: THROTTLE }]);
    expect(script.next(converse())).toBeUndefined();
  });

  it('strikes the calls it lists, counted among those that match', () => {
    const script = createTroubleScript([{ modelId: 'a', calls: [1, 3], action: THROTTLE }]);
    expect([converse(), converse('b'), converse(), converse(), converse()].map(script.next)).toEqual([
      THROTTLE,
      undefined,
      undefined,
      THROTTLE,
      undefined,
    ]);
  });

  it('takes several operations, and either id of a model', () => {
    const script = createTroubleScript([
      { operation: ['Converse', 'ConverseStream'], modelId: 'amazon.nova-lite-v1:0', action: HANG },
    ]);
    const modelIds = ['us.amazon.nova-lite-v1:0', 'amazon.nova-lite-v1:0'];
    expect(script.next({ operation: 'ConverseStream', modelIds })).toBe(HANG);
    expect(script.next({ operation: 'InvokeModel', modelIds })).toBeUndefined();
  });

  it('lets the first rule win, while all count', () => {
    const script = createTroubleScript([
      { calls: [1], action: THROTTLE },
      { calls: [2], action: HANG },
    ]);
    expect(script.next(converse())).toBe(THROTTLE);
    expect(script.next(converse())).toBe(HANG);
  });

  it('keeps trouble of calls and of batch jobs apart', () => {
    const stop = { type: 'stopBatchJob', afterRecords: 5 } as const;
    const script = createTroubleScript([{ action: stop }, { action: THROTTLE }]);
    expect(script.next(converse())).toBe(THROTTLE);
    expect(script.next({ operation: 'ModelInvocationJob', modelIds: ['a'] })).toBe(stop);
  });

  it('strikes the control plane and S3 only where a rule names their operations', () => {
    const script = createTroubleScript([
      { action: HANG },
      { operation: ['PutObject', 'CreateModelInvocationJob'], action: THROTTLE },
    ]);
    expect(script.next({ operation: 'PutObject', modelIds: [] })).toBe(THROTTLE);
    expect(script.next({ operation: 'GetObject', modelIds: [] })).toBeUndefined();
    expect(script.next({ operation: 'CreateModelInvocationJob', modelIds: [] })).toBe(THROTTLE);
  });

  it('takes rules while it runs', () => {
    const script = createTroubleScript([]);
    expect(script.next(converse())).toBeUndefined();
    script.add({ calls: [1], action: THROTTLE });
    expect(script.next(converse())).toBe(THROTTLE);
    expect(script.next(converse())).toBeUndefined();
  });
});
