import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { agrees, type ComparedRate, comparedRates } from './genai-prices.js';

/** The catalogue and @pydantic/genai-prices as both stood on this day. */
const DAY = new Date('2026-11-22T00:00:00Z');

interface Disagreement {
  readonly ids: readonly string[];
  readonly rates: Readonly<Record<string, { readonly ours: number | null; readonly theirs: number }>>;
  readonly reason: string;
}

const REVIEWED = JSON.parse(
  readFileSync(new URL('fixtures/genai-prices-disagreements.json', import.meta.url), 'utf8'),
) as readonly Disagreement[];

const line = ({ id, field, ours, theirs }: ComparedRate): string =>
  `${id} ${field}: ours ${ours}, theirs ${theirs}`;

describe('the catalogue beside @pydantic/genai-prices', () => {
  const compared = comparedRates(DAY);
  const found = compared.filter((rate) => !agrees(rate)).map(line);
  const reviewed = REVIEWED.flatMap(({ ids, rates }) =>
    ids.flatMap((id) =>
      Object.entries(rates).map(([field, { ours, theirs }]) => line({ id, field, ours, theirs })),
    ),
  );

  it('compares hundreds of rates, so that agreement means something', () => {
    expect(compared.length).toBeGreaterThan(600);
    expect(new Set(compared.map(({ id }) => id)).size).toBeGreaterThan(150);
  });

  it('differs only where a reviewed line gives the reason', () => {
    expect(found.filter((disagreement) => !reviewed.includes(disagreement))).toEqual([]);
  });

  it('keeps no reviewed line that is no longer needed', () => {
    expect(reviewed.filter((disagreement) => !found.includes(disagreement))).toEqual([]);
  });

  it('has a reason in words for each', () => {
    for (const { reason } of REVIEWED) expect(reason.length).toBeGreaterThan(40);
  });
});
