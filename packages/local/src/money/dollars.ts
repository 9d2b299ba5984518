/** An exact amount: whole pico-dollars (10⁻¹² USD), so that a rate per token is an integer. */
export interface Dollars {
  /** The exact amount. */
  readonly picoUsd: bigint;
  /** The amount as a double, for charts. */
  readonly usd: number;
  /** For people: `$1.2345`. */
  toString(): string;
}

const PICO_USD_DIGITS = 12;

/** Wraps a number of pico-dollars. */
export function dollars(picoUsd: bigint): Dollars {
  const text = decimalText(picoUsd);
  return {
    picoUsd,
    usd: Number(text),
    toString: () => (text.startsWith('-') ? `-$${text.slice(1)}` : `$${text}`),
  };
}

function decimalText(picoUsd: bigint): string {
  const digits = (picoUsd < 0n ? -picoUsd : picoUsd).toString().padStart(PICO_USD_DIGITS + 1, '0');
  const fraction = digits.slice(-PICO_USD_DIGITS).replace(/0+$/, '').padEnd(2, '0');
  return `${picoUsd < 0n ? '-' : ''}${digits.slice(0, -PICO_USD_DIGITS)}.${fraction}`;
}

/** Reads dollars written as decimal text, as unit prices of the catalogue are. */
export function picoUsdOf(decimal: string): bigint {
  const [whole = '0', fraction = ''] = decimal.split('.');
  return BigInt(whole + fraction.padEnd(PICO_USD_DIGITS, '0').slice(0, PICO_USD_DIGITS));
}
