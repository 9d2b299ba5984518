import { drawsFrom, pick } from './draw.js';

/** One article of the demo's shop. */
export interface Product {
  readonly code: string;
  readonly name: string;
  readonly priceCents: number;
  readonly weightGrams: number;
  readonly warrantyYears: number;
  readonly stock: number;
  readonly colours: string;
  readonly season: string;
}

/** Where the shop delivers, and for how much. */
export interface DeliveryZone {
  readonly name: string;
  readonly standardCents: number;
  readonly expressCents: number;
  readonly days: number;
}

const MAKES = ['Alder', 'Birch', 'Cedar', 'Dogwood', 'Elder', 'Fern', 'Gorse', 'Hazel'] as const;

const KINDS = [
  ['two-person tent', 18_900, 2_300],
  ['down sleeping bag', 14_500, 940],
  ['camping stove', 5_900, 410],
  ['trekking backpack', 12_900, 1_650],
  ['rain jacket', 9_900, 380],
  ['head torch', 3_900, 95],
] as const;

const COLOURS = ['moss green', 'slate grey', 'rust red', 'night blue', 'sand'] as const;
const SEASONS = ['spring to autumn', 'summer only', 'all seasons', 'autumn and winter'] as const;

/** The 48 articles of the shop. */
export const PRODUCTS: readonly Product[] = MAKES.flatMap((make, makeIndex) =>
  KINDS.map(([kind, priceCents, weightGrams], kindIndex) => {
    const draw = drawsFrom(makeIndex * 100 + kindIndex + 1);
    return {
      code: `${make.slice(0, 2).toUpperCase()}-${(kindIndex + 1) * 100 + makeIndex * 7 + 1}`,
      name: `${make} ${kind}`,
      priceCents: priceCents + Math.floor(draw() * 40) * 100,
      weightGrams: weightGrams + Math.floor(draw() * 30) * 5,
      warrantyYears: pick([2, 3, 5, 10], draw),
      stock: 3 + Math.floor(draw() * 60),
      colours: `${pick(COLOURS, draw)} or ${pick(COLOURS, draw)}`,
      season: pick(SEASONS, draw),
    };
  }),
);

export const ZONES: readonly DeliveryZone[] = [
  { name: 'Home', standardCents: 490, expressCents: 1_190, days: 2 },
  { name: 'Islands', standardCents: 890, expressCents: 1_990, days: 4 },
  { name: 'Neighbouring countries', standardCents: 1_290, expressCents: 2_490, days: 5 },
  { name: 'Rest of Europe', standardCents: 1_690, expressCents: 3_290, days: 7 },
  { name: 'Overseas', standardCents: 2_990, expressCents: 5_990, days: 12 },
];

/** Members of the shop's club pay less on what they order, not on its delivery. */
export const CLUB_DISCOUNT_PERCENT = 8;

/** Standard delivery is free from this value of goods, after the discount. */
export const FREE_DELIVERY_FROM_CENTS = 25_000;

/** Dollars and cents, as the shop writes them. */
export function dollars(cents: number): string {
  return `$${(cents / 100).toFixed(2)}`;
}
