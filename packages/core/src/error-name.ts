/** What an error is called; its message may hold what must not leave the process. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
