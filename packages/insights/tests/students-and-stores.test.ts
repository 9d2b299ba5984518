import { distillationPayback, vectorStoreCost } from '@costkit/planner';
import { describe, expect, it } from 'vitest';
import { analyzeLogs } from '../src/analyze-logs.js';
import type { EvaluationLike } from '../src/evaluation-like.js';
import type { Analysis, AnalyzeOptions } from '../src/types.js';
import { lines, writeBelow } from './one-record.js';
import { temporaryFolder } from './temporary-folder.js';
import { type LoggedCall, logRecord } from './traffic/log-record.js';

const START = Date.UTC(2026, 9, 20);
const DAYS = 4;
const HOUR_MS = 3_600_000;
const LLAMA = 'us.meta.llama3-3-70b-instruct-v1:0';
const DEPLOYED = 'arn:aws:bedrock:us-west-2:123456789012:custom-model-deployment/abcdefghijkl';

/** A call every hour of four days. */
const hourly = (callOf: (index: number) => Partial<LoggedCall> & Pick<LoggedCall, 'body'>): LoggedCall[] =>
  Array.from({ length: 24 * DAYS + 1 }, (_, index) => ({
    at: START + index * HOUR_MS,
    modelId: LLAMA,
    feature: 'reports',
    region: 'us-west-2',
    input: 15_000,
    output: 400,
    ...callOf(index),
  }));

/** Questions of a task, so many of them different in each half. */
const questions = (call: Partial<LoggedCall> = {}, different = Number.POSITIVE_INFINITY): LoggedCall[] =>
  [0, 1].flatMap((half) =>
    hourly((index) => ({
      body: { messages: [{ role: 'user', content: [{ text: `Report ${half} ${index % different}` }] }] },
      ...call,
    })),
  );

async function analysisOf(
  calls: readonly LoggedCall[],
  options: Partial<AnalyzeOptions> = {},
  bill: readonly string[] = [],
): Promise<Analysis> {
  const folder = temporaryFolder();
  writeBelow(folder, 'log.json.gz', lines(...calls.map((call, index) => logRecord(call, `r${index}`))));
  if (bill.length > 0) {
    const columns =
      'line_item_usage_start_date,line_item_line_item_type,line_item_usage_type,line_item_product_code,line_item_unblended_cost';
    writeBelow(folder, 'cur.csv', `${[columns, ...bill].join('\n')}\n`);
  }
  return analyzeLogs({
    source: folder,
    threads: 1,
    engineerDayUsd: 0,
    minShare: 0,
    minUsdPerMonth: 0,
    ...options,
  });
}

const of = ({ recommendations }: Analysis, kind: string, task?: string) =>
  recommendations.find((one) => one.kind === kind && (task === undefined || one.task === task));

