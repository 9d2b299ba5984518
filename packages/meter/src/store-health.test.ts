import { createTestClock } from '@costkit/testing';
import { describe, expect, it } from 'vitest';
import type { StoreAlert } from './alert.js';
import { createStoreHealth } from './store-health.js';

describe('createStoreHealth', () => {
  it('tells once that a store fails, and once that it is back', () => {
    const alerts: StoreAlert[] = [];
    let recovered = 0;
    const health = createStoreHealth(
      createTestClock(),
      (alert) => void alerts.push(alert),
      () => {
        recovered += 1;
      },
    );
    health.answered();
    for (let index = 0; index < 5; index += 1) health.failed(new Error('Gone.'));
    expect(alerts).toEqual([{ kind: 'store', scope: 'all', reachable: false, reason: 'Gone' }]);
    health.answered();
    health.answered();
    expect(alerts).toHaveLength(2);
    expect(alerts[1]).toMatchObject({ reachable: true });
    expect(recovered).toBe(1);
  });

  it('tells of a store that comes and goes once a minute', async () => {
    const clock = createTestClock();
    const alerts: StoreAlert[] = [];
    const health = createStoreHealth(
      clock,
      (alert) => void alerts.push(alert),
      () => undefined,
    );
    for (let second = 0; second < 120; second += 1) {
      health.failed(new Error('Gone.'));
      health.answered();
      await clock.advance(1_000);
    }
    expect(alerts.map(({ reachable }) => reachable)).toEqual([false, true, false, true]);
  });
});
