import type { CatalogueModel, PriceRow, Rates } from '@costkit/pricing';
import type { DemoResult } from './demo-block.js';

/** What the playbook page is computed from. */
export interface PlaybookFacts {
  readonly demo: DemoResult;
  readonly models: readonly CatalogueModel[];
  /** ISO date of the newest price. */
  readonly pricesAsOf: string;
}

interface Claim {
  readonly claim: string;
  readonly figure: string;
  readonly source: string;
  readonly verdict: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(1).replace(/\.0$/, '')} %`;
const times = (factor: number): string => `${factor.toFixed(factor < 10 ? 1 : 0)}×`;

/** Writes the page that holds the claims about Bedrock savings against what we measured or computed. */
export function renderPlaybook(facts: PlaybookFacts): string {
  const rows = claims(facts).map(
    ({ claim, figure, source, verdict }) => `| ${claim} | ${figure} | ${source} | ${verdict} |`,
  );
  return `# Playbook

<!-- Written by \`pnpm docs:demo\`; the check fails when it is out of date. -->

What is said about saving on Bedrock, beside what we measured or computed. *Demo* is the bill of \`pnpm demo\`: real requests of the
real SDK, simulated models, prices as of ${facts.pricesAsOf}. *Catalogue* is computed from the prices of every text model that is sold today
(${current(facts).length} models), at on-demand rates.

| claim | our figure | source | verdict |
| --- | --- | --- | --- |
${rows.join('\n')}

What the demo assumes, and what its total becomes when the assumptions do not hold:

| | bare | through costkit | saved | right answers |
| --- | ---: | ---: | ---: | ---: |
${sensitivity(facts.demo)}

Accuracy of the simulated models: ${facts.demo.assumptions.accuracySource}. Their response to a request to be brief:
${facts.demo.assumptions.brevitySource}.
`;
}

function claims({ demo, models, pricesAsOf }: PlaybookFacts): Claim[] {
  const priced = current({ models, pricesAsOf }).flatMap((model) => {
    const row = basePrice(model);
    return row?.rates.input === undefined || row.rates.input === 0
      ? []
      : [{ model, row, input: row.rates.input }];
  });
  const outputRatios = priced.flatMap(({ row, input }) =>
    row.rates.output === undefined ? [] : [row.rates.output / input],
  );
  const usual = outputRatios.filter((ratio) => ratio >= 3 && ratio <= 5).length;
  const inputs = priced.map(({ input }) => input);
  const readDiscounts = priced.flatMap(({ row, input }) =>
    row.rates.cacheRead === undefined ? [] : [1 - row.rates.cacheRead / input],
  );
  const batchDiscounts = priced.flatMap(({ model }) => batchDiscount(model));
  const half = batchDiscounts.filter((discount) => Math.abs(discount - 0.5) < 0.005).length;
  const routing = step(demo, 'routing');
  const caching = step(demo, 'prompt caching');
  const output = step(demo, 'output limits');
  const batch = step(demo, 'batch');
  return [
    {
      claim: 'Output tokens cost 3 to 5 times as much as input tokens',
      figure: `median ${times(quantile(outputRatios, 0.5))}, from ${times(Math.min(...outputRatios))} to ${times(Math.max(...outputRatios))}; ${usual} of ${outputRatios.length} models lie within 3 to 5`,
      source: 'catalogue',
      verdict: 'holds for most models; look yours up',
    },
    {
      claim: 'Rates of models lie 50 to 100 times apart',
      figure: `${times(quantile(inputs, 0.9) / quantile(inputs, 0.1))} between the 90th and the 10th percentile of input rates, ${times(Math.max(...inputs) / Math.min(...inputs))} between dearest and cheapest`,
      source: 'catalogue',
      verdict: 'holds for models that one application would choose between; the extremes lie further apart',
    },
    {
      claim: 'Routing to smaller models saves a factor of 5 to 10',
      figure: `${times(routing.before / routing.usd)} on the demo's mix of 80 % easy and 20 % hard questions and a nightly job`,
      source: 'demo',
      verdict: 'depends on the share of easy work, and on an evaluation that shows it is easy',
    },
    {
      claim: 'Caching saves up to 90 %',
      figure: `a token read from the cache costs ${percent(quantile(readDiscounts, 0.5))} less (median of ${readDiscounts.length} models, up to ${percent(Math.max(...readDiscounts))}); the step saved ${percent(1 - caching.usd / caching.before)} of the demo's bill`,
      source: 'catalogue, demo',
      verdict: 'true of a token that is read, not of a bill: writes, misses and answers cost what they cost',
    },
    {
      claim: 'Batch saves about 50 %',
      figure: `${half} of ${batchDiscounts.length} models with a batch price take exactly half; the step saved ${percent(1 - batch.usd / batch.before)} of what the demo still cost, because only its nightly job can wait`,
      source: 'catalogue, demo',
      verdict: 'true of what can wait; a cached prefix is not read in batch',
    },
    {
      claim: 'Limiting output saves 20 to 50 % of it',
      figure: `${percent(1 - output.usd / output.before)} of the demo's bill, with answers ${percent(1 - demo.assumptions.brevityShareKept)} shorter where brevity was asked for`,
      source: `demo; ${demo.assumptions.brevitySource}`,
      verdict: 'plausible, and the least certain: measure it with a hold-out',
    },
    {
      claim: 'A bill of $9,000 a month becomes $1,700 (−81 %)',
      figure: `$9,000 becomes $${Math.round(batch.monthUsd).toLocaleString('en-US')} (−${demo.savedPercent.toFixed(1)} %), right answers ${demo.quality.baseline} before and ${demo.quality.final} after`,
      source: 'demo',
      verdict: 'reached on this mix; your own mix decides',
    },
  ];
}

