import { calcPrice } from '@pydantic/genai-prices';
import { listModels, ratesFor } from '../src/index.js';
import type { TokenKind } from '../src/types.js';

/** One rate that both tables have, in dollars per million tokens. */
export interface ComparedRate {
  readonly id: string;
  readonly field: string;
  /** `null`: we have no rate. */
  readonly ours: number | null;
  readonly theirs: number;
}

const FIELDS: readonly (readonly [theirs: string, ours: TokenKind])[] = [
  ['input_mtok', 'input'],
  ['output_mtok', 'output'],
  ['cache_read_mtok', 'cacheRead'],
  ['cache_write_mtok', 'cacheWrite5m'],
];

interface Tiers {
  readonly base: number;
  readonly tiers: readonly { readonly start: number; readonly price: number }[];
}

/** Every id that the catalogue can price: bare ids and each profile's. */
function catalogueIds(): string[] {
  return listModels().flatMap(({ id, profiles }) => [id, ...profiles.map((prefix) => `${prefix}.${id}`)]);
}

/** Every rate of every id that `@pydantic/genai-prices` also has, on one day. */
export function comparedRates(at: Date): ComparedRate[] {
  return catalogueIds().flatMap((id) => {
    const found = calcPrice({ input_tokens: 1 }, id, { providerId: 'aws', timestamp: at });
    if (found === null) return [];
    return FIELDS.flatMap(([theirField, kind]) => {
      const price = (found.model_price as Record<string, number | Tiers | undefined>)[theirField];
      if (price === undefined) return [];
      // GPT caches for 30 minutes; genai-prices has one cache write for all.
      const oursOf = (promptTokens: number): number | null => {
        const rates = ratesFor({ model: id, at }, promptTokens);
        const rate = rates?.[kind] ?? (kind === 'cacheWrite5m' ? rates?.cacheWrite30m : undefined);
        return rate === undefined ? null : rate / 1e6;
      };
      const [base, tiers] = typeof price === 'number' ? [price, []] : [price.base, price.tiers];
      return [
        { id, field: theirField, ours: oursOf(0), theirs: base },
        ...tiers.map((tier) => ({
          id,
          field: `${theirField} above ${tier.start}`,
          // Well above: sources agree on the threshold but not on whether it belongs to the bracket.
          ours: oursOf(tier.start + 1_000),
          theirs: tier.price,
        })),
      ];
    });
  });
}

/** Whether the two tables say the same. */
export function agrees({ ours, theirs }: ComparedRate): boolean {
  return ours !== null && Math.abs(ours - theirs) < 1e-9;
}
