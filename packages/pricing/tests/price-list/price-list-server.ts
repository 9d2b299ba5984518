import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { filesOf, type SampleLine } from './offer-samples.js';
import { offerCsv, offerJson } from './offer-writers.js';

/** What goes wrong with the requests for a path. */
type Trouble =
  | { readonly kind: 'status'; readonly status: number }
  /** The connection breaks after so many bytes. */
  | { readonly kind: 'cut'; readonly bytes: number }
  /** The answer ends in order after so many bytes, as from a proxy that lost the rest. */
  | { readonly kind: 'short'; readonly bytes: number }
  /** Nothing comes after the first bytes. */
  | { readonly kind: 'stall' }
  | { readonly kind: 'text'; readonly text: string };

/** A price list on loopback. */
export interface PriceListServer {
  readonly url: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Plans trouble for the next `times` requests whose path contains `part`. */
  readonly trouble: (part: string, trouble: Trouble, times?: number) => void;
  readonly stop: () => Promise<void>;
}

/** Serves lines as AWS serves its price list: a list of Regions per offer, and a file per offer and Region. */
export async function startPriceList(
  lines: readonly SampleLine[],
  { byteOrderMark = false }: { readonly byteOrderMark?: boolean } = {},
): Promise<PriceListServer> {
  const files = filesOf(lines);
  const asked: string[] = [];
  const troubles: { part: string; trouble: Trouble; times: number }[] = [];
  const mark = byteOrderMark ? '\uFEFF' : '';
  const textOf = (path: string): string | undefined => {
    const [, offer = '', rest = ''] = /^\/offers\/v1\.0\/aws\/(\w+)\/(.+)$/.exec(path) ?? [];
    if (rest === 'current/region_index.json') {
      const regions = [...files.keys()]
        .filter((name) => name.startsWith(`${offer} `))
        .map((name) => name.split(' ')[1] ?? '');
      return JSON.stringify({
        publicationDate: '2026-12-03T08:00:00Z',
        regions: Object.fromEntries(
          regions.map((regionCode) => [
            regionCode,
            {
              regionCode,
              currentVersionUrl: `/offers/v1.0/aws/${offer}/20261203080000/${regionCode}/index.json`,
            },
          ]),
        ),
      });
    }
    const [, region = '', format] = /^\d+\/([\w-]+)\/index\.(json|csv)$/.exec(rest) ?? [];
    const own = files.get(`${offer} ${region}`);
    if (own === undefined) return undefined;
    return mark + (format === 'csv' ? offerCsv(offer, own) : offerJson(offer, own));
  };
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const path = request.url ?? '';
    asked.push(path);
    const planned = troubles.find(({ part, times }) => times > 0 && path.includes(part));
    const text = textOf(path);
    if (planned !== undefined) {
      planned.times -= 1;
      answerWithTrouble(response, planned.trouble, text ?? '');
    } else if (text === undefined) response.writeHead(404).end('no such file');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(text);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    trouble: (part, trouble, times = 1) => troubles.push({ part, trouble, times }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function answerWithTrouble(response: ServerResponse, trouble: Trouble, text: string): void {
  switch (trouble.kind) {
    case 'status':
      response.writeHead(trouble.status).end();
      break;
    case 'cut':
      response.writeHead(200, { 'content-length': String(Buffer.byteLength(text)) });
      response.write(text.slice(0, trouble.bytes), () => response.destroy());
      break;
    case 'short':
      response.writeHead(200).end(text.slice(0, trouble.bytes));
      break;
    case 'stall':
      response.writeHead(200).write(text.slice(0, 10));
      break;
    case 'text':
      response.writeHead(200).end(trouble.text);
  }
}
