import { InvalidOptionError } from '@costkit/core';
import { beforeAll, describe, expect, it } from 'vitest';
import { promptRecords, syntheticRecords } from '../../tests/synthetic-records.js';
import { trainedModel } from '../../tests/trained-model.js';
import { seededRandom } from '../evaluation/seeded-random.js';
import { RouterModelError } from './errors.js';
import { loadCascadeScorer, loadRouterModel, trainCascadeScorer, trainRouter } from './train-router.js';
import type { GradedOutcome, RouterModel } from './types.js';

const OPTIONS = { cheap: 'small', strong: 'large', createdAt: new Date('2026-11-28T00:00:00Z') };
const HARD = 'please find the integral of the matrix and the entropy of a tensor';
const EASY = 'what is the name of the capital city and the river of a country';

let model: RouterModel;
beforeAll(async () => {
  model = await trainedModel();
}, 60_000);

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

describe('trainRouter', () => {
  it('scores hard prompts above easy ones, with the task and without', () => {
    expect(model.score(HARD)).toBeGreaterThan(model.score(EASY) + 0.2);
    expect(model.score(HARD, 'mathematics')).toBeGreaterThan(model.score(EASY, 'facts') + 0.2);
    expect(model.score(HARD, 'mathematics')).not.toBe(model.score(HARD));
    expect(model.assess(HARD).gain).toBeGreaterThan(model.assess(EASY).gain + 0.2);
  });

  it('says chances that come true on new prompts', () => {
    const fresh = promptRecords(2_000, 2).map(({ prompt, outcomes }) => ({
      score: model.score(prompt),
      short: outcomes['small']!.score < outcomes['large']!.score ? 1 : 0,
    }));
    for (const part of [fresh.filter(({ score }) => score < 0.3), fresh.filter(({ score }) => score > 0.5)]) {
      expect(part.length).toBeGreaterThan(200);
      const said = average(part.map(({ score }) => score));
      expect(Math.abs(said - average(part.map(({ short }) => short)))).toBeLessThan(0.08);
    }
  });

  it('makes the same model for the same records and seed, and another for another seed', async () => {
    const records = promptRecords(60, 4);
    const [one, same, other] = await Promise.all([
      trainRouter(records, OPTIONS),
      trainRouter(records, OPTIONS),
      trainRouter(records, { ...OPTIONS, seed: 2 }),
    ]);
    expect(JSON.stringify(same)).toBe(JSON.stringify(one));
    expect(other.provenance).toEqual({
      createdAt: '2026-11-28T00:00:00.000Z',
      records: 60,
      cheap: 'small',
      strong: 'large',
      seed: 2,
    });
  });

  it('does not know what is unlike its records', () => {
    expect(model.assess(HARD).known).toBe(true);
    expect(model.assess('Wie viele Äpfel liegen im Korb?').known).toBe(false);
    expect(model.assess('').known).toBe(false);
    expect(model.assess(HARD.repeat(100)).known).toBe(false);
  });

  it('names the tier for its target, the strong one for what it does not know', () => {
    expect(model.threshold?.target).toEqual({
      keepShareOfStrongQuality: 0.85,
      delta: 0.1,
      overPrompts: 500,
    });
    expect(model.threshold?.cheapShare).toBeGreaterThan(0.3);
    expect(model.assess(EASY).tier).toBe('small');
    expect(model.assess(HARD).tier).toBe('large');
    expect(model.assess('Wie viele Äpfel liegen im Korb?').tier).toBe('large');
  });

  it('compares prompts whose task is not told with a threshold of their own', async () => {
    // The words say nothing: only the task tells.
    const words = ['stone', 'river', 'lamp', 'coat', 'bread', 'wheel'];
    const random = seededRandom(8);
    const records = Array.from({ length: 400 }, (_, at) => {
      const isEasy = at % 2 === 0;
      return {
        prompt: [1, 2, 3].map(() => words[Math.floor(random() * words.length)]).join(' '),
        task: isEasy ? 'names' : 'proofs',
        outcomes: { small: { score: isEasy || at % 4 === 1 ? 1 : 0 }, large: { score: 1 } },
      };
    });
    const trained = await trainRouter(records, { ...OPTIONS, target: { keepShareOfStrongQuality: 0.95 } });
    const { threshold, thresholdWithoutTask } = trained;
    expect(threshold?.cheapShare).toBeCloseTo(0.5, 1);
    expect(thresholdWithoutTask?.cheapShare).toBeLessThan(0.2);
    const [{ prompt }] = records as [(typeof records)[0]];
    const told = trained.assess(prompt, 'names');
    expect(told).toMatchObject({ threshold: threshold?.threshold, tier: 'small' });
    for (const task of [undefined, 'recipes'])
      expect(trained.assess(prompt, task)).toMatchObject({
        threshold: thresholdWithoutTask?.threshold,
        tier: 'large',
      });
    const loaded = await loadRouterModel(JSON.stringify(trained));
    expect(loaded.thresholdWithoutTask).toEqual(thresholdWithoutTask);
    expect(loaded.assess(prompt)).toEqual(trained.assess(prompt));
  });

  it('fits in a megabyte and holds no word of a prompt', () => {
    const text = JSON.stringify(model);
    expect(text.length).toBeLessThan(1_000_000);
    expect(text).not.toContain('eigenvalue');
  });

  it.each([
    ['another option', { ...OPTIONS, model: 'x' }, 'model'],
    ['no cheap tier', { strong: 'large' }, 'cheap'],
    ['one tier twice', { cheap: 'large', strong: 'large' }, 'strong'],
    ['a seed that is no integer', { ...OPTIONS, seed: 0.5 }, 'seed'],
    ['no date', { ...OPTIONS, createdAt: new Date('x') }, 'createdAt'],
    ['a target without a share', { ...OPTIONS, target: {} }, 'target.keepShareOfStrongQuality'],
    ['a tier without grades', { ...OPTIONS, strong: 'huge' }, 'records[0].outcomes.huge.score'],
  ])('rejects %s', async (_, options, option) => {
    await expect(trainRouter(promptRecords(50, 1), options as typeof OPTIONS)).rejects.toMatchObject({
      code: 'COSTKIT_INVALID_OPTION',
      option,
    });
  });

  it('rejects too few records', async () => {
    await expect(trainRouter(promptRecords(39, 1), OPTIONS)).rejects.toThrow(
      'costkit router: option "records" must hold at least 40 graded records; it holds 39.',
    );
    await expect(trainRouter({} as never, OPTIONS)).rejects.toBeInstanceOf(InvalidOptionError);
  });

  it('orders new prompts better for the grades of further tiers, which may be missing', async () => {
    const random = seededRandom(5);
    const grade = (chance: number): { score: number; usd: number } => ({
      score: random() < chance ? 1 : 0,
      usd: 0,
    });
    // Every prompt has a difficulty of its own, which all tiers but the strong one share.
    const records = promptRecords(240, 6).map((record) => {
      const chance = record.task === 'mathematics' ? 0.35 : 0.75;
      const further = [1, 2, 3, 4, 5, 6].map((tier) => [`other-${tier}`, grade(chance)] as const);
      return {
        prompt: record.prompt,
        outcomes: {
          small: grade(chance),
          large: grade(0.95),
          ...Object.fromEntries(further.slice(random() * 3)),
        },
      };
    });
    const fresh = promptRecords(1_000, 7);
    const hard = fresh.map(({ task }) => task === 'mathematics');
    const separation = (one: RouterModel): number => {
      const scores = fresh.map(({ prompt }) => one.score(prompt));
      const order = [...scores.keys()].sort((left, right) => scores[right]! - scores[left]!);
      const first = order.slice(0, hard.filter(Boolean).length);
      return average(first.map((at) => (hard[at] === true ? 1 : 0)));
    };
    const alone = records.map(({ prompt, outcomes: { small, large } }) => ({
      prompt,
      outcomes: { small, large },
    }));
    const [pair, all] = await Promise.all([trainRouter(alone, OPTIONS), trainRouter(records, OPTIONS)]);
    expect(separation(all)).toBeGreaterThan(separation(pair) + 0.02);
  });

  it('rejects a grade of a further tier that is none', async () => {
    const records = promptRecords(50, 1).map((record, at) => ({
      ...record,
      outcomes: { ...record.outcomes, middle: { score: at === 7 ? Number.NaN : 1, usd: 0 } },
    }));
    await expect(trainRouter(records, OPTIONS)).rejects.toMatchObject({
      option: 'records[7].outcomes.middle.score',
    });
  });

  it('learns from records of which all have the same grades', async () => {
    const records = promptRecords(60, 1).map((record) => ({
      ...record,
      outcomes: { small: { score: 1, usd: 0 }, large: { score: 1, usd: 0 } },
    }));
    expect((await trainRouter(records, OPTIONS)).score(EASY)).toBeLessThan(0.1);
  });
});

