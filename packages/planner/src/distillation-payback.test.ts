import { describe, expect, it } from 'vitest';
import type { DistillationPaybackOptions } from './distillation-options.js';
import { distillationPayback } from './distillation-payback.js';

const BASE: DistillationPaybackOptions = {
  // $0.72 per million tokens, in and out.
  teacher: 'meta.llama3-1-70b-instruct-v1:0',
  // $0.22 per million tokens, and $1.49 per million in training.
  student: 'meta.llama3-1-8b-instruct-v1:0',
  requestsPerMonth: 100_000,
  inputTokens: 1_500,
  outputTokens: 500,
  training: { prompts: 1_000 },
};
const payback = (change: Partial<DistillationPaybackOptions> = {}) =>
  distillationPayback({ ...BASE, ...change });

describe('distillationPayback', () => {
  it('sets labels, training, storage and hosting against the saving', () => {
    const plan = payback();
    expect(plan.once.labels?.toUsdString()).toBe('1.44');
    expect(plan.once.training?.toUsdString()).toBe('2.98');
    expect(plan.fixedPerMonth.storage.toUsdString()).toBe('1.95');
    expect(plan.savedPerRequest?.toUsdString()).toBe('0.001');
    expect(plan.teacherPerMonth?.toUsdString()).toBe('144');
    expect(plan.studentPerMonth?.toUsdString()).toBe('45.95');
    expect(plan.savedPerMonth?.toUsdString()).toBe('98.05');
    expect(plan.paybackMonths).toBeCloseTo(4.42 / 98.05, 9);
    expect(plan.pair).toBe('supported');
  });

  it('never pays below the volume that storage eats, and pays back at the break-even', () => {
    const { neverBelow, breakEven } = payback();
    expect(neverBelow).toMatchObject({ value: 1_950, cheaperBelow: 'teacher', cheaperAbove: 'student' });
    expect(payback({ requestsPerMonth: 1_950 }).paybackMonths).toBeUndefined();
    expect(payback({ requestsPerMonth: 1_951 }).paybackMonths).toBeGreaterThan(1_000);
    expect(payback({ requestsPerMonth: breakEven.value! }).paybackMonths).toBeCloseTo(12, 3);
  });

  it('needs no labels where the answers are in the logs', () => {
    expect(payback({ training: { prompts: 1_000, answersInLogs: true } }).once.labels?.toUsdString()).toBe(
      '0',
    );
  });

  it('trains longer with epochs, and pays for the evaluation', () => {
    const { once } = payback({ training: { prompts: 1_000, epochs: 3, evaluationUsd: '5.5' } });
    expect(once.training?.toUsdString()).toBe('8.94');
    expect(once.total?.toUsdString()).toBe('15.88');
  });

  it('counts only what the student may answer, and prompts that it no longer needs', () => {
    expect(payback({ studentShare: 0.5 }).savedPerMonth?.toUsdString()).toBe('48.05');
    expect(payback({ savedInputTokens: 1_000 }).savedPerRequest?.toUsdString()).toBe('0.00122');
    expect(payback({ studentShare: 0 })).toMatchObject({
      paybackMonths: undefined,
      neverBelow: { value: undefined },
    });
  });

  it('hosts on model units', () => {
    const plan = payback({ hosting: { kind: 'provisioned', modelUnits: 2, usdPerUnitHour: 10 } });
    expect(plan.fixedPerMonth.total?.toUsdString()).toBe('14601.95');
    expect(plan.savedPerRequest?.toUsdString()).toBe('0.00144');
    expect(plan.paybackMonths).toBeUndefined();
    expect(plan.neverBelow.value).toBeCloseTo(14_601.95 / 0.00144, 3);
  });

  it('says which price is missing instead of inventing one', () => {
    const nova = payback({ teacher: 'amazon.nova-pro-v1:0', student: 'amazon.nova-lite-v1:0' });
    expect(nova.once).toMatchObject({ training: undefined, total: undefined });
    expect(nova.paybackMonths).toBeUndefined();
    expect(nova.missing.join()).toContain('training.usdPerMillionTokens');
    expect(payback({ hosting: { kind: 'provisioned' } }).missing.join()).toContain('hosting.usdPerUnitHour');
  });

  it.each([
    ['amazon.nova-pro-v1:0', 'amazon.nova-micro-v1:0', 'supported'],
    ['amazon.nova-pro-v1:0', 'meta.llama3-1-8b-instruct-v1:0', 'not supported'],
    [
      'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'us.anthropic.claude-haiku-4-5-20251001-v1:0',
      'not supported',
    ],
    ['mistral.mistral-large-2407-v1:0', 'amazon.nova-lite-v1:0', 'unknown'],
  ])('says what AWS says of %s and %s: %s', (teacher, student, pair) => {
    expect(payback({ teacher, student }).pair).toBe(pair);
  });

  it('does not pay where the student costs more', () => {
    const plan = payback({ teacher: BASE.student, student: BASE.teacher });
    expect(plan.breakEven).toEqual({
      quantity: 'requests a month',
      value: undefined,
      cheaperBelow: 'teacher',
    });
  });

  it('shows months at half and double', () => {
    const { sensitivity } = payback();
    expect(
      sensitivity.find(({ input, factor }) => input === 'requestsPerMonth' && factor === 2)?.value,
    ).toBeCloseTo(4.42 / 198.05, 9);
  });

  it.each<[string, object]>([
    ['training', { training: undefined }],
    ['training.prompts', { training: { prompts: 99 } }],
    ['training.prompts', { training: { prompts: 15_001 } }],
    ['training.epochs', { training: { prompts: 100, epochs: 0 } }],
    ['hosting.kind', { hosting: {} }],
    ['hosting.usdPerUnitHour', { hosting: { kind: 'onDemand', usdPerUnitHour: 20 } }],
    ['hosting.modelUnits', { hosting: { kind: 'onDemand', modelUnits: 2 } }],
    ['hosting.ratesOf', { hosting: { kind: 'provisioned', ratesOf: 'amazon.nova-lite-v1:0' } }],
    ['savedInputTokens', { savedInputTokens: 2_000 }],
    ['horizonMonths', { horizonMonths: 0 }],
    ['studentShare', { studentShare: 2 }],
  ])('names %s when it is wrong', (option, wrong) => {
    expect(() => payback(wrong)).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION', option }));
  });
});
