import { describe, expect, it } from 'vitest';
import { rememberingHourOfWeek } from './hour-of-week.js';

describe('rememberingHourOfWeek', () => {
  it.each([
    ['UTC', '2026-11-23T00:00:00Z', 0],
    ['UTC', '2026-11-29T23:59:59Z', 167],
    ['America/New_York', '2026-11-23T04:59:00Z', 167],
    ['America/New_York', '2026-11-23T14:00:00Z', 9],
    // The same hour of the office, before and after daylight saving ends.
    ['Europe/Berlin', '2026-10-19T07:00:00Z', 9],
    ['Europe/Berlin', '2026-10-26T08:00:00Z', 9],
  ])('counts in %s: %s is hour %i', (timeZone, at, hour) => {
    const hourOfWeek = rememberingHourOfWeek(timeZone);
    expect(hourOfWeek(Date.parse(at))).toBe(hour);
    expect(hourOfWeek(Date.parse(at))).toBe(hour);
  });
});
