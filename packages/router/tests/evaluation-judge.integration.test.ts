import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LocalModel } from '@costkit/local';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EvaluationOptions, evaluateTiers, forecastEvaluation, judgeGrader } from '../src/evaluation.js';
import { answering, billed, casesOf, EVALUATED, startEvaluated } from './evaluation-fixture.js';
import { OPUS, SONNET } from './fake-bedrock.js';

/** Prefers the number to any word; cannot decide about case 1, and about case 2 takes what stands first. */
const judging: LocalModel = {
  kind: 'judge',
  answer: ({ userText }) => {
    const [, number = ''] = /Question \w+ (\d+)/.exec(userText) ?? [];
    const first = /<first>\n(.*)\n<\/first>/.exec(userText)?.[1];
    const said = number === '1' ? 'TIE' : number === '2' ? 'FIRST' : first === number ? 'FIRST' : 'SECOND';
    return { parts: [{ type: 'text', text: `Because of it.\n${said}` }] };
  },
};

let evaluated: Awaited<ReturnType<typeof startEvaluated>>;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-judge-'));
  evaluated = await startEvaluated(
    answering((_, number) => (number < 6 ? 'word' : undefined)),
    { [SONNET]: judging },
  );
});
afterEach(async () => {
  await evaluated.stop();
  rmSync(folder, { recursive: true });
});

const options = (more: Partial<EvaluationOptions> = {}): EvaluationOptions => ({
  client: evaluated.client,
  cases: casesOf('write', 12),
  tiers: EVALUATED,
  grade: judgeGrader({ client: evaluated.client, modelId: SONNET, maxTokens: 40 }),
  ...more,
});

describe('evaluateTiers with a judge', () => {
  it('reports agreement, and has the judge on its bill', async () => {
    const report = await evaluateTiers(options());
    // Twelve cases for two tiers, and two verdicts on each of the six that differ.
    expect(evaluated.bedrock.requests()).toHaveLength(24 + 12);
    expect(report.judge).toEqual({
      compared: 6,
      agreement: 5 / 6,
      ties: 1,
      positionDisagreements: 1,
      unreadable: 0,
    });
    const [cheap, strong] = report.tasks[0]?.tiers ?? [];
    expect(strong?.score).toBe(0.5);
    expect(cheap?.score).toBeCloseTo((6 * 0.5 + 2 * 0.5 + 4 * 0) / 12, 12);
    expect(report.spentUsdExact).toBe(billed(evaluated.bedrock));
    expect(report.gradingUsd).toBeGreaterThan(0);
    const forecast = report.forecast.lines.find(({ name }) => name === 'judge');
    expect(forecast).toMatchObject({ modelId: SONNET, calls: 24 });
    expect(forecast?.highestUsd).toBeGreaterThan(report.gradingUsd);
  });

  it('needs kept answers to go on from a file, and then pays nothing twice', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    await expect(evaluateTiers(options({ resultsFile }))).rejects.toThrow(/keepAnswers/);
    const first = await evaluateTiers(options({ resultsFile, keepAnswers: true }));
    const second = await evaluateTiers(options({ resultsFile, keepAnswers: true }));
    expect(second.judge).toEqual(first.judge);
    expect(evaluated.bedrock.requests()).toHaveLength(36);
    expect(second.spentUsdExact).toBe(billed(evaluated.bedrock));
  });

  it('judges no answer whose baseline the limit has kept from being asked', async () => {
    const cases = casesOf('write', 30, 5);
    const { highestUsd } = await forecastEvaluation(options({ cases }));
    const report = await evaluateTiers(
      options({ cases, maxUsd: Number(((highestUsd ?? 0) / 16).toFixed(6)), onMaxUsd: 'stop' }),
    );
    expect(report.missing).toBeGreaterThan(0);
    for (const { id, tier } of report.outcomes) {
      if (tier === 'cheap')
        expect(report.outcomes.some((other) => other.id === id && other.tier === 'strong')).toBe(true);
    }
    expect(report.spentUsdExact).toBe(billed(evaluated.bedrock));
  });

  it('lets nothing pass that the judge does not decide', async () => {
    await evaluated.stop();
    const vague: LocalModel = {
      kind: 'judge',
      answer: () => ({ parts: [{ type: 'text', text: 'The first and the second are both answers.' }] }),
    };
    evaluated = await startEvaluated(
      answering(() => 'word'),
      { [SONNET]: vague },
    );
    const report = await evaluateTiers(options({ cases: casesOf('write', 4) }));
    expect(report.judge).toMatchObject({ compared: 4, agreement: 0, unreadable: 8 });
    expect(report.tasks[0]?.tiers[0]?.score).toBe(0);
  });

  it('leaves out what the judge cannot be asked about now, and counts what one order was billed', async () => {
    await evaluated.stop();
    let isIll = true;
    const failing: LocalModel = {
      kind: 'judge',
      answer: ({ userText }) => {
        const isSecondOrder = /<first>\n(.*)\n<\/first>/.exec(userText)?.[1] === 'word';
        if (isIll && isSecondOrder && userText.includes('Question write 3'))
          throw new Error('The judge is ill.');
        return { parts: [{ type: 'text', text: 'TIE' }] };
      },
    };
    evaluated = await startEvaluated(
      answering(() => 'word'),
      { [SONNET]: failing },
    );
    const more = {
      cases: casesOf('write', 8),
      resultsFile: join(folder, 'results.jsonl'),
      keepAnswers: true,
    };
    const first = await evaluateTiers(options(more));
    expect(first).toMatchObject({ missing: 1, judge: { compared: 7 } });
    expect(first.spentUsdExact).toBe(billed(evaluated.bedrock));
    isIll = false;
    const second = await evaluateTiers(options(more));
    expect(second).toMatchObject({ missing: 0, resumed: 15, judge: { compared: 8 } });
    expect(second.spentUsdExact).toBe(billed(evaluated.bedrock));
  });

  it('grades anew what was compared with a call that failed, once that has an answer', async () => {
    await evaluated.stop();
    let isIll = true;
    const strong = answering(() => (isIll ? 'throw' : undefined));
    evaluated = await startEvaluated(
      answering(() => 'word'),
      { [SONNET]: judging, [OPUS]: strong },
    );
    const more = { cases: casesOf('write', 10).slice(3), keepAnswers: true };
    const resultsFile = join(folder, 'results.jsonl');
    await evaluateTiers(options({ ...more, resultsFile }));
    isIll = false;
    const report = await evaluateTiers(options({ ...more, resultsFile }));
    expect(report.judge).toMatchObject({ compared: 7, agreement: 1 });
    expect(report.tasks[0]?.tiers[0]?.score).toBe(0);
  });

  it('forecasts the criteria and the reference that every verdict reads', async () => {
    const judged = async (long: object): Promise<number> => {
      const cases = casesOf('write', 12).map((one) => ({ ...one, ...long }));
      const { lines } = await forecastEvaluation(options({ cases }));
      return lines.find(({ name }) => name === 'judge')?.highestUsd ?? 0;
    };
    const short = await judged({});
    const text = 'Friendly, and true to the contract. '.repeat(200);
    expect(await judged({ rubric: text })).toBeGreaterThan(2 * short);
    expect(await judged({ expected: text })).toBeGreaterThan(2 * short);
  });
});
