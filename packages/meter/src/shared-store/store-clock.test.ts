import { describe, expect, it } from 'vitest';
import { createStoreClock } from './store-clock.js';

const at = (ms: number): { fromMs: number; toMs: number } => ({ fromMs: ms, toMs: ms });

describe('createStoreClock', () => {
  it('corrects nothing while the reply explains the difference', () => {
    const clock = createStoreClock();
    clock.saw(at(1_010), 1_000, 1_020);
    clock.saw(at(2_000), 2_000, 2_400);
    clock.saw({ fromMs: 3_000, toMs: 3_999 }, 3_500, 3_510);
    expect(clock.offsetMs).toBe(0);
  });

  it('corrects a clock that is behind or ahead by no more than is certain', () => {
    const behind = createStoreClock();
    behind.saw(at(61_000), 1_000, 1_020);
    expect(behind.offsetMs).toBe(59_980);
    const ahead = createStoreClock();
    ahead.saw({ fromMs: 1_000, toMs: 1_999 }, 61_000, 61_020);
    expect(ahead.offsetMs).toBe(-59_001);
  });

  it('follows a clock that is set meanwhile', () => {
    const clock = createStoreClock();
    clock.saw(at(61_000), 1_000, 1_000);
    clock.saw(at(62_000), 62_000, 62_000);
    expect(clock.offsetMs).toBe(0);
  });

  it('learns little from a slow reply and more from a fast one', () => {
    const clock = createStoreClock();
    clock.saw(at(65_000), 1_000, 9_000);
    expect(clock.offsetMs).toBe(56_000);
    clock.saw(at(73_000), 10_000, 10_002);
    expect(clock.offsetMs).toBe(62_998);
  });
});
