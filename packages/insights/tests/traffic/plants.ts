import type { LoggedCall } from './log-record.js';
import { distillation, vectorStore } from './planning-plants.js';
import { arrivals, DAY_MS, dayStarts, HOUR_MS, MINUTE_MS, type Plant, rates, usd } from './plant.js';
import { converse, turn, words } from './prompts.js';

const SONNET = 'anthropic.claude-sonnet-5-5';
const OPUS = 'anthropic.claude-opus-5-5';

/** A long system prompt without a cache point, asked for every minute or two. */
const promptCaching: Plant = (span, random) => {
  const [feature, modelId] = ['helpdesk', `global.${SONNET}`];
  const systemTokens = random.whole(5_000, 9_000);
  const system = words(systemTokens, random);
  const { input, cacheRead, cacheWrite5m } = rates(modelId);
  let before = Number.NEGATIVE_INFINITY;
  let waste = 0;
  const calls = arrivals(span, random, 60, 80_000).map((at): LoggedCall => {
    const question = random.whole(80, 200);
    waste += systemTokens * (at - before <= 5 * MINUTE_MS ? input - cacheRead : input - cacheWrite5m);
    before = at;
    const body = converse({ system, messages: [turn(words(question, random))], maxTokens: 400 });
    return {
      at,
      modelId,
      feature,
      body,
      input: systemTokens + question,
      output: random.whole(130, 300),
      operation: 'ConverseStream',
    };
  });
  return { kind: 'prompt-caching', feature, calls, usd: usd(waste) };
};

/** Documents cached for an hour whose three questions come within minutes. */
const cacheLifetime: Plant = (span, random) => {
  const [feature, modelId] = ['documents', `global.${OPUS}`];
  const { cacheWrite1h, cacheWrite5m } = rates(modelId);
  let waste = 0;
  const calls = arrivals(span, random, 20, 9 * MINUTE_MS).flatMap((begin) => {
    const documentTokens = random.whole(4_000, 7_000);
    const system = words(documentTokens, random);
    waste += documentTokens * (cacheWrite1h - cacheWrite5m);
    return [0, 1, 2].map((index): LoggedCall => {
      const question = random.whole(40, 90);
      return {
        at: begin + index * 60_000,
        modelId,
        feature,
        body: converse({
          system,
          cachePoint: '1h',
          messages: [turn(words(question, random))],
          maxTokens: 400,
        }),
        input: question,
        output: random.whole(130, 300),
        ttl: '1h',
        ...(index === 0 ? { cacheWrite: documentTokens } : { cacheRead: documentTokens }),
      };
    });
  });
  return { kind: 'cache-lifetime', feature, calls, usd: usd(waste) };
};

/** A cached system prompt that begins with the time. */
const brokenPrefix: Plant = (span, random) => {
  const [feature, modelId] = ['briefing', `global.${OPUS}`];
  const systemTokens = random.whole(3_000, 5_000);
  const text = words(systemTokens - 8, random);
  const { cacheRead, cacheWrite5m } = rates(modelId);
  let before = Number.NEGATIVE_INFINITY;
  let waste = 0;
  const calls = arrivals(span, random, 40, 70_000).map((at): LoggedCall => {
    const question = random.whole(60, 120);
    if (at - before <= 5 * MINUTE_MS) waste += systemTokens * (cacheWrite5m - cacheRead);
    before = at;
    const system = `It is ${new Date(at).toISOString()}. ${text}`;
    const body = converse({
      system,
      cachePoint: '5m',
      messages: [turn(words(question, random))],
      maxTokens: 400,
    });
    return {
      at,
      modelId,
      feature,
      body,
      input: question,
      output: random.whole(130, 300),
      cacheWrite: systemTokens,
    };
  });
  return { kind: 'broken-prefix', feature, calls, usd: usd(waste) };
};

/** The geographic profile, a tenth dearer. */
const globalProfile: Plant = (span, random) => {
  const [feature, modelId] = ['search', `us.${SONNET}`];
  const [geo, anywhere] = [rates(modelId), rates(`global.${SONNET}`)];
  let waste = 0;
  const calls = arrivals(span, random, 60, 6 * MINUTE_MS).map((at): LoggedCall => {
    const [input, output] = [random.whole(2_000, 4_000), random.whole(300, 700)];
    waste += input * (geo.input - anywhere.input) + output * (geo.output - anywhere.output);
    const body = converse({ messages: [turn(words(input, random))], maxTokens: 900 });
    return { at, modelId, feature, body, input, output, operation: 'ConverseStream' };
  });
  return { kind: 'global-profile', feature, calls, usd: usd(waste) };
};

/** A retry that does not end. */
const runawayLoop: Plant = (span, random) => {
  const [feature, modelId] = ['crawler', `global.${OPUS}`];
  const input = random.whole(1_200, 2_000);
  const { input: inputRate, output: outputRate } = rates(modelId);
  const begin = span.start + random.whole(2, span.days - 2) * DAY_MS + random.between(9, 20) * HOUR_MS;
  const body = converse({ messages: [turn(words(input, random))], maxTokens: 400 });
  let waste = 0;
  const calls = Array.from({ length: random.whole(450, 650) }, (_, index): LoggedCall => {
    const output = random.whole(130, 250);
    if (index > 0) waste += input * inputRate + output * outputRate;
    return { at: begin + index * 5_000, modelId, feature, body, input, output };
  });
  return { kind: 'runaway-loop', feature, calls, usd: usd(waste) };
};

