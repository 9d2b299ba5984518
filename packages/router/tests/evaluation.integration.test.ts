import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { collectReceipts, type Money, type PlannedSpend, withTags } from '@costkit/core';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type EvaluationOptions,
  evaluateTiers,
  exactGrader,
  forecastEvaluation,
  type Grader,
  makeGrader,
  numericGrader,
  policyFrom,
} from '../src/evaluation.js';
import { parseRoutingPolicy, withRouter } from '../src/index.js';
import { answering, billed, casesOf, EVALUATED, startEvaluated } from './evaluation-fixture.js';
import { HAIKU, OPUS } from './fake-bedrock.js';

let evaluated: Awaited<ReturnType<typeof startEvaluated>>;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'costkit-evaluation-'));
  // Good at sorting, bad at writing.
  evaluated = await startEvaluated(
    answering((task, number) => (task === 'write' && number % 3 === 0 ? 'no' : undefined)),
  );
});
afterEach(async () => {
  await evaluated.stop();
  rmSync(folder, { recursive: true });
});

const options = (more: Partial<EvaluationOptions> = {}): EvaluationOptions => ({
  client: evaluated.client,
  cases: [...casesOf('sort', 12), ...casesOf('write', 9)],
  tiers: EVALUATED,
  grade: exactGrader(),
  ...more,
});
/** Enough of each task for a verdict. */
const JUDGED = { cases: [...casesOf('sort', 40), ...casesOf('write', 30)], bar: { maxLoss: 0.1 } };

const asked = (): number => evaluated.bedrock.requests().length;

