/** How long a budget counts before it starts anew. `total` never does. */
export type Period = 'minute' | 'hour' | 'day' | 'month' | 'total';

/** One period on the time line: from `startsAt` up to, and without, `endsAt`; milliseconds since the epoch. */
export interface PeriodBounds {
  readonly startsAt: number;
  readonly endsAt: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Longest stretch of each period, daylight saving included: where a search for its bounds may begin. */
const LONGEST_MS = { hour: 2 * HOUR_MS, day: 27 * HOUR_MS, month: 32 * DAY_MS } as const;

const FOREVER: PeriodBounds = { startsAt: Number.NEGATIVE_INFINITY, endsAt: Number.POSITIVE_INFINITY };

const formats = new Map<string, Intl.DateTimeFormat>();

/**
 * Local date and time in a time zone, as sortable text: `2026-03-29T03:15:00+02:00`.
 *
 * @throws RangeError when the runtime does not know the time zone.
 */
export function localTime(atMs: number, timeZone: string): string {
  const offset = timeZone === 'UTC' ? '' : offsetOf(atMs, timeZone);
  const [, sign, hours, minutes, seconds = 0] = /^([+-])(\d+):(\d+)(?::(\d+))?$/.exec(offset) ?? [];
  const shiftMs =
    Number(`${sign ?? ''}1`) *
    (Number(hours ?? 0) * HOUR_MS + Number(minutes ?? 0) * MINUTE_MS + Number(seconds) * 1_000);
  return `${new Date(atMs + shiftMs).toISOString().slice(0, 19)}${offset || '+00:00'}`;
}

/** A time zone's offset from UTC at a moment: `+05:30`, or `''` for none. */
function offsetOf(atMs: number, timeZone: string): string {
  let format = formats.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
    formats.set(timeZone, format);
  }
  const name = format.formatToParts(atMs).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name.replace('GMT', '');
}

/** What stays the same for as long as a period lasts. An hour that daylight saving repeats counts twice. */
function label(period: 'hour' | 'day' | 'month', atMs: number, timeZone: string): string {
  const local = localTime(atMs, timeZone);
  if (period === 'hour') return local.slice(0, 13) + local.slice(19);
  return local.slice(0, period === 'day' ? 10 : 7);
}

/** First minute after `insideMs`, in the given direction, that has left the period; by bisection. */
function edge(
  period: 'hour' | 'day' | 'month',
  insideMs: number,
  timeZone: string,
  direction: 1 | -1,
): number {
  const name = label(period, insideMs, timeZone);
  let inside = 0;
  let outside = LONGEST_MS[period] / MINUTE_MS;
  while (outside - inside > 1) {
    const middle = Math.floor((inside + outside) / 2);
    if (label(period, insideMs + direction * middle * MINUTE_MS, timeZone) === name) inside = middle;
    else outside = middle;
  }
  return insideMs + direction * outside * MINUTE_MS;
}

/**
 * The period around a moment. Days and months are those of the time zone, so that a day lasts 23 or 25 hours
 * when daylight saving changes.
 *
 * @throws RangeError when the runtime does not know the time zone.
 */
export function periodBounds(period: Period, atMs: number, timeZone: string = 'UTC'): PeriodBounds {
  if (period === 'total') return FOREVER;
  // Every offset in use is a whole number of minutes, so a minute is the same in every time zone.
  const minute = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
  if (period === 'minute') return { startsAt: minute, endsAt: minute + MINUTE_MS };
  return {
    startsAt: edge(period, minute, timeZone, -1) + MINUTE_MS,
    endsAt: edge(period, minute, timeZone, 1),
  };
}

/** Remembers the latest period, because a look at the calendar costs a hundred times a comparison. */
export function periodFinder(period: Period, timeZone: string): (atMs: number) => PeriodBounds {
  let latest: PeriodBounds = { startsAt: 0, endsAt: 0 };
  return (atMs) => {
    if (atMs < latest.startsAt || atMs >= latest.endsAt) latest = periodBounds(period, atMs, timeZone);
    return latest;
  };
}
