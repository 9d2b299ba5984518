/** Accepts the names of time zones that the runtime knows. */
export function isTimeZone(value: unknown): string | undefined {
  try {
    if (typeof value === 'string' && new Intl.DateTimeFormat('en', { timeZone: value })) return undefined;
  } catch {
    // Falls through to the one message for both.
  }
  return 'must be a time zone such as "Europe/Berlin"';
}
