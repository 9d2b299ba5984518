import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../src/catalogue.js';
import type { CatalogueModel, PriceRow, TokenKind } from '../src/index.js';
import { modelWithOverlay } from '../src/price-overlay.js';
import { ListingCollector } from '../src/refresh/collect-listing.js';
import { CsvRecords } from '../src/refresh/csv-records.js';
import { currentPrice } from '../src/refresh/current-price.js';
import { JsonMembers } from '../src/refresh/json-members.js';
import { bracketOf, scopesOf } from '../src/refresh/listed-scopes.js';
import { modelNames } from '../src/refresh/model-names.js';
import { readOfferFile } from '../src/refresh/offer-file.js';
import { picoUsdPerToken, tokensPerUnit } from '../src/refresh/token-price.js';
import { refreshPrices } from '../src/refresh.js';
import { documentOf, listOf } from './price-list/documents.js';
import {
  filesOf,
  type Grammar,
  linesOf,
  linesOfModel,
  listedUsd,
  type SampleLine,
} from './price-list/offer-samples.js';
import { offerCsv, offerJson } from './price-list/offer-writers.js';

const NAMES = modelNames();

/** A text in pieces of any length, as a network hands it out. */
const pieces = (text: string): fc.Arbitrary<string[]> =>
  fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 }).map((lengths) => {
    const parts: string[] = [];
    for (let at = 0, index = 0; at < text.length; index += 1) {
      const length = lengths[index % lengths.length] ?? 1;
      parts.push(text.slice(at, at + length));
      at += length;
    }
    return parts;
  });

async function* arriving(parts: readonly string[]): AsyncGenerator<string> {
  yield* parts;
}

interface CatalogueRow {
  readonly model: CatalogueModel;
  readonly row: PriceRow;
}

/** Every row of the catalogue with a rate per token. */
const ROWS: readonly CatalogueRow[] = [...CATALOGUE.values()].flatMap((model) =>
  model.prices.filter(({ rates }) => Object.keys(rates).length > 0).map((row) => ({ model, row })),
);

/** A Region in which a row holds. */
function regionOf({ model, row }: CatalogueRow): string {
  if (row.region !== undefined) return row.region;
  if (row.scope === 'govcloud') return 'us-gov-west-1';
  const candidates = [
    'us-east-1',
    'eu-west-1',
    'ap-northeast-1',
    'ap-southeast-2',
    'ap-south-1',
    'ca-central-1',
    'us-gov-west-1',
  ];
  const place = placeOf(row);
  const found = candidates.find((region) =>
    scopesOf({ ...LISTED, model, place, region, tier: row.tier }).includes(row.scope),
  );
  if (found === undefined) throw new Error(`no Region for ${model.id} ${row.scope}`);
  return found;
}

const LISTED = { longContext: false, prices: new Map(), isDisputed: false } as const;
const placeOf = ({ scope }: PriceRow) =>
  scope === 'global' || scope === 'custom' ? scope : ('regional' as const);

const rows: fc.Arbitrary<CatalogueRow> = fc.constantFrom(...ROWS);
const grammars: fc.Arbitrary<Grammar> = fc.constantFrom('own', 'mantle', 'camel', 'snake');

/** Each reads a list twice. */
const OVERLAYS = 50;

describe('a row of the catalogue', () => {
  it('is the same row once AWS has listed it, in any grammar and form, in any pieces', async () => {
    await fc.assert(
      fc.asyncProperty(
        rows,
        grammars,
        fc.constantFrom('json', 'csv' as const),
        fc.context(),
        fc.func(fc.integer({ min: 1, max: 60 })),
        async ({ model, row }, grammar, format, _, lengthOf) => {
          const region = regionOf({ model, row });
          const place = placeOf(row);
          // Marketplace sells no customised models; names that two models share need the id that mantle writes.
          const isOwn = place === 'custom' || (grammar !== 'mantle' && /^openai\.gpt-oss/.test(model.id));
          // Under "Claude" the list names several models that nobody can call any more.
          const isRetired = NAMES.find(CATALOGUE.get(model.id)?.name ?? model.id) === 'retired';
          const used = isRetired ? 'mantle' : isOwn ? (model.id.endsWith(':0') ? 'own' : 'mantle') : grammar;
          const lines = linesOf(
            model,
            row.rates,
            { place, region, tier: row.tier, longContext: row.aboveTokens !== undefined },
            used,
          );
          const [{ offer }] = lines as [SampleLine];
          const text = format === 'json' ? offerJson(offer, lines) : offerCsv(offer, lines);
          const parts: string[] = [];
          for (let at = 0; at < text.length; ) {
            const length = lengthOf(at);
            parts.push(text.slice(at, at + length));
            at += length;
          }
          const document = await readOfferFile(arriving(parts), format, { title: offer, offer, region });
          const collector = new ListingCollector(NAMES);
          collector.add(document);
          const listing = collector.finish();
          expect([listing.unknown, listing.conflicts]).toEqual([[], []]);
          expect(listing.rows).toHaveLength(1);
          const [listed] = listing.rows;
          if (listed === undefined) return;
          expect(listed.model.id).toBe(model.id);
          expect(scopesOf(listed)).toContain(row.scope);
          expect({
            tier: listed.tier,
            region: listed.region,
            ...bracketOf(listed.model, listed.longContext),
            rates: Object.fromEntries([...listed.prices].map(([kind, { picoUsd }]) => [kind, picoUsd])),
          }).toEqual({
            tier: row.tier,
            region,
            ...(row.aboveTokens === undefined ? {} : { aboveTokens: row.aboveTokens }),
            ...(row.inclusive === undefined ? {} : { inclusive: row.inclusive }),
            rates: row.rates,
          });
        },
      ),
    );
  });

  it('is found again in a list of the whole catalogue', async () => {
    const lines = [...CATALOGUE.values()].flatMap(linesOfModel);
    const { changes, unknown, conflicts } = await refreshPrices({ sources: [listOf(lines)], accept: ['*'] });
    expect([unknown, conflicts]).toEqual([[], []]);
    // A regional price holds for the bare id and the profiles; where the catalogue knows it of one of them only, or
    // otherwise of another, the list says more. Nothing else may differ.
    for (const { model: id, scopes, change, tier } of changes) {
      const regional = CATALOGUE.get(id)?.prices.filter(
        ({ scope, tier: other }) => tier === other && (scope === 'inRegion' || scope.startsWith('geo:')),
      );
      const known = new Set(regional?.map(({ scope, rates }) => `${scope} ${JSON.stringify(rates)}`));
      const isNew = regional?.every(({ scope }) => !scopes.includes(scope)) === true;
      expect(change, id).not.toBe('ended');
      expect(scopes.includes('global') || scopes.includes('govcloud'), id).toBe(false);
      expect(isNew || known.size > 1, id).toBe(true);
    }
    expect(new Set(changes.map(({ model }) => model)).size).toBeLessThan(20);
  }, 60_000);
});

