import type { Calibration } from '@costkit/core';
import { describe, expect, it } from 'vitest';
import { createReservationTrust } from './reservation-trust.js';

const OPUS = 'anthropic.claude-opus-5-5';

const calibrated = (responses: number): Calibration =>
  ({ observations: (model: string) => (model === OPUS ? responses : 0) }) as Calibration;

describe('createReservationTrust', () => {
  it('follows a calibration once the model has answered often enough, and none that is not there', () => {
    const trust = createReservationTrust();
    expect(trust.follows(OPUS, undefined)).toBe(false);
    expect(trust.follows(OPUS, calibrated(19))).toBe(false);
    expect(trust.follows(OPUS, calibrated(20))).toBe(true);
  });

  it('does not for a hundred calls after one of the model that exceeded its reservation', () => {
    const trust = createReservationTrust();
    const calibration = calibrated(50);
    trust.exceeded(OPUS);
    const answers = Array.from({ length: 101 }, () => trust.follows(OPUS, calibration));
    expect(answers.filter((follows) => !follows)).toHaveLength(100);
    expect(answers.at(-1)).toBe(true);
  });

  it('does for other models', () => {
    const trust = createReservationTrust();
    trust.exceeded('anthropic.claude-sonnet-5');
    expect(trust.follows(OPUS, calibrated(50))).toBe(true);
  });

  it('forgets rather than grows without bound', () => {
    const trust = createReservationTrust();
    for (let model = 0; model < 1_001; model++) trust.exceeded(`model ${model}`);
    expect(trust.follows(OPUS, calibrated(50))).toBe(true);
  });
});
