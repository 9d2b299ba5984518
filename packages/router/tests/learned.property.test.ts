import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom, shuffled } from '../src/evaluation/seeded-random.js';
import { chooseThreshold, type ThresholdSample } from '../src/evaluation.js';
import { loadRouterModel, type RouterModel } from '../src/index.js';
import { trainedModel } from './trained-model.js';

const RUNS = fc.readConfigureGlobal()?.numRuns ?? 100;
let model: RouterModel;
beforeAll(async () => {
  model = await trainedModel();
}, 60_000);

describe('a trained router', () => {
  it('scores any text from 0 to 1, in the order of the gain, as its saved form does', async () => {
    const loaded = await loadRouterModel(JSON.stringify(model));
    // Any code points: `fc.string` takes seconds to find out which there are.
    const text = fc
      .array(fc.nat(0x10_ffff), { maxLength: 200 })
      .map((points) => String.fromCodePoint(...points));
    fc.assert(
      fc.property(text, text, fc.option(text, { nil: undefined }), (one, other, task) => {
        const [left, right] = [model.assess(one, task), model.assess(other, task)];
        for (const { score, gain } of [left, right]) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
          expect(Math.abs(gain)).toBeLessThanOrEqual(1);
        }
        expect(Math.sign(left.score - right.score)).toBe(Math.sign(left.gain - right.gain));
        expect(loaded.assess(one, task)).toEqual(left);
      }),
      { numRuns: RUNS },
    );
  });
});

const sample = fc.record({
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  known: fc.boolean(),
  cheap: fc.constantFrom(0, 0.5, 1),
  strong: fc.constantFrom(0, 0.5, 1),
});

describe('chooseThreshold', () => {
  it('sends to the cheap tier what it says, and keeps the target on the samples themselves', () => {
    fc.assert(
      fc.property(
        fc.array(sample, { minLength: 1, maxLength: 300 }),
        fc.double({ min: 0.8, max: 1, noNaN: true }),
        (samples, keep) => {
          const choice = chooseThreshold(samples, { keepShareOfStrongQuality: keep });
          const goesCheap = ({ known, score }: (typeof samples)[number]): boolean =>
            known && score < choice.threshold;
          const cheap = samples.filter(goesCheap).length;
          // A score of exactly 1 is the one that no threshold up to 1 can let through.
          if (samples.every(({ score }) => score < 1)) {
            expect(choice.cheapShare).toBeCloseTo(cheap / samples.length, 10);
            expect(choice.shareOfStrongQuality).toBeGreaterThanOrEqual(keep - 1e-9);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  /** The same for every delta, and in order, because sorting is most of the work. */
  const splits = (): { seen: ThresholdSample[]; fresh: ThresholdSample[] }[] => {
    const random = seededRandom(3);
    const records = Array.from({ length: 4_000 }, () => {
      const hardness = random();
      const score = Math.min(0.999, Math.max(0, hardness * 0.6 + random() * 0.3));
      return {
        score,
        cheap: random() < 0.97 - 0.7 * hardness ** 2 ? 1 : 0,
        strong: random() < 0.95 - 0.2 * hardness ? 1 : 0,
      };
    });
    records.sort((one, other) => one.score - other.score);
    return Array.from({ length: 200 }, (_, split) => {
      const isSeen = shuffled([...records.keys()], split).map((at) => at < 2_000);
      return {
        seen: records.filter((_record, at) => isSeen[at] === true),
        fresh: records.filter((_record, at) => isSeen[at] !== true),
      };
    });
  };
  let prepared: ReturnType<typeof splits> | undefined;

  it.each([0.05, 0.1, 0.3])('misses the target in at most %s of 200 random splits', (delta) => {
    prepared ??= splits();
    let missed = 0;
    let cheapShare = 0;
    for (const { seen, fresh } of prepared) {
      const choice = chooseThreshold(seen, { keepShareOfStrongQuality: 0.97, delta });
      let [strong, reached] = [0, 0];
      for (const one of fresh) {
        strong += one.strong;
        reached += one.score < choice.threshold ? one.cheap : one.strong;
      }
      if (reached < 0.97 * strong) missed += 1;
      cheapShare += choice.cheapShare / 200;
    }
    expect(missed / 200).toBeLessThanOrEqual(delta);
    expect(cheapShare).toBeGreaterThan(0.2);
  });
});
