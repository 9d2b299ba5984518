import { stderr, stdout } from 'node:process';
import type { PriceSource } from '@costkit/pricing/refresh';
import { type Command, Option } from 'commander';
import { CliUsageError, EXIT_CODES } from '../cli-error.js';
import { progressLine } from '../progress-line.js';

interface RefreshOptions {
  readonly out: string;
  readonly check?: boolean;
  readonly source: readonly SourceName[];
  readonly region?: readonly string[];
  readonly file?: readonly string[];
  readonly priceListUrl?: string;
  readonly accept?: readonly string[];
  readonly name?: readonly string[];
  readonly json?: boolean;
}

const SOURCES = ['bulk', 'query', 'agreements'] as const;
type SourceName = (typeof SOURCES)[number];

/** Region of the Pricing API, which answers in a few only, and of rate cards, which are the same everywhere. */
const API_REGION = 'us-east-1';

async function sourcesOf(options: RefreshOptions): Promise<PriceSource[]> {
  const { agreementOffers, bulkPriceList, offerFiles, queriedPriceList } = await import(
    '@costkit/pricing/refresh'
  );
  if (options.file !== undefined) return [offerFiles(options.file)];
  const make: Readonly<Record<SourceName, () => Promise<PriceSource>>> = {
    bulk: async () =>
      bulkPriceList({
        ...(options.priceListUrl === undefined ? {} : { baseUrl: options.priceListUrl }),
        ...(options.region === undefined ? {} : { regions: options.region }),
      }),
    query: async () => {
      const pricing = await import('@aws-sdk/client-pricing');
      return queriedPriceList(new pricing.PricingClient({ region: API_REGION }), pricing);
    },
    agreements: async () => {
      const bedrock = await import('@aws-sdk/client-bedrock');
      return agreementOffers(new bedrock.BedrockClient({ region: API_REGION }), bedrock);
    },
  };
  const sources: PriceSource[] = [];
  for (const name of new Set(options.source)) sources.push(await make[name]());
  return sources;
}

/** `AWS name=model id`; a name may hold an equals sign, an id does not. */
function namesOf(pairs: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      if (at < 1 || at === pair.length - 1) {
        throw new CliUsageError(
          `"${pair}" is no name. Write the name of the price list, an equals sign and a model id, as in --name "Claude Sonnet 9=anthropic.claude-sonnet-9"`,
          'COSTKIT_INVALID_OPTION',
        );
      }
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

async function refresh(options: RefreshOptions): Promise<void> {
  const { PriceSourceError, refreshPrices } = await import('@costkit/pricing/refresh');
  const { readPriceOverlay, savePriceOverlay } = await import('@costkit/pricing/overlay');
  const names = namesOf(options.name ?? []);
  const overlay = await readPriceOverlay(options.out);
  const sources = await sourcesOf(options);
  const progress = await progressLine(1, options.json === true);
  let [ofOthers, ofThis] = [0, 0];
  const result = await refreshPrices({
    sources,
    names,
    accept: (options.accept ?? []).map((id) => (id === 'all' ? '*' : id)),
    ...(overlay === undefined ? {} : { overlay }),
    onProgress: ({ done, total, title }) => {
      // Sources count for themselves, one after the other.
      if (done === 1) ofOthers += ofThis;
      ofThis = done;
      progress.expect(ofOthers + total);
      progress.begin(title);
    },
  })
    .catch((error: unknown) => {
      // Neither the command line nor a file of the user's is to blame.
      if (!(error instanceof PriceSourceError)) throw error;
      stderr.write(`${error.message} [${error.code}]\n`);
      process.exitCode = EXIT_CODES.failed;
      return undefined;
    })
    .finally(() => progress.end());
  if (result === undefined) return;
  const isWritten = options.check !== true;
  if (isWritten) await savePriceOverlay(options.out, result.overlay);
  if (options.json === true) {
    const { changes, unknown, passedOver, conflicts, lines } = result;
    const written = isWritten ? { file: options.out } : {};
    stdout.write(
      `${JSON.stringify({ changes, unknown, passedOver, conflicts, lines, ...written }, null, 2)}\n`,
    );
  } else {
    const { changeSummary, changeTable } = await import('../price/change-table.js');
    if (result.changes.length > 0) stdout.write(`${changeTable(result.changes)}\n`);
    stdout.write(`${changeSummary(result).join('\n')}\n`);
    if (isWritten) stdout.write(`Written: ${options.out}\n`);
  }
  if (!isWritten && result.changes.length > 0) process.exitCode = EXIT_CODES.changed;
}

/** `costkit price refresh`: compares AWS's own price lists with the catalogue, and writes what is newer. */
export function addPriceRefreshCommand(price: Command): void {
  price
    .command('refresh')
    .description(
      'compare the catalogue with what AWS lists now, and write newer prices to a file of your own',
    )
    .option(
      '--out <file>',
      'the file with newer prices, which is also where the last refresh left off',
      'bedrock-prices.json',
    )
    .option('--check', 'write nothing; exit with 3 when something differs')
    .addOption(
      new Option('--source <name...>', 'the public files, GetProducts, or rate cards of Marketplace models')
        .choices(SOURCES)
        .default(['bulk']),
    )
    .option('--region <name...>', 'Regions whose files are read; without it all')
    .option('--file <path...>', 'read these files of the price list instead, .json or .csv')
    .option('--accept <model...>', 'take changes of these models (or all) that look like slips')
    .option('--name <name=model...>', 'what an unknown name of the price list stands for')
    .option('--price-list-url <url>', 'where the public files are, e.g. a mirror')
    .option('--json', 'print the differences as JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 done (with --check: nothing differs), 1 a source cannot be read, 2 an option or a file cannot be used, 3 with --check: something differs.',
    )
    .exitOverride()
    .showHelpAfterError()
    // `price` has a --json as well, and takes it wherever it stands.
    .action((_, command: Command) => refresh(command.optsWithGlobals<RefreshOptions>()));
}
