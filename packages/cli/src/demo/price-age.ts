import { PRICE_SOURCES } from '@costkit/pricing/catalogue';

/** How old the prices are: the days of the newest price list of AWS and of the newest other price source. */
export interface PriceAge {
  readonly awsPriceList: string;
  readonly newest: string;
}

const newest = (dates: readonly string[]): string => [...dates].sort().at(-1) ?? 'unknown';

/** Sources that hold prices; user guides and our own derivations say nothing about their age. */
export function priceAge(sources: ReadonlyMap<string, string> = PRICE_SOURCES): PriceAge {
  const priced = [...sources].filter(([name]) => name !== 'derived' && !name.startsWith('aws-user-guide'));
  return {
    awsPriceList: newest(priced.filter(([name]) => name.startsWith('aws-list')).map(([, date]) => date)),
    newest: newest(priced.map(([, date]) => date)),
  };
}