describe('trainCascadeScorer', () => {
  it('scores an answer with which another agrees below one with which it does not', async () => {
    const scorer = await trainCascadeScorer(syntheticRecords(200, 1), OPTIONS);
    const text = 'The answer is 7.';
    const agreed = scorer.score(EASY, { text, second: 'The answer is 7.' });
    const doubted = scorer.score(EASY, { text, second: 'The answer is 9.' });
    expect(doubted).toBeGreaterThan(agreed + 0.2);
    const loaded = await loadCascadeScorer(JSON.stringify(scorer));
    expect(loaded.score(EASY, { text, second: 'The answer is 9.' })).toBe(doubted);
  });

  it('trusts an answer more whose words the cheap tier found likely', async () => {
    const random = seededRandom(8);
    const records = syntheticRecords(200, 9).map((record) => {
      const { small, large } = record.outcomes as { small: GradedOutcome; large: GradedOutcome };
      const meanLogProbability = -(small.score === 1 ? 0.1 : 0.5) * (0.5 + random());
      return {
        ...record,
        outcomes: { small, large },
        answer: { text: 'The answer is 7.', meanLogProbability },
      };
    });
    const scorer = await trainCascadeScorer(records, OPTIONS);
    const scoreOf = (meanLogProbability: number): number =>
      scorer.score(EASY, { text: 'The answer is 7.', meanLogProbability });
    expect(scoreOf(-0.6)).toBeGreaterThan(scoreOf(-0.05) + 0.2);
  });

  it.each([
    ['text', undefined],
    ['confidence', 1.5],
    ['confidence', Number.NaN],
    ['meanLogProbability', 0.1],
    ['meanLogProbability', Number.NEGATIVE_INFINITY],
  ])('rejects an answer whose %s is %s', async (name, value) => {
    const records = syntheticRecords(50, 1).map((record) => ({
      ...record,
      answer: { ...record.answer, [name]: value },
    }));
    await expect(trainCascadeScorer(records, OPTIONS)).rejects.toMatchObject({
      option: `records[0].answer.${name}`,
    });
  });

  it('rejects records without an answer', async () => {
    await expect(trainCascadeScorer(promptRecords(50, 1) as never, OPTIONS)).rejects.toMatchObject({
      option: 'records[0].answer.text',
    });
  });
});