describe('evaluateTiers', { timeout: 60_000 }, () => {
  it('says which task may go where, and pays what the bill says; the policy saves it without a loss', async () => {
    const report = await evaluateTiers(options(JUDGED));
    expect(report.outcomes).toHaveLength(140);
    expect(report.spentUsdExact).toBe(billed(evaluated.bedrock));
    const [sort, write] = report.tasks;
    expect(sort).toMatchObject({ task: 'sort', cases: 40, rightOrWrong: true, choice: 'cheap' });
    expect(sort?.tiers[0]).toMatchObject({ tier: 'cheap', score: 1, cases: 40 });
    expect(sort?.tiers[0]?.comparison).toMatchObject({ verdict: 'holds', loss: 0 });
    expect(sort?.tiers[0]?.comparison?.savedShare).toBeCloseTo(0.975, 3);
    expect(sort?.tiers[0]?.comparison?.summary).toMatch(
      /^Holds: loses nothing on 40 cases, at most \d\.\d at 95 %; 10\.0 are allowed\. It saves 97\.5 %\.$/,
    );
    expect(write).toMatchObject({ choice: 'strong' });
    expect(write?.tiers[0]?.comparison).toMatchObject({
      verdict: 'loses',
      discordant: { losses: 10, gains: 0 },
    });
    expect(write?.tiers[0]?.comparison?.differenceP).toBeCloseTo(2 * 0.5 ** 10, 10);
    expect(report.control?.difference).toBeGreaterThan(0);
    // Everything in it survives a file.
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    expect(JSON.stringify(report)).not.toContain('Question');

    const policy = policyFrom(JSON.parse(JSON.stringify(report)));
    expect(parseRoutingPolicy(JSON.stringify(policy))).toEqual(policy);
    expect(policyFrom(report)).toEqual(policy);
    expect(Object.keys(policy.tasks)).toEqual(['sort']);
    expect(policy.tasks['sort']?.evidence).toMatchObject({
      cases: 40,
      score: 1,
      baselineScore: 1,
      tokenRatio: 1,
    });
    expect(policy.provenance?.['stays']).toBe('write (cheap: loses too much)');
    const routed = withRouter(evaluated.client, { tiers: EVALUATED, policy });
    const { result, receipts } = await collectReceipts(() =>
      withTags({ task: 'sort' }, () =>
        routed.send(new ConverseCommand({ ...casesOf('sort', 1)[0]?.request, modelId: OPUS } as never)),
      ),
    );
    expect(result.output?.message?.content?.[0]?.text).toBe('0');
    expect(evaluated.bedrock.requests().at(-1)?.modelId).toBe(HAIKU);
    expect(receipts[0]?.saved?.usd).toBeGreaterThan(0);
  });

  describe('with a budget', () => {
    const guard = (settle: (spent: Money | undefined) => void) => ({
      reserve: vi.fn(async (_: PlannedSpend) => ({ id: 'one', settle })),
    });

    it('holds the most that it can cost before the first call, and books what it has cost', async () => {
      const settled = vi.fn();
      const budget = guard(settled);
      budget.reserve.mockImplementation(async () => {
        expect(asked()).toBe(0);
        return { id: 'one', settle: settled };
      });
      const { highestUsd } = await forecastEvaluation(options());
      const report = await evaluateTiers(options({ budget, tags: { team: 'search' } }));
      const [spend] = budget.reserve.mock.calls[0] as [PlannedSpend];
      expect(spend.tags).toEqual({ team: 'search' });
      expect(spend.amount.usd).toBeCloseTo(highestUsd ?? Number.NaN, 12);
      expect(settled).toHaveBeenCalledOnce();
      const [spent] = settled.mock.calls[0] as [Money];
      expect(spent.toUsdString()).toBe(report.spentUsdExact);
      expect(spent.compare(spend.amount)).toBeLessThanOrEqual(0);
    });

    it('does not begin where there is no room, or where the most is unknown', async () => {
      const budget = guard(vi.fn());
      const full = new Error('no room');
      budget.reserve.mockRejectedValueOnce(full);
      await expect(evaluateTiers(options({ budget }))).rejects.toBe(full);
      const image = { role: 'user', content: [{ image: { format: 'png', source: {} } }] };
      const uncounted = casesOf('sort', 3).map((one) => ({ ...one, request: { messages: [image] } }));
      await expect(evaluateTiers(options({ budget, cases: uncounted as never }))).rejects.toThrow(
        expect.objectContaining({ code: 'COSTKIT_EVALUATION_PRICE_UNKNOWN' }),
      );
      expect(budget.reserve).toHaveBeenCalledOnce();
      expect(asked()).toBe(0);
    });

    it('counts what is on its way where whoever is told of the progress throws', async () => {
      const settled = vi.fn();
      const onProgress = (): void => {
        throw new Error('oops');
      };
      const running = evaluateTiers(options({ budget: guard(settled), onProgress }));
      await expect(running).rejects.toThrow('oops');
      const [spent] = settled.mock.calls[0] as [Money];
      expect(spent.toUsdString()).toBe(billed(evaluated.bedrock));
      expect(asked()).toBeLessThanOrEqual(8);
    });

    it('counts what is on its way where it is broken off', async () => {
      const settled = vi.fn();
      const stop = new AbortController();
      const running = evaluateTiers(
        options({
          budget: guard(settled),
          signal: stop.signal,
          onProgress: ({ done }) => done === 20 && stop.abort(),
        }),
      );
      await expect(running).rejects.toThrow();
      const [spent] = settled.mock.calls[0] as [Money];
      expect(spent.picoUsd).toBeGreaterThanOrEqual(evaluated.bedrock.bill().total.picoUsd);
    });
  });

  it('books its calls under a feature and the task, and changes nothing of the client', async () => {
    const before = evaluated.client.middlewareStack.identify();
    const { receipts } = await collectReceipts(() => evaluateTiers(options({ cases: casesOf('sort', 2) })));
    expect(receipts.map(({ tags }) => tags)).toEqual(
      Array.from({ length: 4 }, () => ({ feature: 'costkit-evaluation', task: 'sort' })),
    );
    expect(evaluated.client.middlewareStack.identify()).toEqual(before);
  });

  it('counts what is cut, and what ends in an error, as wrong', async () => {
    await evaluated.stop();
    evaluated = await startEvaluated(
      answering((_, number) => (number === 1 ? 'throw' : number === 2 ? 'word '.repeat(80) : undefined)),
    );
    const report = await evaluateTiers(options({ cases: casesOf('sort', 4, 20) }));
    expect(report.tasks[0]?.tiers[0]).toMatchObject({
      score: 0.5,
      failures: { refused: 0, cut: 1, malformed: 0, error: 1 },
    });
    expect(report.tasks[0]?.tiers[0]?.comparison).toMatchObject({ verdict: 'undecided' });
    expect(report.tasks[0]?.tiers[0]?.comparison?.summary).toMatch(/^Not enough cases: .* need about \d+/);
    expect(report.spentUsdExact).toBe(billed(evaluated.bedrock));
  });

  it('forecasts what it then pays at most', async () => {
    const forecast = await forecastEvaluation(options());
    expect(asked()).toBe(0);
    expect(forecast).toMatchObject({ calls: 42, alreadySpentUsd: 0 });
    expect(forecast.lines.map(({ name, calls }) => [name, calls])).toEqual([
      ['strong', 21],
      ['cheap', 21],
    ]);
    const { spentUsd } = await evaluateTiers(options());
    expect(spentUsd).toBeLessThanOrEqual(forecast.highestUsd ?? 0);
  });

  it('refuses to begin what may exceed the limit, and pays nothing', async () => {
    const failure = evaluateTiers(options({ maxUsd: '0.0001' }));
    await expect(failure).rejects.toMatchObject({ code: 'COSTKIT_EVALUATION_OVER_BUDGET' });
    await expect(failure).rejects.toThrow(/it may cost \$.* more than maxUsd \$0\.0001000/);
    expect(asked()).toBe(0);
  });

  it('stops before the call that might exceed the limit, and loses nothing', async () => {
    const cases = casesOf('sort', 24, 5);
    const { highestUsd } = await forecastEvaluation(options({ cases }));
    const maxUsd = Number(((highestUsd ?? 0) / 12).toFixed(6));
    const resultsFile = join(folder, 'results.jsonl');
    const first = await evaluateTiers(options({ cases, maxUsd, onMaxUsd: 'stop', resultsFile }));
    expect(first.spentUsd).toBeLessThanOrEqual(maxUsd);
    expect(first.missing).toBeGreaterThan(0);
    expect(first.missing + first.outcomes.length).toBe(48);
    expect(first.spentUsdExact).toBe(billed(evaluated.bedrock));
    const second = await evaluateTiers(options({ cases, resultsFile }));
    expect(second).toMatchObject({ missing: 0, resumed: first.outcomes.length });
    expect(asked()).toBe(48);
    expect(second.spentUsdExact).toBe(billed(evaluated.bedrock));
  });

  it('is ended by a signal, and goes on from there', async () => {
    const controller = new AbortController();
    const resultsFile = join(folder, 'results.jsonl');
    const stopAfter = ({ done }: { readonly done: number }): void => {
      if (done === 10) controller.abort(new Error('Enough.'));
    };
    await expect(
      evaluateTiers(
        options({ resultsFile, signal: controller.signal, onProgress: stopAfter, concurrency: 1 }),
      ),
    ).rejects.toThrow('Enough.');
    expect(asked()).toBe(10);
    expect(await evaluateTiers(options({ resultsFile }))).toMatchObject({ resumed: 10, missing: 0 });
    expect(asked()).toBe(42);
  });

  it('asks again for what failed by an error that may pass', async () => {
    await evaluated.stop();
    let isIll = true;
    evaluated = await startEvaluated(answering((_, number) => (isIll && number === 1 ? 'throw' : undefined)));
    const resultsFile = join(folder, 'results.jsonl');
    const cases = casesOf('sort', 3);
    const ill = await evaluateTiers(options({ cases, resultsFile }));
    expect(ill.tasks[0]?.tiers[0]?.failures.error).toBe(1);
    isIll = false;
    const well = await evaluateTiers(options({ cases, resultsFile }));
    expect(well).toMatchObject({ resumed: 5 });
    expect(well.tasks[0]?.tiers[0]?.score).toBe(1);
  });
});

