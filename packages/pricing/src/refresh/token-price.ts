/** Tokens that a unit of the price list stands for. */
const TOKENS_PER_UNIT: Readonly<Record<string, bigint>> = {
  '1ktokens': 1_000n,
  '1000tokens': 1_000n,
  thousandtokens: 1_000n,
  '1mtokens': 1_000_000n,
  '1000000tokens': 1_000_000n,
  '1milliontokens': 1_000_000n,
  milliontokens: 1_000_000n,
};

/**
 * How many tokens one unit is. `Units` names no number: Marketplace means a million tokens by it, nobody else uses it.
 *
 * @returns `undefined` when the unit counts something else than tokens, or does not say how many.
 */
export function tokensPerUnit(unit: string, isMarketplace: boolean): bigint | undefined {
  const name = unit.toLowerCase().replaceAll(/[\s,]/g, '');
  if (name === 'units') return isMarketplace ? 1_000_000n : undefined;
  return Object.hasOwn(TOKENS_PER_UNIT, name) ? TOKENS_PER_UNIT[name] : undefined;
}

const DECIMAL = /^(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/**
 * Whole pico-dollars per token, exactly: dollars as decimal text (`"0.0000600000"`, `"6E-5"`) for `tokens` tokens.
 *
 * @returns `undefined` when the text is no such number or no whole number of pico-dollars per token.
 */
export function picoUsdPerToken(usd: string, tokens: bigint): number | undefined {
  const match = DECIMAL.exec(usd.trim());
  if (match === null) return undefined;
  const [, whole = '', fraction = '', exponent = '0'] = match;
  // usd = digits × 10^(exponent − fraction digits); a dollar is 10^12 pico-dollars.
  const power = 12 + Number(exponent) - fraction.length;
  const digits = BigInt(`${whole}${fraction}`);
  const [numerator, denominator] =
    power >= 0 ? [digits * 10n ** BigInt(power), tokens] : [digits, tokens * 10n ** BigInt(-power)];
  if (numerator % denominator !== 0n) return undefined;
  const picoUsd = Number(numerator / denominator);
  return Number.isSafeInteger(picoUsd) ? picoUsd : undefined;
}
