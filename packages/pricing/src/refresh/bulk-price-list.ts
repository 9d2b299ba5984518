import { setTimeout as delay } from 'node:timers/promises';
import { InvalidOptionError } from '../errors.js';
import { BEDROCK_OFFERS } from './bedrock-offers.js';
import { checkOptions } from './check-options.js';
import { PriceSourceError } from './errors.js';
import { readOfferFile } from './offer-file.js';
import type { PriceDocument, PriceSource } from './price-source.js';

/** How {@link bulkPriceList} reads the price list. */
export interface BulkPriceListOptions {
  /** Where the list is. @defaultValue `"https://pricing.us-east-1.amazonaws.com"`, which needs no credentials */
  readonly baseUrl?: string;
  /** Codes of the offers to read. @defaultValue `AmazonBedrock` and `AmazonBedrockFoundationModels` */
  readonly offers?: readonly string[];
  /** Regions to read. @defaultValue every Region that an offer lists */
  readonly regions?: readonly string[];
  /** Which of the two forms of a file to read. @defaultValue `"json"` */
  readonly format?: 'json' | 'csv';
  /** Files that are read at the same time. @defaultValue `4` */
  readonly concurrency?: number;
  /** Tries per file; a broken connection and a 5xx status are tried again. @defaultValue `3` */
  readonly attempts?: number;
  /** Milliseconds before the second try; doubled before each further one. @defaultValue `500` */
  readonly retryDelayMs?: number;
  /** Milliseconds without a byte after which a connection counts as broken. @defaultValue `30000` */
  readonly idleTimeoutMs?: number;
  /** Ends the reading. @defaultValue none */
  readonly signal?: AbortSignal;
  /** What sends the requests. @defaultValue the global `fetch` */
  readonly fetch?: typeof fetch;
}

const OPTIONS: readonly (keyof BulkPriceListOptions)[] = [
  'baseUrl',
  'offers',
  'regions',
  'format',
  'concurrency',
  'attempts',
  'retryDelayMs',
  'idleTimeoutMs',
  'signal',
  'fetch',
];

interface OfferFile {
  readonly offer: string;
  readonly region: string;
  readonly url: URL;
}

/** Tells whether it is worth another try. */
class PassingError extends Error {}

/**
 * AWS's own price list, as files that everyone may read: no account, no permission. Every Region's file is read while
 * it arrives and checked to its end.
 *
 * @throws InvalidOptionError when an option is unknown, or the address is none.
 *
 * @example
 * ```ts
 * const { changes } = await refreshPrices({ sources: [bulkPriceList({ regions: ['us-east-1'] })] });
 * ```
 */
export function bulkPriceList(options: BulkPriceListOptions = {}): PriceSource {
  checkOptions(options, OPTIONS);
  const { offers = BEDROCK_OFFERS, regions, concurrency = 4, baseUrl } = options;
  if (baseUrl !== undefined && !/^https?:\/\/./.test(baseUrl))
    throw new InvalidOptionError(
      'pricing',
      'baseUrl',
      `("${baseUrl}") is no address that begins with https://`,
    );
  return {
    isComplete: regions === undefined,
    async *documents(onProgress) {
      // Files that run ahead end with the first that fails.
      const end = new AbortController();
      const signal =
        options.signal === undefined ? end.signal : AbortSignal.any([end.signal, options.signal]);
      const own = { ...options, signal };
      try {
        const files: OfferFile[] = [];
        for (const offer of offers) files.push(...(await filesOf(offer, own)));
        let done = 0;
        const reading = files.map((file) => (): Promise<PriceDocument> => readFile(file, own));
        for await (const document of inOrder(reading, concurrency)) {
          done += 1;
          onProgress?.({ done, total: files.length, title: document.title });
          yield document;
        }
      } finally {
        end.abort();
      }
    },
  };
}

/** Results in the order of the tasks, a few of which run ahead. */
async function* inOrder<T>(tasks: readonly (() => Promise<T>)[], limit: number): AsyncGenerator<T> {
  const running: Promise<T>[] = [];
  for (const task of tasks) {
    const result = task();
    // Looked at when its turn comes; until then a failure must not end the process.
    result.catch(() => undefined);
    running.push(result);
    if (running.length >= limit) yield await (running.shift() as Promise<T>);
  }
  for (const result of running) yield await result;
}

