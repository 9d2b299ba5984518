/** Dollars for people: cents, and four decimals below ten cents. */
export function usdText(amount: number): string {
  return `$${amount.toFixed(amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2)}`;
}

/** Whole dollars of a month. */
export function monthlyDollars(amount: number): string {
  return `$${Math.round(amount).toLocaleString('en-US')}`;
}

/** A saving as a change: 81.2 is shown as −81.2 %. */
export function percentText(savedPercent: number): string {
  return `${savedPercent >= 0 ? '−' : '+'}${Math.abs(savedPercent).toFixed(1)} %`;
}