/** What an evaluation says of a student's deployment in a task. */
const verdict = (task: string, tier: string, found: 'holds' | 'loses'): EvaluationLike['tasks'][number] => ({
  task,
  tiers: [
    {
      tier,
      score: 0.9,
      scoreInterval: { low: 0.85, high: 0.95 },
      usdPerCall: 0.002,
      comparison: { verdict: found },
    },
  ],
});

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it('has the dollars of a student that the planner has, once, and asks where it does not know', async () => {
    const calls = questions();
    const analysis = await analysisOf([
      ...calls,
      ...questions({ feature: 'labels', output: 60 }),
      ...questions({ feature: 'few' }, 20),
      ...questions({ feature: 'french', modelId: 'mistral.mistral-large-2402-v1:0', input: 3_000 }),
      ...questions({ feature: 'claude', modelId: 'global.anthropic.claude-haiku-5-5' }),
    ]);
    const found = of(analysis, 'distillation', 'reports');
    const plan = distillationPayback({
      teacher: LLAMA,
      student: 'meta.llama3-1-8b-instruct-v1:0',
      region: 'us-west-2',
      requestsPerMonth: (calls.length * 30.437_5) / DAYS,
      inputTokens: 15_000,
      outputTokens: 400,
      training: { prompts: calls.length },
    });
    const once = plan.once.total?.usd ?? 0;
    const saved = plan.savedPerMonth?.usd ?? 0;
    expect(found?.perMonth.expected.usd).toBeCloseTo(saved - once / 12, 6);
    expect(found).toMatchObject({
      modelId: LLAMA,
      calls: calls.length,
      confidence: 'low',
      risk: expect.stringMatching(/^Quality is unknown until/),
      title: expect.stringContaining(`paid back in ${(once / saved).toFixed(1)} months`),
    });
    expect(found?.perMonth.low.usd).toBe(0);
    expect(found?.evidence).toHaveLength(3);
    for (const command of ['data LOGS', 'price train.jsonl', 'run train.jsonl']) {
      expect(found?.patch).toContain(`costkit distill ${command}`);
    }
    expect(found?.patch).toContain("--task 'reports'");

    const both = [of(analysis, 'smaller-model', 'labels'), of(analysis, 'distillation', 'labels')];
    expect(both.filter((one) => one?.perMonthAfterOthers.picoUsd === 0n)).toHaveLength(1);
    expect(both.filter((one) => one?.alternativeTo !== undefined)).toHaveLength(1);

    expect(analysis.undecided).toMatchObject([
      {
        about: `task french on mistral.mistral-large-2402-v1:0`,
        unknownWithout: expect.stringMatching(/^a student that AWS trains/),
      },
      {
        about: `task few on ${LLAMA}`,
        unknownWithout: '100 different prompts, the least that a job takes: the logs have 40',
      },
    ]);
  });

  it('believes an evaluation of the student, and of nothing else', async () => {
    const tasks = ['holds', 'small', 'loses', 'base'];
    const deployed = (name: string, model: string) => ({ name, modelId: DEPLOYED, model });
    const evaluation: EvaluationLike = {
      tiers: [
        deployed('8b', 'meta.llama3-1-8b-instruct-v1:0'),
        deployed('1b', 'meta.llama3-2-1b-instruct-v1:0'),
        // The base model, which has learnt nothing.
        {
          name: 'base',
          modelId: 'us.meta.llama3-1-8b-instruct-v1:0',
          model: 'meta.llama3-1-8b-instruct-v1:0',
        },
      ],
      tasks: [
        verdict('holds', '8b', 'holds'),
        verdict('small', '1b', 'holds'),
        verdict('loses', '8b', 'loses'),
        verdict('base', 'base', 'holds'),
      ],
    };
    const analysis = await analysisOf(
      tasks.flatMap((feature) => questions({ feature })),
      { evaluation },
    );
    const [holds, small, loses, base] = tasks.map((task) => of(analysis, 'distillation', task));
    expect(holds).toMatchObject({ confidence: 'medium', risk: expect.stringMatching(/^Quality is known/) });
    expect(holds?.perMonth.low.usd).toBeGreaterThan(0.9 * (holds?.perMonth.expected.usd ?? 0));
    expect([small?.title, small?.confidence]).toEqual([expect.stringContaining('llama3-2-1b'), 'medium']);
    expect([loses?.title, loses?.confidence]).toEqual([expect.stringContaining('llama3-2-3b'), 'low']);
    expect([base?.title, base?.confidence]).toEqual([expect.stringContaining('llama3-1-8b'), 'low']);
  });

  it('says of a student whose training has no known price below which it pays, and takes the price', async () => {
    const calls = questions({ modelId: 'us.amazon.nova-pro-v1:0', region: 'us-east-1' });
    const { undecided, recommendations } = await analysisOf(calls);
    expect(recommendations.filter(({ kind }) => kind === 'distillation')).toEqual([]);
    const [open] = undecided;
    const [, ceiling = ''] = /below \$([\d,.]+) per million/.exec(open?.unknownWithout ?? '') ?? [];
    expect(open?.command).toMatch(/--student amazon\.nova-lite-v1:0 --prompts 194 --training-usd USD$/);
    const price = Number(ceiling.replaceAll(',', ''));
    const at = async (lite: number, micro: number): Promise<string | undefined> => {
      const trainingUsdPerMillionTokens = {
        'amazon.nova-lite-v1:0': lite.toFixed(2),
        'amazon.nova-micro-v1:0': micro.toFixed(2),
      };
      return of(await analysisOf(calls, { trainingUsdPerMillionTokens }), 'distillation')?.title;
    };
    expect(await at(0.99 * price, 2 * price)).toContain('nova-lite');
    expect(await at(1.01 * price, 2 * price)).toBeUndefined();
    await expect(
      analyzeLogs({ source: '.', trainingUsdPerMillionTokens: { x: 'much' } }),
    ).rejects.toMatchObject({ code: 'COSTKIT_INVALID_OPTION' });
  });
});

const embedding = (body: object, call: Partial<LoggedCall> = {}): Partial<LoggedCall> & { body: object } => ({
  operation: 'InvokeModel',
  modelId: 'cohere.embed-v4:0',
  region: 'us-east-1',
  input: 200,
  output: 0,
  body,
  ...call,
});
const documents = hourly((index) =>
  embedding({
    texts: [`Page ${index}`, `Back of ${index}`],
    input_type: 'search_document',
    output_dimension: 512,
  }),
);
const asked = hourly((index) =>
  embedding({ texts: [`Question ${index}`], input_type: 'search_query' }, { feature: 'asks' }),
);
const titan = hourly((index) =>
  embedding({ inputText: `Text ${index}` }, { modelId: 'amazon.titan-embed-text-v2:0' }),
);
const billed = (usageType: string, usd: number, service = 'Amazon OpenSearch Service'): string[] =>
  [20, 21, 22, 23].map((day) => `2026-10-${day},Usage,${usageType},${service},${usd}`);
