import { stdout } from 'node:process';
import type { Command } from 'commander';
import { CliUsageError } from '../cli-error.js';

interface PriceOptions {
  readonly json?: boolean;
}

const KINDS = ['input', 'output', 'cacheRead', 'cacheWrite5m', 'cacheWrite1h', 'cacheWrite30m'] as const;

/** Pico-dollars per token are millionths of dollars per million tokens. */
const perMillion = (rate: number | undefined): string => (rate === undefined ? '' : `$${rate / 1_000_000}`);

/** Prints every scope and tier of a model, with date and source; without a model, all ids. */
async function price(modelId: string | undefined, options: PriceOptions): Promise<void> {
  const { listModels, PRICE_VERSION, resolveModel } = await import('@costkit/pricing');
  const { CATALOGUE } = await import('@costkit/pricing/catalogue');
  if (modelId === undefined) {
    const ids = listModels().map(({ id }) => id);
    stdout.write(options.json === true ? `${JSON.stringify(ids)}\n` : `${ids.join('\n')}\n`);
    return;
  }
  const known = resolveModel(modelId)?.model;
  const model = known && (CATALOGUE.get(known.id) ?? known);
  if (model === undefined) {
    throw new CliUsageError(
      `"${modelId}" names no known model. \`costkit price\` lists all`,
      'COSTKIT_UNKNOWN_MODEL',
    );
  }
  if (options.json === true) {
    stdout.write(`${JSON.stringify(model, null, 2)}\n`);
    return;
  }
  const { textTable } = await import('../text-table.js');
  const rows = textTable([
    'scope',
    'Region',
    'tier',
    'input',
    'output',
    'read',
    'write 5m',
    'write 1h',
    'write 30m',
    'from',
    'source',
  ]);
  for (const row of model.prices) {
    const bracket = row.aboveTokens === undefined ? '' : ` > ${row.aboveTokens.toLocaleString('en-US')}`;
    rows.push([
      row.scope,
      row.region ?? '',
      row.tier + bracket,
      ...KINDS.map((kind) => perMillion(row.rates[kind])),
      row.effectiveFrom ?? '',
      `${row.source}${row.certainty === 'assumed' ? ' (assumed)' : ''}`,
    ]);
  }
  stdout.write(
    `${model.name ?? 'Imported model'} (${model.id}), dollars per million tokens, prices ${PRICE_VERSION}\n${rows}\n`,
  );
}

/** `costkit price`: the catalogue, for people. */
export function addPriceCommand(program: Command): void {
  program
    .command('price')
    .argument('[model]', 'model id, inference profile or ARN; without it all models are listed')
    .description('show what a model costs, by scope, Region and tier, with date and source')
    .option('--json', 'print JSON')
    .action(price);
}
