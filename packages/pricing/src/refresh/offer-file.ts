import { CsvRecords } from './csv-records.js';
import { PriceSourceError } from './errors.js';
import { JsonMembers } from './json-members.js';
import type { PriceDocument, PriceItem } from './price-source.js';

/** How a file of the price list is written. */
export type OfferFileFormat = 'json' | 'csv';

/** What is known of a file before it is read. */
export interface OfferFileName {
  readonly title: string;
  readonly offer: string;
  readonly region?: string;
}

/** What is kept of a product; a file repeats a dozen more for every line. */
const KEPT = new Set([
  'usagetype',
  'regioncode',
  'model',
  'titanmodel',
  'servicename',
  'feature',
  'servicetier',
]);

const PLAIN_NAMES = new Map<string, string>();

/** `Region Code`, `regionCode` and `region_code` are one name. A file has a few dozen, on every line the same. */
function plainName(name: string): string {
  const known = PLAIN_NAMES.get(name);
  if (known !== undefined) return known;
  const plain = name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  if (PLAIN_NAMES.size < 1_000) PLAIN_NAMES.set(name, plain);
  return plain;
}

/** Attributes by plain name, as far as they are kept. */
function keptOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const plain = plainName(name);
    if (typeof value === 'string' && value !== '' && KEPT.has(plain)) kept[plain] = value;
  }
  return kept;
}

/** Members of an object; none when it is something else. */
function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The day of an ISO date with time, as far as it is one. */
export function dayOf(date: unknown): string | undefined {
  const day = typeof date === 'string' ? date.slice(0, 10) : '';
  return /^\d{4}-\d{2}-\d{2}$/.test(day) && !Number.isNaN(Date.parse(day)) ? day : undefined;
}

/** The prices of a product: one item for every term of it. */
export function itemsOfProduct(product: unknown, terms: unknown): PriceItem[] {
  const attributes = keptOf(membersOf(membersOf(product)['attributes']));
  return Object.values(membersOf(terms)).flatMap((term) => {
    const { effectiveDate, priceDimensions } = membersOf(term);
    const [dimension, ...others] = Object.values(membersOf(priceDimensions));
    const { unit, pricePerUnit } = membersOf(dimension);
    const effectiveOn = dayOf(effectiveDate);
    const usd = membersOf(pricePerUnit)['USD'];
    return {
      usageType: attributes['usagetype'] ?? '',
      attributes,
      unit: typeof unit === 'string' ? unit : '',
      ...(typeof usd === 'string' ? { usd } : {}),
      ...(effectiveOn === undefined ? {} : { effectiveOn }),
      ...(others.length === 0 ? {} : { isTiered: true }),
    };
  });
}

interface Contents {
  readonly items: PriceItem[];
  offer?: unknown;
  published?: unknown;
}

const ENTERED = new Set(['products', 'terms', 'terms OnDemand']);

async function readJson(pieces: AsyncIterable<string>): Promise<Contents> {
  const members = new JsonMembers((path) => ENTERED.has(path.join(' ')));
  const contents: Contents = { items: [] };
  const products = new Map<string, unknown>();
  // AWS writes products first; terms that come before their product wait.
  const early = new Map<string, unknown>();
  for await (const piece of pieces) {
    for (const { path, value } of members.push(piece)) {
      const [head, second = '', third = ''] = path;
      if (head === 'publicationDate') contents.published = value;
      else if (head === 'offerCode') contents.offer = value;
      else if (head === 'products' && path.length === 2) products.set(second, value);
      else if (head === 'terms' && path.length === 3) {
        if (products.has(third)) contents.items.push(...itemsOfProduct(products.get(third), value));
        else early.set(third, value);
        products.delete(third);
      }
    }
  }
  members.end();
  for (const [sku, terms] of early) contents.items.push(...itemsOfProduct(products.get(sku), terms));
  return contents;
}

/** One line of a CSV file has one price of one product, behind some lines about the file. */
async function readCsv(pieces: AsyncIterable<string>): Promise<Contents> {
  const records = new CsvRecords();
  const contents: Contents = { items: [] };
  let columns: readonly string[] | undefined;
  const take = (record: readonly string[]): void => {
    const names = record.map(plainName);
    const [name, value] = names[0] === undefined ? [] : [names[0], record[1]];
    if (names.includes('sku') && names.includes('priceperunit')) columns = names;
    else if (name === 'publicationdate') contents.published = value;
    else if (name === 'offercode' && record.length === 2) contents.offer = value;
    else if (columns !== undefined && record.length === columns.length) {
      const item = itemOfRecord(
        Object.fromEntries(columns.map((column, index) => [column, record[index] ?? ''])),
      );
      if (item !== undefined) contents.items.push(item);
    } else if (columns !== undefined && record.length > 2)
      throw new SyntaxError('a line has not as many fields as the header');
  };
  for await (const piece of pieces) for (const record of records.push(piece)) take(record);
  for (const record of records.end()) take(record);
  if (columns === undefined) throw new SyntaxError('there is no header');
  return contents;
}

function itemOfRecord(fields: Readonly<Record<string, string>>): PriceItem | undefined {
  const {
    termtype = 'OnDemand',
    currency = '',
    priceperunit,
    unit = '',
    effectivedate,
    usagetype = '',
  } = fields;
  if (termtype !== 'OnDemand') return undefined;
  const effectiveOn = dayOf(effectivedate);
  const isTiered = (fields['startingrange'] ?? '0') !== '0' || !/^(inf)?$/i.test(fields['endingrange'] ?? '');
  return {
    usageType: usagetype,
    attributes: keptOf(fields),
    unit,
    ...(currency === 'USD' && priceperunit !== undefined ? { usd: priceperunit } : {}),
    ...(effectiveOn === undefined ? {} : { effectiveOn }),
    ...(isTiered ? { isTiered } : {}),
  };
}

/**
 * Reads a file of the AWS Price List while it arrives.
 *
 * @throws PriceSourceError when the text is cut off, malformed or no price list.
 */
export async function readOfferFile(
  pieces: AsyncIterable<string>,
  format: OfferFileFormat,
  { title, offer, region }: OfferFileName,
): Promise<PriceDocument> {
  let contents: Contents;
  try {
    contents = await (format === 'json' ? readJson(withoutMark(pieces)) : readCsv(withoutMark(pieces)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new PriceSourceError(
      `${title} is cut off or no price list (${cause.message}). Try again; nothing has been written`,
      'COSTKIT_PRICE_SOURCE_BROKEN',
      { cause },
    );
  }
  const publishedOn = dayOf(contents.published);
  const code = typeof contents.offer === 'string' ? contents.offer : offer;
  if (publishedOn === undefined) {
    throw new PriceSourceError(
      `${title} does not say when it was published, so it is no price list. Check its address`,
      'COSTKIT_PRICE_SOURCE_BROKEN',
    );
  }
  return {
    title,
    source: 'aws-list',
    offer: code,
    publishedOn,
    items: contents.items,
    ...(region === undefined ? {} : { region }),
  };
}

/** Without a byte order mark, which some programs put in front. */
async function* withoutMark(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const piece of pieces) {
    if (piece === '') continue;
    yield isFirst ? piece.replace(/^\uFEFF/, '') : piece;
    isFirst = false;
  }
}
