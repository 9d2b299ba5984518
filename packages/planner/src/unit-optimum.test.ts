import { describe, expect, it } from 'vitest';
import { bestUnits, overflowCost, queueBefore, servedShare, throttledShare } from './unit-optimum.js';

describe('bestUnits', () => {
  const spiky = [
    { units: 1, onDemand: 100 },
    { units: 1, onDemand: 100 },
    { units: 6, onDemand: 600 },
  ];

  it('buys the base and leaves the peak on demand', () => {
    expect(bestUnits(spiky, 150)).toBe(1);
    expect(overflowCost(spiky, 1)).toBe(500);
  });

  it('buys none where one unit costs more than it saves, and all where capacity is nearly free', () => {
    expect(bestUnits(spiky, 301)).toBe(0);
    expect(bestUnits(spiky, 0.01)).toBe(6);
    expect(bestUnits([], 1)).toBe(0);
  });
});

describe('servedShare', () => {
  it('is everything below the capacity', () => {
    expect(servedShare(0, 0)).toBe(1);
    expect(servedShare(2, 4)).toBe(1);
    expect(servedShare(4, 1)).toBe(0.25);
  });
});

describe('queueBefore', () => {
  it('lets a peak wait for the hours after it', () => {
    // 3 unit-hours above the capacity, of which 1 an hour is made up for.
    expect(queueBefore([5, 1, 1, 1], 2, 1)).toEqual({ longestWaitHours: 1.5, waitingShare: 0.75 });
  });

  it('carries the queue over the end of the cycle', () => {
    expect(queueBefore([1, 1, 1, 5], 2, 1)).toEqual({ longestWaitHours: 1.5, waitingShare: 0.75 });
  });

  it('never empties where the mean is too much, and has no queue where the capacity is enough', () => {
    expect(queueBefore([3, 3], 2, 1)).toEqual({ longestWaitHours: undefined, waitingShare: 1 });
    expect(queueBefore([1], 0, 1)).toEqual({ longestWaitHours: undefined, waitingShare: 1 });
    expect(queueBefore([2, 2], 2, 1)).toEqual({ longestWaitHours: 0, waitingShare: 0 });
  });
});

describe('throttledShare', () => {
  it('is what a normal load exceeds: at full load, deviation ÷ √(2π)', () => {
    const requestsPerMinute = 200;
    const deviation = Math.sqrt(2 / requestsPerMinute);
    expect(throttledShare(1, 1, requestsPerMinute)).toBeCloseTo(deviation / Math.sqrt(2 * Math.PI), 6);
  });

  it('approaches what the mean exceeds when requests are many and small', () => {
    expect(throttledShare(2, 1, 1e9)).toBeCloseTo(0.5, 6);
    expect(throttledShare(1, 2, 1e9)).toBeCloseTo(0, 6);
  });

  it('is the mean excess where nothing is known of requests, and nothing without load', () => {
    expect(throttledShare(2, 1, 0)).toBe(0.5);
    expect(throttledShare(0, 1, 10)).toBe(0);
  });
});