/** The newest file of each Region, by the list of an offer. */
async function filesOf(offer: string, options: BulkPriceListOptions): Promise<OfferFile[]> {
  const { baseUrl = 'https://pricing.us-east-1.amazonaws.com', regions, format = 'json' } = options;
  const url = new URL(`/offers/v1.0/aws/${offer}/current/region_index.json`, baseUrl);
  const text = await withRetries(options, `the list of Regions of ${offer}`, url, async (pieces) => {
    let all = '';
    for await (const piece of pieces) all += piece;
    return all;
  });
  let listed: Record<string, { currentVersionUrl?: unknown }>;
  try {
    ({ regions: listed = {} } = JSON.parse(text.replace(/^\uFEFF/, '')) as { regions?: typeof listed });
  } catch (cause) {
    throw broken(`the list of Regions of ${offer} at ${url.href} is no JSON`, cause);
  }
  const files = Object.entries(listed)
    .filter(([region]) => regions?.includes(region) ?? true)
    .map(([region, { currentVersionUrl }]) => {
      const path = typeof currentVersionUrl === 'string' ? currentVersionUrl : '';
      const file = new URL(format === 'csv' ? path.replace(/\.json$/, '.csv') : path, url);
      if (path === '' || file.origin !== url.origin) throw broken(`${url.href} names no file for ${region}`);
      return { offer, region, url: file };
    });
  if (files.length === 0)
    throw broken(
      `${offer} lists none of the Regions ${(regions ?? []).join(', ') || 'at all'} at ${url.href}`,
    );
  return files;
}

function broken(problem: string, cause?: unknown): PriceSourceError {
  return new PriceSourceError(
    `${problem}. Check the address and the Regions`,
    'COSTKIT_PRICE_SOURCE_BROKEN',
    {
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

function readFile({ offer, region, url }: OfferFile, options: BulkPriceListOptions): Promise<PriceDocument> {
  const title = `${offer} ${region}`;
  return withRetries(options, title, url, (pieces) =>
    readOfferFile(pieces, options.format ?? 'json', { title, offer, region }),
  );
}

async function withRetries<T>(
  options: BulkPriceListOptions,
  title: string,
  url: URL,
  read: (pieces: AsyncIterable<string>) => Promise<T>,
): Promise<T> {
  const { attempts = 3, retryDelayMs = 500, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await read(download(url, options));
    } catch (cause) {
      signal?.throwIfAborted();
      const mayPass =
        cause instanceof PassingError ||
        (cause instanceof PriceSourceError && cause.code === 'COSTKIT_PRICE_SOURCE_BROKEN');
      if (!mayPass) throw cause;
      if (attempt < attempts) {
        await delay(retryDelayMs * 2 ** (attempt - 1), undefined, signal === undefined ? {} : { signal });
        continue;
      }
      if (cause instanceof PriceSourceError) throw cause;
      throw new PriceSourceError(
        `${title} cannot be read from ${url.href} (${cause.message}). Check the connection and the address; a machine without access to the internet can read files that were fetched elsewhere`,
        'COSTKIT_PRICE_SOURCE_UNREACHABLE',
        { cause },
      );
    }
  }
}

/** The text at an address, piece by piece. @throws PassingError when the connection or the server fails. */
async function* download(url: URL, options: BulkPriceListOptions): AsyncGenerator<string> {
  const { fetch: send = fetch, idleTimeoutMs = 30_000, signal } = options;
  const idle = new AbortController();
  const stop = (): void => idle.abort(new PassingError(`nothing came for ${idleTimeoutMs} ms`));
  const timer = setTimeout(stop, idleTimeoutMs);
  const decoder = new TextDecoder();
  try {
    const response = await send(url, {
      signal: signal === undefined ? idle.signal : AbortSignal.any([idle.signal, signal]),
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      const problem = `status ${response.status}`;
      if (response.status >= 500 || response.status === 429) throw new PassingError(problem);
      throw new PriceSourceError(
        `${url.href} answers with ${problem}. Check the address and the Region`,
        'COSTKIT_PRICE_SOURCE_UNREACHABLE',
      );
    }
    for await (const bytes of response.body) {
      timer.refresh();
      yield decoder.decode(bytes, { stream: true });
    }
    yield decoder.decode();
  } catch (cause) {
    if (cause instanceof PriceSourceError || cause instanceof PassingError || signal?.aborted === true)
      throw cause;
    // `fetch` says "fetch failed" and keeps the reason to itself.
    const reason = ((cause as Error).cause as Error | undefined)?.message ?? (cause as Error).message;
    throw new PassingError(reason, { cause });
  } finally {
    clearTimeout(timer);
  }
}
