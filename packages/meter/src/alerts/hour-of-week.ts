const HOUR_MS = 3_600_000;
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** The hour of the week in a time zone: 0 is Monday from midnight on, 167 the last hour of Sunday. */
function hourOfWeekIn(timeZone: string): (atMs: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    hourCycle: 'h23',
  });
  return (atMs) => {
    const parts = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
    return DAYS.indexOf(parts['weekday'] ?? '') * 24 + Number(parts['hour']);
  };
}

/** Remembers the latest hour: the calendar costs a hundred times a comparison, and scopes share the hour. */
export function rememberingHourOfWeek(timeZone: string): (atMs: number) => number {
  const hourOfWeek = hourOfWeekIn(timeZone);
  const known = new Map<number, number>();
  return (atMs) => {
    const hour = Math.floor(atMs / HOUR_MS);
    let value = known.get(hour);
    if (value === undefined) {
      value = hourOfWeek(hour * HOUR_MS);
      known.set(hour, value);
      if (known.size > 1_024) known.delete(known.keys().next().value as number);
    }
    return value;
  };
}
