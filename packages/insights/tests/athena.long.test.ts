import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Analysis, Recommendation } from '../src/types.js';
import { comparable, threeWays } from './athena-results.js';
import { temporaryFolder } from './temporary-folder.js';
import { generateTraffic } from './traffic/generate-traffic.js';

/** What is found by reading single requests again, which rows without content do not allow. */
const SAMPLED: readonly string[] = ['prompt-caching', 'vector-store'];

/** The others; of several requests that show the same dollars any may be named. */
const unsampled = ({ recommendations }: Analysis): readonly Partial<Recommendation>[] =>
  recommendations
    .filter(({ kind }) => !SAMPLED.includes(kind))
    .map(({ rank: _, alternativeTo: __, perMonthAfterOthers: ___, evidence: ____, ...one }) => one)
    .sort(
      (one, other) =>
        other.perMonth.expected.compare(one.perMonth.expected) || one.title.localeCompare(other.title),
    );

describe('src/athena', { timeout: 120_000 }, () => {
  it('says of generated traffic what the logs say, to the last digit', async () => {
    const folder = temporaryFolder();
    generateTraffic(folder, 7, 4);
    const { direct, byAttribution, byCalls } = await threeWays(folder, [join(folder, 'cur.csv')]);
    expect(direct.calls).toBeGreaterThan(1_000);
    expect(byAttribution.total.picoUsd).toBe(direct.total.picoUsd);
    expect(comparable(byAttribution)).toEqual(comparable(direct));
    expect(byAttribution.notes.join(' ')).toContain(`${direct.calls} calls come from Athena by the hour`);
    expect(byAttribution.topRequests).toEqual([]);
    expect(byCalls.attribution).toEqual(direct.attribution);
    expect(byCalls.topRequests).toEqual(direct.topRequests);
    expect(byCalls.cacheTimeline).toEqual(direct.cacheTimeline);
    expect(unsampled(byCalls)).toEqual(unsampled(direct));
    const kinds = (analysis: Analysis): readonly string[] =>
      analysis.recommendations
        .filter(({ kind }) => kind !== 'vector-store')
        .map(({ kind, task }) => `${kind} ${task}`)
        .sort();
    expect(kinds(byCalls)).toEqual(kinds(direct));
    expect(new Set(direct.recommendations.map(({ kind }) => kind)).size).toBeGreaterThan(8);
  });
});
