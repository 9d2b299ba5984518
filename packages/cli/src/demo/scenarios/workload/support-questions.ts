import { drawsFrom, pick } from './draw.js';
import {
  CLUB_DISCOUNT_PERCENT,
  dollars,
  FREE_DELIVERY_FROM_CENTS,
  PRODUCTS,
  type Product,
  ZONES,
} from './shop.js';

/** One question of a customer, with the answer that the handbook gives. */
export interface SupportQuestion {
  /** What the application knows of the question: the menu entry that the customer chose. */
  readonly task: 'lookup' | 'order-total';
  /** The sentence that asks. */
  readonly core: string;
  /** The whole message. */
  readonly text: string;
  readonly answer: string;
}

const EASY_QUESTIONS = 160;
const HARD_QUESTIONS = 40;

const LOOKUPS: readonly ((product: Product) => readonly [core: string, answer: string])[] = [
  ({ name, priceCents }) => [`What does the ${name} cost at the moment?`, dollars(priceCents)],
  ({ name, weightGrams }) => [`How heavy is the ${name} when it is packed?`, `${weightGrams} g`],
  ({ name, warrantyYears }) => [`How long is the warranty on the ${name}?`, `${warrantyYears} years`],
  ({ name, code }) => [`Which article number does the ${name} have?`, code],
];

const OPENINGS = [
  'Hello, I am planning a week in the mountains with two friends and we are sorting out what we still need.',
  'Good morning, I came across your shop while I was looking for equipment for our club trip in September.',
  'Hi there, my old equipment did not survive the last holiday and I would like to replace it before winter.',
  'Dear team, my daughter starts with the scouts next month and we are putting her first kit together.',
  'Good evening, I ordered from you last year and was very happy, so I am back with another question.',
] as const;

const CLOSINGS = [
  'Thank you very much for your help, and have a nice day.',
  'It would be great to hear from you before the weekend, because that is when we decide.',
  'Many thanks in advance, I look forward to your answer.',
] as const;

function wrap(core: string, index: number): string {
  const draw = drawsFrom(90_000 + index);
  return `${pick(OPENINGS, draw)} ${core} ${pick(CLOSINGS, draw)}`;
}

/** What an order comes to by the handbook's rules: goods, club discount, delivery. */
export function orderTotalCents(
  lines: readonly { readonly product: Product; readonly count: number }[],
  options: { readonly member: boolean; readonly express: boolean; readonly zone: (typeof ZONES)[number] },
): number {
  const goods = lines.reduce((sum, { product, count }) => sum + product.priceCents * count, 0);
  const discount = options.member ? Math.round((goods * CLUB_DISCOUNT_PERCENT) / 100) : 0;
  const paid = goods - discount;
  const { expressCents, standardCents } = options.zone;
  const delivery = options.express ? expressCents : paid >= FREE_DELIVERY_FROM_CENTS ? 0 : standardCents;
  return paid + delivery;
}

function orderTotalQuestion(index: number): SupportQuestion {
  const draw = drawsFrom(50_000 + index);
  const first = pick(PRODUCTS, draw);
  const second = pick(
    PRODUCTS.filter((product) => product !== first),
    draw,
  );
  const lines = [
    { product: first, count: 1 + Math.floor(draw() * 3) },
    { product: second, count: 1 + Math.floor(draw() * 4) },
  ];
  const options = { member: draw() < 0.6, express: draw() < 0.4, zone: pick(ZONES, draw) };
  const goods = lines.map(({ product, count }) => `${count} of the ${product.name}`).join(' and ');
  const core = `What do I pay in total for ${goods}, delivered ${options.express ? 'by express' : 'by standard delivery'} to the zone ${options.zone.name}, ${options.member ? 'as a club member' : 'without a club membership'}?`;
  return {
    task: 'order-total',
    core,
    text: wrap(core, 1_000 + index),
    answer: dollars(orderTotalCents(lines, options)),
  };
}

function lookupQuestion(index: number): SupportQuestion {
  const lookup = LOOKUPS[index % LOOKUPS.length] as (typeof LOOKUPS)[number];
  const [core, answer] = lookup(PRODUCTS[Math.floor(index / LOOKUPS.length)] as Product);
  return { task: 'lookup', core, text: wrap(core, index), answer };
}

/** 160 easy questions (one fact of the handbook) and 40 hard ones (an order's total), mixed as they arrive. */
export const SUPPORT_QUESTIONS: readonly SupportQuestion[] = arrivalOrder([
  ...Array.from({ length: EASY_QUESTIONS }, (_, index) => lookupQuestion(index)),
  ...Array.from({ length: HARD_QUESTIONS }, (_, index) => orderTotalQuestion(index)),
]);

function arrivalOrder<T>(values: readonly T[]): readonly T[] {
  const draw = drawsFrom(7);
  return values
    .map((value) => ({ value, place: draw() }))
    .sort((one, other) => one.place - other.place)
    .map(({ value }) => value);
}