function step(demo: DemoResult, name: string): { usd: number; before: number; monthUsd: number } {
  const index = demo.steps.findIndex((candidate) => candidate.name === name);
  const [before, found] = [demo.steps[index - 1], demo.steps[index]];
  if (before === undefined || found === undefined) throw new Error(`the demo has no step "${name}"`);
  return { usd: found.usd, before: before.usd, monthUsd: found.monthUsd };
}

function sensitivity(demo: DemoResult): string {
  const asIs = {
    assumption: 'as assumed',
    baselineUsd: demo.baselineUsd,
    finalUsd: demo.finalUsd,
    savedPercent: demo.savedPercent,
    rightAnswers: demo.quality.final,
  };
  return [asIs, ...demo.sensitivity]
    .map(
      ({ assumption, baselineUsd, finalUsd, savedPercent, rightAnswers }) =>
        `| ${assumption} | $${baselineUsd.toFixed(2)} | $${finalUsd.toFixed(2)} | ${savedPercent.toFixed(1)} % | ${rightAnswers} |`,
    )
    .join('\n');
}

/** Text models that a new application would choose from. */
function current({ models, pricesAsOf }: Pick<PlaybookFacts, 'models' | 'pricesAsOf'>): CatalogueModel[] {
  return models.filter(
    ({ kind, lifecycle: { legacyFrom, endOfLife } }) =>
      kind === 'text' && ![legacyFrom, endOfLife].some((date) => date !== undefined && date <= pricesAsOf),
  );
}

function basePrice(model: CatalogueModel): PriceRow | undefined {
  return model.prices.find(
    ({ tier, region, aboveTokens }) =>
      tier === 'standard' && region === undefined && aboveTokens === undefined,
  );
}

function batchDiscount(model: CatalogueModel): number[] {
  const batch = model.prices.find(({ tier, aboveTokens }) => tier === 'batch' && aboveTokens === undefined);
  const standard = model.prices.find(
    ({ tier, scope, region, aboveTokens }) =>
      tier === 'standard' && scope === batch?.scope && region === batch.region && aboveTokens === undefined,
  );
  const input = (rates: Rates | undefined): number => rates?.input ?? 0;
  return input(batch?.rates) === 0 || input(standard?.rates) === 0
    ? []
    : [1 - input(batch?.rates) / input(standard?.rates)];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN;
}
