import { readOfferFile } from '../../src/refresh/offer-file.js';
import type { PriceDocument, PriceSource } from '../../src/refresh.js';
import { filesOf, type SampleLine } from './offer-samples.js';
import { offerJson } from './offer-writers.js';

/** The document that AWS's file of these lines makes. */
export async function documentOf(name: string, text: string): Promise<PriceDocument> {
  const [offer = '', region = ''] = name.split(' ');
  async function* pieces(): AsyncGenerator<string> {
    yield text;
  }
  return readOfferFile(pieces(), 'json', { title: name, offer, region });
}

/** A source with one document per offer and Region, read from AWS's form of a file. */
export function listOf(
  lines: readonly SampleLine[],
  { isComplete = true, publicationDate = '2026-12-03T08:00:00Z' } = {},
): PriceSource {
  return {
    isComplete,
    async *documents(onProgress) {
      const files = filesOf(lines);
      let done = 0;
      for (const [name, own] of files) {
        const [offer = ''] = name.split(' ');
        done += 1;
        onProgress?.({ done, total: files.size, title: name });
        yield await documentOf(name, offerJson(offer, own, { publicationDate }));
      }
    },
  };
}