/** Under the name of Claude 1, AWS lists Claude 2. */
const MODELS = [...CATALOGUE.values()].filter(
  (model) => linesOfModel(model).length > 0 && model.id !== 'anthropic.claude-v1',
);
const FACTORS = [0.55, 0.9, 1, 1, 1, 1.1, 1.45, 3];

describe('refreshPrices', () => {
  it('makes an overlay under which every listed price is what a call costs, and a second refresh finds nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...MODELS),
        fc.array(fc.constantFrom(...FACTORS), { minLength: 1, maxLength: 12 }),
        async (model, factors) => {
          const lines = linesOfModel(model).map((line, index) => {
            const picoUsd = picoUsdPerToken(line.usd, tokensPerUnit(line.unit, true) ?? 1n) ?? 0;
            const moved = Math.round(picoUsd * (factors[index % factors.length] ?? 1));
            return { ...line, usd: listedUsd(moved, line.unit === 'Units' ? '1M' : '1K') };
          });
          const source = listOf(lines, { isComplete: false });
          const { overlay } = await refreshPrices({ sources: [source], accept: ['*'] });
          const collector = new ListingCollector(NAMES);
          for (const [name, own] of filesOf(lines)) {
            const [offer = ''] = name.split(' ');
            collector.add(await documentOf(name, offerJson(offer, own)));
          }
          const newer = modelWithOverlay(model.id, overlay) as CatalogueModel;
          for (const listed of collector.finish().rows) {
            const { region, tier, longContext, prices } = listed;
            for (const scope of scopesOf(listed)) {
              const key = {
                scope,
                tier,
                ...bracketOf(model, longContext),
                ...(region === undefined ? {} : { region }),
              };
              const { rates } = currentPrice(newer, key);
              for (const [kind, { picoUsd }] of prices)
                expect(rates[kind as TokenKind], `${model.id} ${scope} ${region} ${tier} ${kind}`).toBe(
                  picoUsd,
                );
            }
          }
          const again = await refreshPrices({ sources: [source], overlay });
          expect(again.changes).toEqual([]);
        },
      ),
      { numRuns: Number(process.env['COSTKIT_FUZZ_RUNS'] ?? OVERLAYS) },
    );
  });
});

describe('picoUsdPerToken', () => {
  it('reads back every rate that the price list can write', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500_000_000 }), (picoUsd) => {
        expect(picoUsdPerToken(listedUsd(picoUsd, '1K'), 1_000n)).toBe(picoUsd);
        expect(picoUsdPerToken(listedUsd(picoUsd, '1M'), 1_000_000n)).toBe(picoUsd);
      }),
    );
  });
});

describe('JsonMembers', () => {
  it('reads what JSON.parse reads, whatever the pieces', () => {
    const entered = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(
        fc.record({ products: entered, other: fc.jsonValue(), empty: fc.constant({}) }).chain((value) =>
          fc.boolean().chain((isIndented) => {
            const text = JSON.stringify(value, null, isIndented ? 2 : undefined);
            return fc.record({ value: fc.constant(JSON.parse(text) as typeof value), parts: pieces(text) });
          }),
        ),
        ({ value, parts }) => {
          const members = new JsonMembers((path) => path.join('/') === 'products');
          const found = parts.flatMap((piece) => [...members.push(piece)]);
          members.end();
          expect(found).toEqual([
            ...Object.entries(value.products).map(([name, content]) => ({
              path: ['products', name],
              value: content,
            })),
            { path: ['other'], value: value.other },
            { path: ['empty'], value: {} },
          ]);
        },
      ),
    );
  });

  it('takes no beginning of a text for the whole', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), fc.nat(), (value, cut) => {
        const text = JSON.stringify(value);
        const members = new JsonMembers(() => true);
        expect(() => {
          for (const _ of members.push(text.slice(0, cut % text.length)));
          members.end();
        }).toThrow(SyntaxError);
      }),
    );
  });
});

describe('CsvRecords', () => {
  it('reads back what is written, whatever the pieces', () => {
    const table = fc.array(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        table.chain((records) => {
          const text = records
            .map((record) => `${record.map((field) => `"${field.replaceAll('"', '""')}"`).join(',')}\r\n`)
            .join('');
          return fc.record({ records: fc.constant(records), parts: pieces(text) });
        }),
        ({ records, parts }) => {
          const reader = new CsvRecords();
          expect([...parts.flatMap((piece) => [...reader.push(piece)]), ...reader.end()]).toEqual(records);
        },
      ),
    );
  });
});
