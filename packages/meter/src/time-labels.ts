import { localTime } from './period-bounds.js';

/** Month, day and hour that a moment belongs to, in the words of reports. */
export interface TimeLabels {
  /** First moment of the quarter of an hour. */
  readonly startsAt: number;
  /** `2026-11` */
  readonly month: string;
  /** `2026-11-22` */
  readonly day: string;
  /** `2026-11-22T10+01:00`: an hour that daylight saving repeats counts twice. */
  readonly hour: string;
}

/** Every offset is a multiple of 15 minutes, so within a quarter of an hour nothing changes. */
const QUARTER_HOUR_MS = 900_000;

/** Remembers the latest quarter of an hour, because a look at the calendar costs a hundred times a comparison. */
export function timeLabels(timeZone: string): (atMs: number) => TimeLabels {
  let latest: TimeLabels | undefined;
  return (atMs) => {
    const startsAt = Math.floor(atMs / QUARTER_HOUR_MS) * QUARTER_HOUR_MS;
    if (latest?.startsAt === startsAt) return latest;
    const local = localTime(startsAt, timeZone);
    const [day, hour] = [local.slice(0, 10), local.slice(0, 13) + local.slice(19)];
    latest = { startsAt, month: local.slice(0, 7), day, hour };
    return latest;
  };
}
