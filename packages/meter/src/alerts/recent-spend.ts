/** Dollars of the last minutes. */
export interface RecentSpend {
  add(usd: number, atMs: number): void;
  /** Dollars of the current minute and the four before it. */
  readonly usd: number;
}

const MINUTE_MS = 60_000;
const MINUTES = 5;

/** A sum over the last five minutes in five cells, the current one still filling: as long as a slot, on the move. */
export function recentSpend(): RecentSpend {
  const cells = new Float64Array(MINUTES);
  let latest = Number.NEGATIVE_INFINITY;
  let sum = 0;
  return {
    add: (usd, atMs) => {
      const minute = Math.floor(atMs / MINUTE_MS);
      if (minute !== latest) {
        const passed = minute - latest;
        if (passed >= MINUTES || passed < 0) cells.fill(0);
        else for (let one = latest + 1; one <= minute; one += 1) cells[one % MINUTES] = 0;
        // Summed anew, so that rounding errors do not add up.
        sum = cells.reduce((total, cell) => total + cell, 0);
        latest = minute;
      }
      const cell = minute % MINUTES;
      cells[cell] = (cells[cell] as number) + usd;
      sum += usd;
    },
    get usd() {
      return sum;
    },
  };
}
