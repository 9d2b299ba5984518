import type { CommandClass } from '../command-class.js';
import { BEDROCK_OFFERS } from './bedrock-offers.js';
import { checkOptions } from './check-options.js';
import { PriceSourceError } from './errors.js';
import { dayOf, itemsOfProduct } from './offer-file.js';
import type { PriceDocument, PriceItem, PriceSource } from './price-source.js';

/** The part of `@aws-sdk/client-pricing` that {@link queriedPriceList} uses; the module itself fits. */
export interface PricingCommands {
  /** As the SDK's own. */
  readonly GetProductsCommand: CommandClass<{
    ServiceCode: string;
    FormatVersion: string;
    NextToken?: string;
  }>;
}

/** A `PricingClient`, whichever copy of the SDK it comes from. */
export interface PricingClientLike {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: see above.
  send(command: any): Promise<any>;
}

/** What {@link queriedPriceList} asks for. */
export interface QueriedPriceListOptions {
  /** Codes of the offers to read. @defaultValue `AmazonBedrock` and `AmazonBedrockFoundationModels` */
  readonly offers?: readonly string[];
}

interface Page {
  readonly PriceList?: readonly unknown[];
  readonly NextToken?: string;
}

interface Product {
  readonly product?: unknown;
  readonly publicationDate?: unknown;
  readonly terms?: { readonly OnDemand?: unknown };
}

/**
 * The same list through `GetProducts` of the AWS Pricing API, page by page to the end: for machines that reach AWS's
 * APIs but not the public files. Needs `pricing:GetProducts`; the API answers in us-east-1, eu-central-1 and
 * ap-south-1. This package imports no SDK: hand in the client and the module.
 *
 * @throws InvalidOptionError when an option is unknown.
 *
 * @example
 * ```ts
 * import * as pricing from '@aws-sdk/client-pricing';
 *
 * const source = queriedPriceList(new pricing.PricingClient({ region: 'us-east-1' }), pricing);
 * ```
 */
export function queriedPriceList(
  client: PricingClientLike,
  commands: PricingCommands,
  options: QueriedPriceListOptions = {},
): PriceSource {
  checkOptions(options, ['offers']);
  const { offers = BEDROCK_OFFERS } = options;
  return {
    isComplete: true,
    async *documents(onProgress) {
      for (const [index, offer] of offers.entries()) {
        const document = await queryOffer(client, commands, offer);
        onProgress?.({ done: index + 1, total: offers.length, title: document.title });
        yield document;
      }
    },
  };
}

async function queryOffer(
  client: PricingClientLike,
  commands: PricingCommands,
  offer: string,
): Promise<PriceDocument> {
  const items: PriceItem[] = [];
  const tokens = new Set<string>();
  let publishedOn = '';
  let token: string | undefined;
  do {
    const page = (await client.send(
      new commands.GetProductsCommand({
        ServiceCode: offer,
        FormatVersion: 'aws_v1',
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    )) as Page;
    for (const entry of page.PriceList ?? []) {
      const { product, terms, publicationDate } = readProduct(entry, offer);
      items.push(...itemsOfProduct(product, terms?.OnDemand));
      const day = dayOf(publicationDate) ?? '';
      if (day > publishedOn) publishedOn = day;
    }
    token = page.NextToken === '' ? undefined : page.NextToken;
    if (token !== undefined && tokens.has(token)) throw broken(offer, 'repeats a page');
    tokens.add(token ?? '');
  } while (token !== undefined);
  if (publishedOn === '') throw broken(offer, 'lists no product with a date of publication');
  return {
    title: `${offer} by GetProducts`,
    source: 'aws-list',
    offer,
    isOfAllRegions: true,
    publishedOn,
    items,
  };
}

/** An entry is JSON text; the SDK hands it out as an object of its own kind of `String`. */
function readProduct(entry: unknown, offer: string): Product {
  try {
    const isText = typeof entry === 'string' || entry instanceof String;
    return (isText ? JSON.parse(String(entry)) : (entry ?? {})) as Product;
  } catch {
    throw broken(offer, 'has an entry that is no JSON');
  }
}

function broken(offer: string, problem: string): PriceSourceError {
  return new PriceSourceError(
    `the answer of GetProducts for ${offer} ${problem}. Try again, or read the public files`,
    'COSTKIT_PRICE_SOURCE_BROKEN',
  );
}
