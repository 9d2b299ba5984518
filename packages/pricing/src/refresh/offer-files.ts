import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { PriceSourceError } from './errors.js';
import { readOfferFile } from './offer-file.js';
import type { PriceSource } from './price-source.js';

/**
 * Files of AWS's price list that lie on this machine, `.json` or `.csv`: for machines without access to the internet.
 * A file says itself which offer it is of; what it does not list is not taken as ended.
 *
 * @example
 * ```ts
 * await refreshPrices({ sources: [offerFiles(['AmazonBedrock-us-east-1.json'])] });
 * ```
 */
export function offerFiles(paths: readonly string[]): PriceSource {
  return {
    isComplete: false,
    async *documents(onProgress) {
      for (const [index, path] of paths.entries()) {
        const title = basename(path);
        const format = /\.csv$/i.test(path) ? 'csv' : 'json';
        const document = await readOfferFile(textOf(path), format, { title, offer: title });
        onProgress?.({ done: index + 1, total: paths.length, title });
        yield document;
      }
    },
  };
}

async function* textOf(path: string): AsyncGenerator<string> {
  try {
    for await (const piece of createReadStream(path, 'utf8')) yield piece as string;
  } catch (cause) {
    throw new PriceSourceError(
      `"${path}" cannot be read (${(cause as Error).message}). Name a file of the price list`,
      'COSTKIT_PRICE_SOURCE_UNREACHABLE',
      { cause },
    );
  }
}
