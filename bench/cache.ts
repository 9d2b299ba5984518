import assert from 'node:assert/strict';
import { type Attempt, type Call, NO_USAGE, type RequestView } from '@costkit/core';
import { viewRequest } from '@costkit/core/views';
import { ratesFor, resolveModel } from '@costkit/pricing';
import { createPromptCache } from '../packages/local/src/money/prompt-cache.js';
import { createCacheLevers } from '../packages/prompt-cache/src/cache-levers.js';
import { clairvoyantUsd } from './clairvoyant.js';
import {
  hasPrefixTraces,
  type Piece,
  type PrefixTrace,
  prefixTraces,
  type TracedPrompt,
} from './prefix-traces.js';

// `npx tsx --conditions=@costkit/source bench/cache.ts [model] [trace]`: what the prompts of real traces cost with the cache
// points of the planner, beside fixed ways to place them, by the cache of the local Bedrock.

const MODEL = process.argv[2] ?? 'anthropic.claude-sonnet-4-5-20250929-v1:0';
/** The traces whose names begin so. */
const TRACE = process.argv[3] ?? '';
const REGION = 'us-east-1';
const resolved = resolveModel(MODEL);
assert(resolved !== undefined, `${MODEL} is not in the catalogue`);
const rules = resolved.model.capabilities.cache;
const rates = ratesFor({ model: resolved, region: REGION });
assert(rules?.explicit === true && rates?.input !== undefined && rates.cacheRead !== undefined, 'no prices');
const prices = {
  input: rates.input,
  cacheRead: rates.cacheRead,
  cacheWrite5m: rates.cacheWrite5m ?? rates.input,
  cacheWrite1h: rates.cacheWrite1h ?? Number.POSITIVE_INFINITY,
};

/** When what a request writes can be read; an assumption: the answer has to begin. */
const WRITTEN_AFTER_MS = 2_000;

type Ttl = '5m' | '1h';
type Usage = Attempt['usage'];

/** Decides about cache points, in the order of arrival. */
interface Policy {
  /** Lifetimes by the index of the piece behind which a point stands. */
  plan(prompt: TracedPrompt): ReadonlyMap<number, Ttl>;
  learn?(usage: Usage): void;
}

const NEVER: Policy = { plan: () => new Map() };

/** What a framework does that marks every request: the system prompt, the last two user turns, what is before the question. */
const always = (ttl: Ttl): Policy => ({
  plan: ({ pieces }) => {
    const systemEnd = pieces.findLastIndex(({ section }) => section === 'system');
    const last = pieces.length - 1;
    const turnEnds = pieces.flatMap(({ role, message }, index) =>
      role === 'user' && pieces[index + 1]?.message !== message ? [index] : [],
    );
    const places = [
      last,
      systemEnd,
      turnEnds.at(-2) ?? -1,
      pieces[last - 1]?.role === 'user' ? last - 1 : -1,
    ];
    return new Map(places.filter((place) => place >= 0).map((place) => [place, ttl]));
  },
});

/** The lever itself, as `withPromptCache(client)` has it. */
function ours(clock: { readonly now: () => number }): Policy {
  const { place } = createCacheLevers({
    mode: 'enforce',
    expectReuse: false,
    ttl: 'auto',
    maxPrefixes: 4096,
    rules: {},
    maxWaitMs: 0,
    telemetry: undefined,
    store: undefined,
    storeKey: '',
  });
  const waiting: { readonly call: Call; readonly view: RequestView }[] = [];
  return {
    plan: ({ pieces }) => {
      const view = viewOf(pieces);
      const call = {
        clock: { now: clock.now, monotonicMs: clock.now },
        region: REGION,
        priceOverrides: [],
        original: view,
        counterfactual: {},
        resolve: () => resolved,
      } as unknown as Call;
      const plan = place.fit?.(view, call) as { readonly view: RequestView };
      waiting.push({ call, view: plan.view });
      return new Map(plan.view.cachePoints.map(({ afterBlock, ttl = '5m' }) => [afterBlock, ttl]));
    },
    learn: (usage) => {
      const { call, view } = waiting.shift() as (typeof waiting)[number];
      place.onAttempt?.({ modelId: MODEL, quality: 'measured', usage } as Attempt, view, call);
    },
  };
}