describe('loadRouterModel', () => {
  it('reads what a model was saved as', async () => {
    const saved = await trainRouter(promptRecords(60, 1), {
      ...OPTIONS,
      target: { keepShareOfStrongQuality: 0.9 },
    });
    const loaded = await loadRouterModel(JSON.parse(JSON.stringify(saved)));
    expect(loaded.toJSON()).toEqual(saved.toJSON());
    expect(loaded.assess(HARD)).toEqual(saved.assess(HARD));
  });

  it('says what is wrong and where', async () => {
    const json = model.toJSON();
    const cases: readonly (readonly [unknown, string])[] = [
      ['{', ''],
      [7, ''],
      [{ ...json, version: 2 }, 'version'],
      [{ ...json, kind: 'answer' }, 'kind'],
      [{ ...json, extra: 1 }, 'extra'],
      [{ ...json, rarity: 'AAAA' }, 'rarity'],
      [
        { ...json, heads: { ...json.heads, cheap: { ...json.heads.cheap, structure: [1] } } },
        'heads.cheap.structure',
      ],
      [{ ...json, tasks: { a: 'b' } }, 'tasks.a'],
      [{ ...json, calibration: undefined }, 'calibration'],
    ];
    for (const [value, path] of cases) {
      const error = await loadRouterModel(value).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RouterModelError);
      expect(error).toMatchObject({ code: 'COSTKIT_INVALID_ROUTER_MODEL', path });
    }
  });
});