const UNITS = [...billed('USE1-SearchOCU', 5.76), ...billed('USE1-IndexingOCU', 5.76)];
const MONTH_USD = 11.52 * 30.437_5;

describe('analyzeLogs', { timeout: 60_000 }, () => {
  it('holds a store on the bill against the cheapest for the vectors that were embedded', async () => {
    const analysis = await analysisOf([...documents, ...asked], {}, UNITS);
    const found = of(analysis, 'vector-store');
    const shape = { vectors: 194, dimensions: 512, queriesPerMonth: (97 * 30.437_5) / DAYS };
    const instead = vectorStoreCost(shape);
    const tenfold = vectorStoreCost({
      ...shape,
      vectors: 1_940,
      queriesPerMonth: 10 * shape.queriesPerMonth,
    });
    expect(instead.cheapest).toBe('s3Vectors');
    expect(found?.perMonth.expected.usd).toBeCloseTo(MONTH_USD - (instead.perMonth?.usd ?? 0), 6);
    expect(found?.perMonth.low.usd).toBe(0);
    expect(tenfold.perMonth?.usd).toBeGreaterThan(0.01);
    expect(found?.patch).toContain(`would cost about $${tenfold.perMonth?.usd.toFixed(2)} a month`);
    expect(found).toMatchObject({
      confidence: 'low',
      modelId: 'USE1-IndexingOCU, USE1-SearchOCU',
      calls: 194,
      method: expect.stringMatching(/^Upper bound, an estimate: .*third-party prices, not AWS’s own list/),
      title: expect.stringMatching(
        /^Move 194 vectors from OpenSearch Serverless to S3 Vectors: less than a cent /,
      ),
      patch: expect.stringMatching(/--vectors 194 --dimensions 512[\s\S]*create-index .*--dimension 512/),
    });
    expect(found?.evidence.every((id) => /^r\d+$/.test(id))).toBe(true);
    // It is no part of what calls cost.
    expect(analysis.perMonthAfter.usd).toBeGreaterThan(0);
    expect(analysis.undecided).toEqual([]);
  });

  it('counts what may be a document or a question as both, and asks what the other lines are', async () => {
    const analysis = await analysisOf([...documents, ...titan], {}, [
      ...UNITS,
      ...billed('EUW1-SearchOCU', 5),
      ...billed('Aurora:ServerlessV2Usage', 3, 'Amazon Relational Database Service'),
      ...billed('Vectors-TimedStorage-ByteHrs', 1, 'Amazon Simple Storage Service'),
      ...billed('Vectors-TimedStorage-ByteHrs', 0.001, 'Amazon Kendra'),
    ]);
    const { title, patch } = of(analysis, 'vector-store') ?? {};
    expect(title).toContain('291 vectors');
    expect(patch).toContain(`--dimensions 1024 --queries ${Math.round((97 * 30.437_5) / DAYS)}`);
    const stores = analysis.undecided.filter(({ lever }) => lever === 'vector-store');
    expect(stores).toMatchObject([
      {
        about: 'OpenSearch Serverless (eu-west-1)',
        unknownWithout: expect.stringMatching(/^the prices of vector stores in eu-west-1/),
        command: expect.stringMatching(/^costkit plan vectors --vectors 291 .* --region eu-west-1$/),
      },
      {
        about: 'Amazon Relational Database Service',
        unknownWithout: expect.stringMatching(/^how much of it are vectors/),
        command: 'costkit plan vectors',
      },
      {
        about: 'S3 Vectors (us-east-1)',
        unknownWithout: expect.stringMatching(
          /^what smaller vectors miss.*half of the components would save/,
        ),
      },
    ]);
    expect(stores[1]?.perMonthAtStake.usd).toBeCloseTo(3 * 30.437_5, 6);
  });

  it.each<[string, readonly LoggedCall[], RegExp]>([
    [
      'no embedding call is logged',
      questions({ modelId: 'global.anthropic.claude-haiku-5-5' }),
      /no log of embedding calls/,
    ],
    ['nobody asks', documents, /no embedded questions/],
  ])('asks instead of guessing where %s', async (_, calls, unknown) => {
    const { recommendations, undecided } = await analysisOf(calls, {}, UNITS);
    expect(recommendations.filter(({ kind }) => kind === 'vector-store')).toEqual([]);
    expect(undecided.map(({ unknownWithout }) => unknownWithout)).toEqual([expect.stringMatching(unknown)]);
  });
});
