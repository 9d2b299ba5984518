import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CostkitError } from './errors.js';
import { PRICE_SOURCES } from './models.js';
import { checkOverlay, modelWithOverlay, type PriceOverlay } from './price-overlay.js';
import type { PriceOverride } from './types.js';

function unreadable(file: string, problem: string, cause?: unknown): CostkitError {
  return new CostkitError(
    `costkit pricing: ${problem}. Write "${file}" anew with \`costkit price refresh\`.`,
    {
      code: 'COSTKIT_BAD_PRICE_OVERLAY',
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/**
 * Reads and checks an overlay as it is, to look at it or to go on from it.
 *
 * @returns `undefined` when there is no such file.
 * @throws CostkitError with code `COSTKIT_BAD_PRICE_OVERLAY` when the file is no JSON or cannot be read.
 * @throws InvalidOptionError naming the place that is wrong.
 */
export async function readPriceOverlay(file: string): Promise<PriceOverlay | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unreadable(file, `"${file}" cannot be read (${(cause as Error).message})`, cause);
  }
  let overlay: unknown;
  try {
    overlay = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw unreadable(file, `"${file}" is no JSON`, cause);
  }
  checkOverlay(overlay);
  return overlay;
}

/**
 * The prices of an overlay as overrides, for `costOf`, `costkit` and everything else that takes them. They come in
 * front of your own: negotiated rates and discounts apply to the newer prices.
 *
 * @throws InvalidOptionError when the overlay is malformed or names a model that this catalogue does not have.
 */
export function priceOverridesOf(overlay: PriceOverlay): readonly PriceOverride[] {
  checkOverlay(overlay);
  registerSources(overlay);
  const ids = new Set([...Object.keys(overlay.prices), ...Object.keys(overlay.confirmed)]);
  return [...ids].flatMap((model) => {
    const published = modelWithOverlay(model, overlay);
    return published === undefined ? [] : { model, published };
  });
}

/** A source is the same everywhere: its name has its date. Known, it says how old a price is. */
export function registerSources({ sources }: PriceOverlay): void {
  const known = PRICE_SOURCES as Map<string, string>;
  for (const [name, { date }] of Object.entries(sources)) if (!known.has(name)) known.set(name, date);
}

/**
 * Loads what `costkit price refresh` wrote.
 *
 * @throws CostkitError with code `COSTKIT_BAD_PRICE_OVERLAY` when the file is missing, cannot be read or is no JSON.
 * @throws InvalidOptionError naming the place that is wrong.
 *
 * @example
 * ```ts
 * const priceOverrides = await loadPriceOverlay('bedrock-prices.json');
 *
 * costOf(usage, { model, overrides: priceOverrides });
 * costkit(client, { priceOverrides: [...priceOverrides, { model: 'anthropic.*', multiplier: '0.93' }] });
 * ```
 */
export async function loadPriceOverlay(file: string): Promise<readonly PriceOverride[]> {
  const overlay = await readPriceOverlay(file);
  if (overlay === undefined) throw unreadable(file, `there is no "${file}"`);
  return priceOverridesOf(overlay);
}

/** One line for every price, in a fixed order: a new price is one new line in a review. */
function textOf({ format, catalogue, sources, confirmed, prices }: PriceOverlay): string {
  const lines = (members: Readonly<Record<string, unknown>>): string => {
    const names = Object.keys(members).sort();
    return names.length === 0
      ? '{}'
      : `{\n${names.map((name) => `    ${JSON.stringify(name)}: ${JSON.stringify(members[name])}`).join(',\n')}\n  }`;
  };
  const models = Object.keys(prices)
    .sort()
    .map((id) => {
      const list = (prices[id] ?? []).map((price) => `      ${JSON.stringify(price)}`).join(',\n');
      return `    ${JSON.stringify(id)}: [\n${list}\n    ]`;
    });
  return [
    '{',
    `  "format": ${JSON.stringify(format)},`,
    `  "catalogue": ${JSON.stringify(catalogue)},`,
    `  "sources": ${lines(sources)},`,
    `  "confirmed": ${lines(confirmed)},`,
    `  "prices": ${models.length === 0 ? '{}' : `{\n${models.join(',\n')}\n  }`}`,
    '}',
    '',
  ].join('\n');
}

/**
 * Writes an overlay in one step: readers see the old file or the new one, never half of one.
 *
 * @throws CostkitError with code `COSTKIT_CANNOT_WRITE` when the file cannot be written.
 */
export async function savePriceOverlay(file: string, overlay: PriceOverlay): Promise<void> {
  checkOverlay(overlay);
  const temporary = join(dirname(file), `.${basename(file)}.${randomUUID()}.tmp`);
  try {
    const handle = await open(temporary, 'wx');
    try {
      await handle.writeFile(textOf(overlay));
      // Without it, a machine that goes down can be left with an empty file under the final name.
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new CostkitError(
      `costkit pricing: "${file}" cannot be written (${(cause as Error).message}). Name a file in a folder that exists and can be written.`,
      { code: 'COSTKIT_CANNOT_WRITE', cause },
    );
  }
}