/** Labels by a strong model; the next cheaper one costs half. */
const smallerModel: Plant = (span, random) => {
  const [feature, modelId] = ['tagging', `global.${OPUS}`];
  const [strong, cheap] = [rates(modelId), rates(`global.${SONNET}`)];
  let waste = 0;
  const calls = arrivals(span, random, 60, 5 * MINUTE_MS).map((at): LoggedCall => {
    const [input, output] = [random.whole(900, 1_500), random.whole(4, 20)];
    waste += input * (strong.input - cheap.input) + output * (strong.output - cheap.output);
    return {
      at,
      modelId,
      feature,
      body: converse({ messages: [turn(words(input, random))], maxTokens: 30 }),
      input,
      output,
    };
  });
  return { kind: 'smaller-model', feature, calls, usd: usd(waste) };
};

/** One answer in twenty rambles, and nothing caps it. */
const outputCap: Plant = (span, random) => {
  const [feature, modelId] = ['drafts', `global.${SONNET}`];
  const { output: outputRate } = rates(modelId);
  let waste = 0;
  const calls = arrivals(span, random, 60, 6 * MINUTE_MS).map((at): LoggedCall => {
    const rambles = random.next() < 0.05;
    const [input, output] = [
      random.whole(200, 400),
      rambles ? random.whole(5_000, 8_000) : random.whole(150, 300),
    ];
    if (rambles) waste += (output - 225) * outputRate;
    return {
      at,
      modelId,
      feature,
      body: converse({ messages: [turn(words(input, random))] }),
      input,
      output,
      operation: 'ConverseStream',
    };
  });
  return { kind: 'output-cap', feature, calls, usd: usd(waste) };
};

/** A nightly job that is asked for in real time. */
const batch: Plant = (span, random) => {
  const [feature, modelId] = ['nightly', 'global.anthropic.claude-opus-5'];
  const [now, later] = [rates(modelId), rates(modelId, true)];
  let waste = 0;
  const calls = dayStarts(span).flatMap((day) =>
    Array.from({ length: 130 }, (_, index): LoggedCall => {
      const [input, output] = [random.whole(700, 1_200), random.whole(130, 250)];
      waste += input * (now.input - later.input) + output * (now.output - later.output);
      const body = converse({ messages: [turn(words(input, random))], maxTokens: 400 });
      return { at: day + 2 * HOUR_MS + index * 10_000, modelId, feature, body, input, output };
    }),
  );
  return { kind: 'batch', feature, calls, usd: usd(waste) };
};

/** A corpus that is embedded as a whole every day, a few documents of it new. */
const reEmbedding: Plant = (span, random) => {
  const [feature, modelId] = ['index', 'cohere.embed-v4:0'];
  const { input: inputRate } = rates(modelId);
  const corpus = Array.from({ length: 60 }, () => ({
    texts: [words(40, random)],
    input: random.whole(30_000, 48_000),
  }));
  const known = new Set<object>();
  let waste = 0;
  const calls = dayStarts(span).flatMap((day, number) => {
    if (number > 0)
      corpus[random.whole(0, corpus.length - 1)] = { texts: [words(40, random)], input: 40_000 };
    return corpus.map((document, index): LoggedCall => {
      if (known.has(document)) waste += document.input * inputRate;
      known.add(document);
      return {
        at: day + 5 * HOUR_MS + index * 2 * MINUTE_MS,
        modelId,
        feature,
        operation: 'InvokeModel',
        body: { texts: document.texts, input_type: 'search_document' },
        input: document.input,
        output: 0,
      };
    });
  });
  return { kind: 're-embedding', feature, calls, usd: usd(waste) };
};

/** Whole contracts for one question each. */
const retrieval: Plant = (span, random) => {
  const [feature, modelId] = ['contracts', `global.${SONNET}`];
  const { input: inputRate } = rates(modelId);
  let waste = 0;
  const calls = arrivals(span, random, 20, 20 * MINUTE_MS).map((at): LoggedCall => {
    const input = random.whole(40_000, 70_000);
    waste += (input - 4_000) * inputRate;
    // The log counts; the text stands for it at a tenth of its length.
    const body = converse({ messages: [turn(words(input / 10, random))], maxTokens: 500 });
    return { at, modelId, feature, body, input, output: random.whole(150, 400) };
  });
  return { kind: 'retrieval', feature, calls, usd: usd(waste) };
};

/** A model in its dearer extended access. */
const modelLifecycle: Plant = (span, random) => {
  const [feature, modelId] = ['legacy', 'us.anthropic.claude-3-5-sonnet-20241022-v2:0'];
  const [old, next] = [rates(modelId), rates(`us.${SONNET}`)];
  let waste = 0;
  const calls = arrivals(span, random, 20, 15 * MINUTE_MS).map((at): LoggedCall => {
    const [input, output] = [random.whole(600, 1_200), random.whole(150, 300)];
    waste += input * (old.input - next.input) + output * (old.output - next.output);
    const body = converse({ messages: [turn(words(input, random))], maxTokens: 400 });
    return { at, modelId, feature, body, input, output, operation: 'ConverseStream' };
  });
  return { kind: 'model-lifecycle', feature, calls, usd: usd(waste) };
};

/** Everything that can be planted. */
export const PLANTS: readonly Plant[] = [
  promptCaching,
  cacheLifetime,
  brokenPrefix,
  globalProfile,
  runawayLoop,
  smallerModel,
  outputCap,
  batch,
  reEmbedding,
  retrieval,
  modelLifecycle,
  distillation,
  vectorStore,
];
