/** What the families call the end of an answer at its cap. */
const CUT: ReadonlySet<string> = new Set(['max_tokens', 'length', 'MAX_TOKENS', 'LENGTH']);

/** Whether an answer ended because its cap was reached. */
export function isCut(stopReason: string | undefined): boolean {
  return stopReason !== undefined && CUT.has(stopReason);
}