describe('a results file', () => {
  it('lets the same evaluation run again for nothing, whatever a crash has cut', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    const first = await evaluateTiers(options({ resultsFile }));
    appendFileSync(resultsFile, '{"key":"half a li');
    const second = await evaluateTiers(options({ resultsFile }));
    expect(asked()).toBe(42);
    expect(second.resumed).toBe(42);
    expect(second.tasks).toEqual(first.tasks);
    expect(second.spentUsdExact).toBe(first.spentUsdExact);
    // Written over by what comes next.
    const more = options({ cases: [...casesOf('sort', 13), ...casesOf('write', 9)], resultsFile });
    expect(await evaluateTiers(more)).toMatchObject({ resumed: 42 });
    const lines = readFileSync(resultsFile, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(44);
    for (const line of lines) expect(JSON.parse(line)).toHaveProperty('key');
  });

  it.each([
    ['one case a line, without a last break', `${JSON.stringify(casesOf('sort', 1)[0])}\n{"id":"2"`],
    ['one line without a break', JSON.stringify({ precious: true })],
  ])('that is none stays as it is: %s', async (_, text) => {
    const resultsFile = join(folder, 'precious.json');
    writeFileSync(resultsFile, text);
    await expect(evaluateTiers(options({ resultsFile }))).rejects.toMatchObject({
      code: 'COSTKIT_EVALUATION_RESULTS_INVALID',
    });
    await expect(forecastEvaluation(options({ resultsFile }))).rejects.toThrow(/or the file is none/);
    expect(readFileSync(resultsFile, 'utf8')).toBe(text);
  });

  it('is not begun by a forecast', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    await forecastEvaluation(options({ resultsFile }));
    expect(existsSync(resultsFile)).toBe(false);
  });

  it('serves one process at a time: the second stops before it has paid for much', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    const other = '{"key":"other","gradingUsd":"0","paidUsd":null}\n';
    const onProgress = ({ done }: { readonly done: number }): void => {
      if (done === 3) appendFileSync(resultsFile, other);
    };
    await expect(evaluateTiers(options({ resultsFile, onProgress, concurrency: 2 }))).rejects.toThrow(
      /another process has written to the results file/,
    );
    // One line of its own may be on its way when the other writes.
    expect(asked()).toBeLessThanOrEqual(8);
    const keys = readFileSync(resultsFile, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).key);
    expect(keys).toContain('other');
  });

  it('holds no answers, unless they are to be kept; and may be read by its owner only', async () => {
    const [without, withAnswers] = [join(folder, 'a.jsonl'), join(folder, 'b.jsonl')];
    await evaluateTiers(options({ cases: casesOf('sort', 2), resultsFile: without }));
    await evaluateTiers(options({ cases: casesOf('sort', 2), resultsFile: withAnswers, keepAnswers: true }));
    expect(readFileSync(without, 'utf8')).not.toContain('"text"');
    expect(readFileSync(withAnswers, 'utf8')).toContain('"text"');
    expect(statSync(without).mode & 0o077).toBe(0);
  });

  it('grades kept answers by another grader without asking again', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    await evaluateTiers(options({ resultsFile, keepAnswers: true }));
    const again = await evaluateTiers(options({ resultsFile, keepAnswers: true, grade: numericGrader() }));
    expect(asked()).toBe(42);
    expect(again.forecast.calls).toBe(0);
    expect(again.graders).toEqual({ sort: 'numeric:0:1e-9', write: 'numeric:0:1e-9' });
    expect(again.spentUsdExact).toBe(billed(evaluated.bedrock));
    const third = await evaluateTiers(options({ resultsFile, keepAnswers: true, grade: numericGrader() }));
    expect(third).toMatchObject({ resumed: 42, spentUsdExact: again.spentUsdExact });
  });

  it('keeps what is paid when a grader throws', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    let left = 5;
    const grade: Grader = makeGrader({ id: 'mine' }, () => {
      left -= 1;
      if (left < 0) throw new Error('oops');
      return true;
    });
    const cases = casesOf('sort', 20);
    const failure = evaluateTiers(options({ cases, resultsFile, keepAnswers: true, grade }));
    await expect(failure).rejects.toMatchObject({ code: 'COSTKIT_EVALUATION_GRADER_FAILED' });
    await expect(failure).rejects.toThrow(/the grader mine failed on case "sort-\d+": it threw/);
    left = 1_000;
    await evaluateTiers(options({ cases, resultsFile, keepAnswers: true, grade }));
    expect(asked()).toBe(40);
  });

  it('counts what was paid before a grader threw, answers that it does not keep included', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    const grade: Grader = makeGrader({ id: 'mine' }, () => {
      throw new Error('oops');
    });
    const cases = casesOf('sort', 3);
    await expect(evaluateTiers(options({ cases, resultsFile, grade }))).rejects.toThrow(/it threw/);
    const { alreadySpentUsd } = await forecastEvaluation(options({ cases, resultsFile }));
    expect(alreadySpentUsd).toBe(Number(billed(evaluated.bedrock)));
    const report = await evaluateTiers(options({ cases, resultsFile }));
    expect(report.spentUsdExact).toBe(billed(evaluated.bedrock));
  });

  it('is refused where a line in it is broken', async () => {
    const resultsFile = join(folder, 'results.jsonl');
    for (const line of [
      'no json',
      '{"key":"a","gradingUsd":"much"}',
      '{"key":"a","gradingUsd":"0","paidUsd":"-"}',
    ]) {
      writeFileSync(resultsFile, `${line}\n`);
      await expect(evaluateTiers(options({ resultsFile }))).rejects.toThrow(
        /line 1 of the results file .* is broken/,
      );
    }
    await expect(evaluateTiers(options({ resultsFile: join(folder, 'no/where') }))).rejects.toThrow(/ENOENT/);
    expect(asked()).toBe(0);
  });
});

