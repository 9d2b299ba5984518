import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPriceOverlay, savePriceOverlay } from '@costkit/pricing/overlay';
import { offerFiles, refreshPrices } from '@costkit/pricing/refresh';

const file = join(tmpdir(), `bedrock-prices-${process.pid}.json`);
const before = await readPriceOverlay(file);
const { overlay, changes, unknown } = await refreshPrices({
  // `bulkPriceList()` reads AWS's public files instead; `queriedPriceList` and `agreementOffers` ask AWS's APIs.
  sources: [offerFiles(['pricing/price-list.json'])],
  ...(before === undefined ? {} : { overlay: before }),
});

for (const { change, model, scopes, tier, rates, doubts, isTaken } of changes)
  console.log(change, model, scopes.join(), tier, rates, isTaken ? 'taken' : doubts.join('; '));
console.log(unknown); // Lines that nobody has taught costkit: listed, never guessed.

await savePriceOverlay(file, overlay); // In one step: never half a file.