/** A request of the trace: its texts are the names of its pieces, its tokens what the trace says. */
function viewOf(pieces: readonly Piece[]): RequestView {
  const messages: { role: string; content: { text: string }[] }[] = [];
  let message = -1;
  for (const piece of pieces) {
    if (piece.section === 'system') continue;
    if (piece.message !== message) messages.push({ role: piece.role, content: [] });
    message = piece.message;
    messages.at(-1)?.content.push({ text: piece.key });
  }
  const system = pieces.filter(({ section }) => section === 'system').map(({ key }) => ({ text: key }));
  const view = viewRequest('Converse', {
    modelId: MODEL,
    messages,
    ...(system.length > 0 ? { system } : {}),
  });
  const perBlock = pieces.map(({ tokens }) => tokens);
  let sum = 0;
  const through = perBlock.map((tokens) => {
    sum += tokens;
    return { total: sum, low: sum, high: sum };
  });
  const estimate = { total: sum, low: sum, high: sum, perBlock, through: (block: number) => through[block] };
  return Object.defineProperty(view, 'prompt', {
    value: Object.defineProperty(view.prompt, 'tokens', { value: () => estimate }),
  });
}

/** Dollars of the input of each request. */
function replay(
  prompts: readonly TracedPrompt[],
  policyOf: (clock: { now: () => number }) => Policy,
): number[] {
  let now = 0;
  const clock = { now: () => now };
  const policy = policyOf(clock);
  const cache = createPromptCache({ now: clock.now, implicitHitRate: 0, seed: 'bench' });
  const settling: { readonly atMs: number; settle(): void }[] = [];
  const settleUntil = (until: number): void => {
    while (settling[0] !== undefined && settling[0].atMs <= until) {
      const { atMs, settle } = settling.shift() as (typeof settling)[number];
      now = atMs;
      settle();
    }
  };
  return prompts.map((prompt) => {
    settleUntil(prompt.atMs);
    now = prompt.atMs;
    const points = policy.plan(prompt);
    assert(points.size <= 4, 'more than 4 points');
    const { split, commit } = cache.look({
      partition: MODEL,
      rules,
      items: prompt.pieces.map(({ section, role, key, tokens }, index) => {
        const cachePoint = points.get(index);
        return {
          section,
          canonical: `${role} ${key}`,
          tokens,
          ...(cachePoint === undefined ? {} : { cachePoint }),
        };
      }),
      messageSettings: '',
      lookBackBlocks: 20,
    });
    settling.push({
      atMs: prompt.atMs + WRITTEN_AFTER_MS,
      settle: () => {
        commit();
        policy.learn?.({ ...NO_USAGE, ...split });
      },
    });
    let picoUsd = 0;
    for (const kind of Object.keys(prices) as (keyof typeof prices)[])
      if (split[kind] > 0) picoUsd += split[kind] * prices[kind];
    return picoUsd / 1e12;
  });
}

const POLICIES = {
  never: () => NEVER,
  'always 5m': () => always('5m'),
  'always 1h': () => always('1h'),
  ours,
} as const;
type Name = keyof typeof POLICIES | 'clairvoyant';
type Row = Record<Name, number>;

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

function rowsOf({ prompts }: PrefixTrace): readonly Row[] {
  const middle = ((prompts[0]?.atMs ?? 0) + (prompts.at(-1)?.atMs ?? 0)) / 2;
  const half = prompts.findIndex(({ atMs }) => atMs > middle);
  const all = Object.entries(POLICIES).map(([name, policyOf]) => [name, replay(prompts, policyOf)] as const);
  return [
    [0, prompts.length],
    [0, half],
    [half, prompts.length],
  ].map(([from, to]) => ({
    ...(Object.fromEntries(all.map(([name, usd]) => [name, sum(usd.slice(from, to))])) as Omit<
      Row,
      'clairvoyant'
    >),
    clairvoyant: clairvoyantUsd(prompts.slice(from, to), prices),
  }));
}

function print(title: string, row: Row): void {
  const cheapest = Math.min(row.never, row['always 5m'], row['always 1h']);
  const cells = [...Object.keys(POLICIES), 'clairvoyant'].map((name) =>
    (Number.isFinite(row[name as Name]) ? row[name as Name].toFixed(2) : '-').padStart(12),
  );
  process.stdout.write(
    `${title.padEnd(40)}${cells.join('')}${`${((row.ours / cheapest - 1) * 100).toFixed(2)} %`.padStart(16)}\n`,
  );
}

if (hasPrefixTraces()) {
  process.stdout.write(
    `${'USD of input'.padEnd(40)}${[...Object.keys(POLICIES), 'clairvoyant'].map((name) => name.padStart(12)).join('')}   ours/cheapest\n`,
  );
  const total: Row = { never: 0, 'always 5m': 0, 'always 1h': 0, ours: 0, clairvoyant: 0 };
  for (const trace of prefixTraces().filter(({ name }) => name.startsWith(TRACE))) {
    const [whole, first, second] = rowsOf(trace) as [Row, Row, Row];
    print(trace.name, whole);
    print('  first half (developed on)', first);
    print('  second half', second);
    for (const name of Object.keys(total) as Name[]) total[name] += whole[name];
  }
  print('all together', total);
} else process.stdout.write('the traces are not beside the repository; nothing was measured\n');