describe('what evaluateTiers refuses', () => {
  it.each<[string, Partial<EvaluationOptions>, RegExp]>([
    ['one tier', { tiers: [EVALUATED[0]] }, /at least two/],
    ['a baseline that is no tier', { baseline: 'best' }, /known are cheap, strong/],
    ['no client', { client: { send: () => undefined } as never }, /client.*BedrockRuntimeClient/],
    ['an unknown option', { grader: 1 } as never, /"grader" is unknown/],
    ['a file name for cases', { cases: 'cases.jsonl' as never }, /readEvaluationCases/],
    ['no cases', { cases: [] }, /there are no cases/],
    ['a task without a grader', { grade: { sort: exactGrader() } }, /grade.write/],
    [
      'a grader without a task',
      { grade: { sort: exactGrader(), write: exactGrader(), x: exactGrader() } },
      /grade.x/,
    ],
    ['a bar for no task', { bar: { tasks: { x: {} } } }, /bar.tasks.x/],
    ['a loss of nothing', { bar: { maxLoss: 0 } }, /maxLoss/],
    ['a policy for ever', { bar: { expiresInDays: 1e9 } }, /expiresInDays" must be 3650 days at most/],
    ['a limit in another notation', { maxUsd: '0x10' }, /maxUsd" must be an amount of dollars/],
    ['a limit that is none', { maxUsd: [5] as never }, /maxUsd" must be an amount of dollars/],
    [
      'cases that cannot be graded',
      { cases: [{ ...casesOf('sort', 1)[0], expected: 3 } as never] },
      /cannot be graded by exact/,
    ],
  ])('%s, before anything is paid', async (_, more, message) => {
    await expect(evaluateTiers(options(more))).rejects.toThrow(message);
    expect(asked()).toBe(0);
  });

  it('a client whose router moves its calls', async () => {
    const client = withRouter(evaluated.client, { tiers: EVALUATED, rules: [{ when: {}, tier: 'cheap' }] });
    const failure = evaluateTiers(options({ client, concurrency: 1 }));
    await expect(failure).rejects.toMatchObject({ code: 'COSTKIT_EVALUATION_REROUTED' });
    await expect(failure).rejects.toThrow(/has no router/);
    expect(asked()).toBe(1);
  });

  it('a model without a price, unless it is allowed; and never sends a task there', async () => {
    const cases = casesOf('sort', 20);
    const bar = { maxLoss: 0.3, minCases: 10 };
    const tiers = [{ name: 'unpriced', modelId: 'moonshotai.kimi-k3' }, EVALUATED[1]];
    const known = answering(() => undefined);
    await evaluated.stop();
    evaluated = await startEvaluated(known, { 'moonshotai.kimi-k3': known });
    const failure = evaluateTiers(options({ cases, tiers }));
    await expect(failure).rejects.toMatchObject({ code: 'COSTKIT_EVALUATION_PRICE_UNKNOWN' });
    await expect(failure).rejects.toThrow(/price of moonshotai.kimi-k3 is unknown/);
    const limited = options({ cases, tiers, allowUnknownPrices: true, maxUsd: 1 });
    await expect(evaluateTiers(limited)).rejects.toThrow(/without it no limit can be kept/);
    expect(asked()).toBe(0);
    const report = await evaluateTiers(options({ cases, tiers, bar, allowUnknownPrices: true }));
    expect(report.forecast.expectedUsd).toBeNull();
    expect(report.tasks[0]?.tiers[0]?.comparison).toMatchObject({ verdict: 'holds', savedShare: null });
    expect(report.tasks[0]).toMatchObject({ choice: 'strong' });
    expect(policyFrom(report).tasks).toEqual({});
  });

  it('a limit where a model has no cap that is known, or a request holds media', async () => {
    const image = { format: 'png', source: { bytes: new Uint8Array(10) } };
    const withImage = {
      id: 'image',
      task: 'sort',
      request: { messages: [{ role: 'user', content: [{ image }, { text: 'Question sort 1?' }] }] },
      expected: '1',
    };
    const failure = evaluateTiers(options({ cases: [withImage], maxUsd: 5 }));
    await expect(failure).rejects.toThrow(/the most that it can cost is unknown/);
    expect(asked()).toBe(0);
  });

  it('nothing that negotiated prices make cheaper', async () => {
    const priceOverrides = [{ model: 'anthropic.*', multiplier: '0.5' }] as const;
    const half = await forecastEvaluation(options({ priceOverrides }));
    const whole = await forecastEvaluation(options());
    expect(half.expectedUsd).toBeCloseTo((whole.expectedUsd ?? 0) / 2, 9);
  });

  it('calls that leave no receipt', async () => {
    vi.stubEnv('COSTKIT_MODE', 'off');
    const failure = evaluateTiers(options({ cases: casesOf('sort', 1) }));
    await expect(failure).rejects.toMatchObject({ code: 'COSTKIT_EVALUATION_NO_RECEIPT' });
    vi.unstubAllEnvs();
  });
});
