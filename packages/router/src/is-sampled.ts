/** Whether a call is in a sample: the same for the same call id (a UUID), and for that share of all ids. */
export function isSampled(callId: string, share: number): boolean {
  const digits = callId.replace(/[^0-9a-f]/gi, '').slice(-8);
  return Number.parseInt(digits, 16) / 2 ** 32 < share;
}
