import { stderr, stdout } from 'node:process';
import type { Command } from 'commander';
import { CliUsageError } from '../cli-error.js';
import { addPriceRefreshCommand } from './price-refresh.js';

interface PriceOptions {
  readonly json?: boolean;
  readonly overlay?: string;
}

/** Prints every scope and tier of a model, with date and source; without a model, all ids. */
async function price(modelId: string | undefined, options: PriceOptions): Promise<void> {
  const { listModels, PRICE_VERSION, resolveModel } = await import('@costkit/pricing');
  if (modelId === undefined) {
    const ids = listModels().map(({ id }) => id);
    stdout.write(options.json === true ? `${JSON.stringify(ids)}\n` : `${ids.join('\n')}\n`);
    return;
  }
  const { CATALOGUE } = await import('@costkit/pricing/catalogue');
  const known = resolveModel(modelId)?.model;
  if (known === undefined) throw await unknownModel(modelId, [...CATALOGUE.values()]);
  const overrides = options.overlay === undefined ? [] : await overlayOf(options.overlay);
  const newer = overrides.find(({ model }) => model === known.id)?.published;
  const model = { ...(CATALOGUE.get(known.id) ?? known), prices: (newer ?? known).prices };
  const { ageWarning, datedRows, priceSheet } = await import('../price/price-sheet.js');
  const prices = datedRows(model.prices, new Date());
  if (options.json === true) {
    stdout.write(`${JSON.stringify({ ...model, priceVersion: PRICE_VERSION, prices }, null, 2)}\n`);
    return;
  }
  const title = `${model.name ?? 'Imported model'} (${model.id}), dollars per million tokens, prices ${PRICE_VERSION}`;
  stdout.write(`${title}${newer === undefined ? '' : ` and ${options.overlay}`}\n${priceSheet(prices)}\n`);
  const warning = ageWarning(prices);
  if (warning !== undefined) stderr.write(`${warning}\n`);
}

async function overlayOf(file: string) {
  const { loadPriceOverlay } = await import('@costkit/pricing/overlay');
  return loadPriceOverlay(file);
}

async function unknownModel(
  modelId: string,
  models: readonly { readonly id: string; readonly name?: string }[],
): Promise<CliUsageError> {
  const { nearModels } = await import('../price/near-models.js');
  const near = nearModels(modelId, models);
  return new CliUsageError(
    `"${modelId}" names no known model. ${near.length === 0 ? '' : `Did you mean ${near.join(' or ')}? `}\`costkit price\` lists all`,
    'COSTKIT_UNKNOWN_MODEL',
  );
}

/** `costkit price`: the catalogue, for people; and newer prices than the catalogue's. */
export function addPriceCommand(program: Command): void {
  const command = program
    .command('price')
    .argument('[model]', 'model id, inference profile or ARN; without it all models are listed')
    .description('show what a model costs, by scope, Region and tier, with date and source')
    .option('--overlay <file>', 'with newer prices, as `costkit price refresh` writes them')
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExit codes: 0 done, 2 the model is unknown or a file cannot be used.\nRates in JSON are pico-dollars per token.',
    )
    .action(price);
  addPriceRefreshCommand(command);
}
