import { writeFile } from 'node:fs/promises';
import { checkOptions, InvalidOptionError, isText } from '@costkit/core';
import { type AwsClientLike, isClient, isDate } from './client-like.js';

/** What {@link fetchCosts} takes. */
export interface FetchCostsOptions {
  /** A `CostExplorerClient`. */
  readonly client: AwsClientLike;
  /** Where to write the answer. */
  readonly file: string;
  /** The first day (UTC). */
  readonly from: Date;
  /** The day after the last (UTC). */
  readonly to: Date;
}

interface CostsPage {
  readonly GroupDefinitions?: readonly object[];
  readonly ResultsByTime?: readonly object[];
  readonly NextPageToken?: string;
}

const dayOf = (date: Date): string => date.toISOString().slice(0, 10);

function checkFetchOptions(options: FetchCostsOptions): void {
  checkOptions<FetchCostsOptions>('insights', options, {
    client: isClient,
    file: isText,
    from: isDate,
    to: isDate,
  });
  for (const name of ['client', 'file', 'from', 'to'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('insights', name, 'is missing');
  }
  if (dayOf(options.from) >= dayOf(options.to))
    throw new InvalidOptionError('insights', 'to', 'must be a day or more after from');
}

/**
 * Asks Cost Explorer what each day, service and usage type cost, without refunds and taxes, and what credits have paid of
 * it, and writes the answers to a file that `analyzeLogs` compares the logs with. It needs `ce:GetCostAndUsage`; AWS
 * charges $0.01 for each page, of which there are two at least.
 *
 * All services are asked for: models of the Marketplace stand on the bill as services of their own, and what is billed
 * beside the models is told, too.
 *
 * @returns how many pages were asked for.
 * @throws `InvalidOptionError` for options that are unknown or wrong. Errors of the SDK pass as they are.
 *
 * @example
 * ```ts
 * await fetchCosts({ client: new CostExplorerClient({}), file: 'costs.json', from: new Date('2026-10-01'), to: new Date('2026-11-01') });
 * ```
 */
export async function fetchCosts(options: FetchCostsOptions): Promise<number> {
  checkFetchOptions(options);
  const pages = [...(await pagesOf(options, 'Usage')), ...(await pagesOf(options, 'Credit'))];
  const GroupDefinitions = pages[0]?.GroupDefinitions ?? [];
  const ResultsByTime = pages.flatMap((page) => page.ResultsByTime ?? []);
  await writeFile(options.file, JSON.stringify({ GroupDefinitions, ResultsByTime }));
  return pages.length;
}

/** Credits stand below zero. */
async function pagesOf(
  { client, from, to }: FetchCostsOptions,
  recordType: 'Usage' | 'Credit',
): Promise<readonly CostsPage[]> {
  const { GetCostAndUsageCommand } = await import('@aws-sdk/client-cost-explorer');
  const pages: CostsPage[] = [];
  let token: string | undefined;
  do {
    const page: CostsPage = await client.send(
      new GetCostAndUsageCommand({
        TimePeriod: { Start: dayOf(from), End: dayOf(to) },
        Granularity: 'DAILY',
        Metrics: ['UnblendedCost', 'UsageQuantity'],
        GroupBy: [
          { Type: 'DIMENSION', Key: 'SERVICE' },
          { Type: 'DIMENSION', Key: 'USAGE_TYPE' },
        ],
        Filter: { Dimensions: { Key: 'RECORD_TYPE', Values: [recordType] } },
        ...(token === undefined ? {} : { NextPageToken: token }),
      }),
    );
    pages.push(page);
    token = page.NextPageToken;
  } while (token !== undefined);
  return pages;
}
