/** What is known of a shared store's clock. */
export interface StoreClock {
  /** How far it is ahead of this machine's, in milliseconds. */
  readonly offsetMs: number;
  /**
   * A reply says what time it was there when it was made.
   *
   * @param timeThere - earliest and latest that it can have been.
   * @param sentMs - when the request was sent, by this machine.
   * @param receivedMs - when the reply came, by this machine.
   */
  saw(
    timeThere: { readonly fromMs: number; readonly toMs: number },
    sentMs: number,
    receivedMs: number,
  ): void;
}

/** Where clocks agree within the time that a reply took, nothing is corrected. */
export function createStoreClock(): StoreClock {
  let offsetMs = 0;
  return {
    get offsetMs() {
      return offsetMs;
    },
    saw: ({ fromMs, toMs }, sentMs, receivedMs) => {
      const least = fromMs - receivedMs;
      const most = toMs - sentMs;
      offsetMs = Math.min(Math.max(offsetMs, least), Math.max(least, most));
    },
  };
}
