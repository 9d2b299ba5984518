import { describe, expect, it } from 'vitest';
import { localTime, type Period, periodBounds, periodFinder } from './period-bounds.js';

const HOUR_MS = 3_600_000;
const iso = ({ startsAt, endsAt }: { startsAt: number; endsAt: number }): string =>
  `${new Date(startsAt).toISOString()} ${new Date(endsAt).toISOString()}`;

describe('periodBounds', () => {
  it.each<[string, Period, string, string, string, string]>([
    [
      'a minute',
      'minute',
      '2026-11-22T10:15:42.123Z',
      'UTC',
      '2026-11-22T10:15:00.000Z',
      '2026-11-22T10:16:00.000Z',
    ],
    [
      'an hour',
      'hour',
      '2026-11-22T10:15:42Z',
      'UTC',
      '2026-11-22T10:00:00.000Z',
      '2026-11-22T11:00:00.000Z',
    ],
    [
      'an hour of a half-hour offset',
      'hour',
      '2026-11-22T10:15:00Z',
      'Asia/Kolkata',
      '2026-11-22T09:30:00.000Z',
      '2026-11-22T10:30:00.000Z',
    ],
    [
      'a UTC day',
      'day',
      '2026-11-22T23:59:59.999Z',
      'UTC',
      '2026-11-22T00:00:00.000Z',
      '2026-11-23T00:00:00.000Z',
    ],
    [
      'a local day',
      'day',
      '2026-11-22T23:30:00Z',
      'Europe/Berlin',
      '2026-11-22T23:00:00.000Z',
      '2026-11-23T23:00:00.000Z',
    ],
    [
      'the 23-hour day',
      'day',
      '2026-03-29T12:00:00Z',
      'Europe/Berlin',
      '2026-03-28T23:00:00.000Z',
      '2026-03-29T22:00:00.000Z',
    ],
    [
      'the 25-hour day',
      'day',
      '2026-10-25T12:00:00Z',
      'Europe/Berlin',
      '2026-10-24T22:00:00.000Z',
      '2026-10-25T23:00:00.000Z',
    ],
    [
      'a day that begins at one o’clock',
      'day',
      '2026-04-24T12:00:00Z',
      'Africa/Cairo',
      '2026-04-23T22:00:00.000Z',
      '2026-04-24T21:00:00.000Z',
    ],
    [
      'a month over a change of offset',
      'month',
      '2026-03-15T12:00:00Z',
      'America/New_York',
      '2026-03-01T05:00:00.000Z',
      '2026-04-01T04:00:00.000Z',
    ],
    [
      'February',
      'month',
      '2028-02-29T12:00:00Z',
      'UTC',
      '2028-02-01T00:00:00.000Z',
      '2028-03-01T00:00:00.000Z',
    ],
    [
      'December',
      'month',
      '2026-12-31T23:59:59Z',
      'UTC',
      '2026-12-01T00:00:00.000Z',
      '2027-01-01T00:00:00.000Z',
    ],
  ])('bounds %s', (_, period, at, timeZone, startsAt, endsAt) => {
    expect(iso(periodBounds(period, Date.parse(at), timeZone))).toBe(`${startsAt} ${endsAt}`);
  });

  it('keeps the two hours apart that daylight saving gives one name', () => {
    const first = periodBounds('hour', Date.parse('2026-10-25T00:30:00Z'), 'Europe/Berlin');
    const second = periodBounds('hour', Date.parse('2026-10-25T01:30:00Z'), 'Europe/Berlin');
    expect(first.endsAt).toBe(second.startsAt);
    expect(second.endsAt - first.startsAt).toBe(2 * HOUR_MS);
  });

  it('never ends a total', () => {
    expect(periodBounds('total', 0)).toEqual({
      startsAt: Number.NEGATIVE_INFINITY,
      endsAt: Number.POSITIVE_INFINITY,
    });
  });

  it.each(['Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'UTC'])(
    'follows one day on another without gap or overlap over a year in %s',
    (timeZone) => {
      let at = Date.parse('2026-01-01T12:00:00Z');
      for (let day = 0; day < 366; day += 1) {
        const { startsAt, endsAt } = periodBounds('day', at, timeZone);
        expect(startsAt).toBeLessThanOrEqual(at);
        expect(periodBounds('day', endsAt - 1, timeZone).startsAt).toBe(startsAt);
        expect(periodBounds('day', endsAt, timeZone).startsAt).toBe(endsAt);
        at = endsAt;
      }
    },
  );

  it('refuses a time zone that does not exist', () => {
    expect(() => periodBounds('day', 0, 'Mars/Olympus')).toThrow(RangeError);
  });
});

describe('localTime', () => {
  it('writes sortable local time with its offset', () => {
    expect(localTime(Date.parse('2026-07-01T22:30:05Z'), 'Europe/Berlin')).toBe('2026-07-02T00:30:05+02:00');
    expect(localTime(Date.parse('2026-07-01T22:30:05Z'), 'America/St_Johns')).toBe(
      '2026-07-01T20:00:05-02:30',
    );
    expect(localTime(Date.parse('2026-07-01T22:30:05Z'), 'UTC')).toBe('2026-07-01T22:30:05+00:00');
    expect(localTime(Date.parse('2026-01-01T12:00:00Z'), 'Europe/London')).toBe('2026-01-01T12:00:00+00:00');
  });
});

describe('periodFinder', () => {
  it('finds the same periods as a fresh look, whatever the order of moments', () => {
    const find = periodFinder('day', 'Europe/Berlin');
    for (const at of [
      '2026-03-28T10:00:00Z',
      '2026-03-29T22:00:00Z',
      '2026-03-29T21:59:59Z',
      '2026-03-28T10:00:00Z',
    ]) {
      expect(find(Date.parse(at))).toEqual(periodBounds('day', Date.parse(at), 'Europe/Berlin'));
    }
  });
});
