const PICO_PER_USD = 1_000_000_000_000n;

/**
 * An exact amount of US dollars, an integer number of pico-dollars (10⁻¹² USD) inside. One pico-dollar per
 * token is one dollar per million million tokens, so every published Bedrock rate is a whole number of them.
 *
 * @example
 * ```ts
 * const total = Money.fromUsd('0.10').plus(Money.fromUsd('0.20'));
 * total.usd;        // 0.3
 * String(total);    // "$0.30"
 * ```
 */
export class Money {
  /** The amount in pico-dollars; the only state. */
  readonly picoUsd: bigint;

  private constructor(picoUsd: bigint) {
    this.picoUsd = picoUsd;
  }

  /** No dollars: a known amount of zero, not an unknown one. */
  static readonly zero: Money = new Money(0n);

  /** From whole pico-dollars. */
  static fromPicoUsd(picoUsd: bigint | number): Money {
    return new Money(typeof picoUsd === 'bigint' ? picoUsd : BigInt(picoUsd));
  }

  /**
   * From dollars. A decimal string is read exactly (at most 12 decimals); a number is rounded to the nearest
   * pico-dollar.
   *
   * @throws RangeError when the text is no decimal number, has more than 12 decimals, or the number is not finite.
   */
  static fromUsd(usd: string | number): Money {
    if (typeof usd === 'number') {
      if (!Number.isFinite(usd)) throw new RangeError(`costkit money: ${usd} is no amount of dollars.`);
      return Math.abs(usd) < 1e21 ? Money.fromUsd(usd.toFixed(12)) : new Money(BigInt(usd) * PICO_PER_USD);
    }
    const match = /^(-?)(\d+)(?:\.(\d{1,12}))?$/.exec(usd);
    if (match === null) {
      throw new RangeError(`costkit money: "${usd}" is no amount of dollars with at most 12 decimals.`);
    }
    const [, sign, whole = '0', fraction = ''] = match;
    const picoUsd = BigInt(whole) * PICO_PER_USD + BigInt(fraction.padEnd(12, '0'));
    return new Money(sign === '-' ? -picoUsd : picoUsd);
  }

  /** `count` tokens or units at `picoUsdPerUnit` each, exactly; both whole numbers. */
  static ofCount(count: number, picoUsdPerUnit: number): Money {
    const picoUsd = count * picoUsdPerUnit;
    return new Money(
      Number.isSafeInteger(picoUsd) ? BigInt(picoUsd) : BigInt(count) * BigInt(picoUsdPerUnit),
    );
  }

  /** The exact sum of all amounts. */
  static sum(amounts: Iterable<Money>): Money {
    let picoUsd = 0n;
    for (const amount of amounts) picoUsd += amount.picoUsd;
    return new Money(picoUsd);
  }

  /** The amount in dollars as a double: for charts and comparisons with a tolerance, not for sums. */
  get usd(): number {
    return Number(this.toUsdString());
  }

  /** The exact sum. */
  plus(other: Money): Money {
    return new Money(this.picoUsd + other.picoUsd);
  }

  /** The exact difference; may be negative. */
  minus(other: Money): Money {
    return new Money(this.picoUsd - other.picoUsd);
  }

  /** Times a whole number. @throws RangeError when `factor` is no safe integer. */
  times(factor: number | bigint): Money {
    return new Money(this.picoUsd * BigInt(factor));
  }

  /** −1, 0 or 1: usable with `Array.prototype.sort`. */
  compare(other: Money): -1 | 0 | 1 {
    return this.picoUsd < other.picoUsd ? -1 : this.picoUsd > other.picoUsd ? 1 : 0;
  }

  /** Whether both are the same amount, to the last digit. */
  equals(other: Money): boolean {
    return this.picoUsd === other.picoUsd;
  }

  /** All digits, without currency sign: `"0.000123456"`. {@link Money.fromUsd} reads it back. */
  toUsdString(): string {
    const negative = this.picoUsd < 0n;
    const magnitude = negative ? -this.picoUsd : this.picoUsd;
    const fraction = (magnitude % PICO_PER_USD).toString().padStart(12, '0').replace(/0+$/, '');
    return `${negative ? '-' : ''}${magnitude / PICO_PER_USD}${fraction === '' ? '' : `.${fraction}`}`;
  }

  /** For people: two decimals from a cent upwards, four significant digits below. */
  toString(): string {
    const usd = this.usd;
    const magnitude = Math.abs(usd);
    const sign = usd < 0 ? '-' : '';
    if (this.picoUsd === 0n) return '$0.00';
    if (magnitude >= 0.01) {
      return `${sign}$${magnitude.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: magnitude >= 1 ? 2 : 4 })}`;
    }
    const decimals = Math.min(12, 3 - Math.floor(Math.log10(magnitude)));
    return `${sign}$${magnitude.toFixed(decimals)}`;
  }

  /** JSON holds all digits as a decimal string, because a double would not. */
  toJSON(): string {
    return this.toUsdString();
  }
}
