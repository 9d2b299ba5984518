import { type Attempt, type Call, estimatedTokens, perCall, type RequestView } from '@costkit/core';
import { mediaKey } from '@costkit/core/views';
import { type BoundedMap, boundedMap } from './bounded-map.js';
import { FINGERPRINT_SEED, fingerprint } from './fingerprint.js';

/** Output tokens assumed for a task until its first answer was seen; both sides of a comparison get the same. */
export const DEFAULT_OUTPUT_TOKENS = 300;

const MAX_TASKS = 1_000;
const MAX_MODELS = 100;
const MAX_PREFIXES = 10_000;
const MS_PER_MINUTE = 60_000;
/** Weight of the newest answer in the running mean. */
const NEWEST_WEIGHT = 0.1;

/** What a model has in its prompt cache for a prefix, as far as its own answers told. */
interface WarmPrefix {
  readonly tokens: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** The prefixes a request may share with earlier ones. Fingerprints only: no prompt is kept. */
interface PrefixKeys {
  /** Tools and system prompt: shared by all calls of a feature. */
  readonly shared: string;
  /** Tools, system prompt and first message: shared by the turns of one conversation. */
  readonly conversation: string;
}

/** How much of a request's prompt a model has probably cached. */
export interface WarmTokens {
  /** By earlier turns of this conversation. */
  readonly conversation: number;
  /** By other calls with the same tools and system prompt. */
  readonly shared: number;
}

/** What the router learns from settled attempts: how long answers are, and which model has which prefix cached. */
export interface CallHistory {
  /**
   * Expected output tokens of the call on a model: its own mean for the task, else the task's mean over all.
   *
   * @param thinkingTokens - what the model thinks before it answers, where nobody has seen how much that is.
   */
  expectedOutputTokens(view: RequestView, call: Call, modelId: string, thinkingTokens?: number): number;
  warmTokens(modelId: string, call: Call): WarmTokens;
  learn(attempt: Attempt, call: Call): void;
}

/** A running mean of output tokens. */
interface Mean {
  readonly tokens: number;
  /** How much the newest answer weighs in it. */
  readonly newest: number;
}

/** Running means of the answers of a task. */
interface AnswerLengths {
  mean: Mean | undefined;
  readonly byModel: BoundedMap<string, Mean>;
}

const withNewest = (mean: Mean | undefined, output: number): Mean =>
  mean === undefined
    ? { tokens: output, newest: 1 }
    : { tokens: mean.tokens + NEWEST_WEIGHT * (output - mean.tokens), newest: NEWEST_WEIGHT };

/** A repair goes on with the newest answer: it is no answer of its own, which would be a short one. */
const withRepair = (mean: Mean | undefined, output: number): Mean =>
  mean === undefined ? withNewest(mean, output) : { ...mean, tokens: mean.tokens + mean.newest * output };

const COLD: WarmTokens = { conversation: 0, shared: 0 };

const prefixKeys = perCall((call): PrefixKeys => {
  let shared = FINGERPRINT_SEED;
  let conversation = shared;
  let sharedBlocks = 0;
  for (const { section, text, messageIndex, media } of call.original.blocks) {
    if (section === 'messages' && messageIndex !== undefined && messageIndex > 0) break;
    conversation = fingerprint(text + mediaKey(media), conversation);
    if (section === 'messages') continue;
    shared = conversation;
    sharedBlocks += 1;
  }
  return {
    shared: sharedBlocks === 0 ? '' : `shared ${shared}`,
    conversation: `conversation ${conversation}`,
  };
});

/** Estimated tokens of tools and system prompt. */
function sharedTokens(call: Call, modelId: string): number {
  const { blocks } = call.original;
  const { perBlock } = estimatedTokens(call.original, call, modelId);
  return Math.ceil(
    perBlock.reduce((sum, tokens, index) => (blocks[index]?.section === 'messages' ? sum : sum + tokens), 0),
  );
}

/** Makes an empty history. Bounded: what was used least recently is forgotten first. */
export function createCallHistory(recognise: (call: Call) => { readonly task: string }): CallHistory {
  const answers = boundedMap<string, AnswerLengths>(MAX_TASKS);
  const prefixes = boundedMap<string, WarmPrefix>(MAX_PREFIXES);

  const warm = (modelId: string, key: string, now: number): number => {
    if (key === '') return 0;
    const entry = prefixes.get(`${modelId} ${key}`);
    return entry === undefined || entry.until < now ? 0 : entry.tokens;
  };

  return {
    expectedOutputTokens: (view, call, modelId, thinkingTokens = 0) => {
      const task = recognise(call).task;
      // Untagged calls are no task: which model answered which of them says nothing about the next.
      const lengths = answers.get(task);
      const own = task === '' ? undefined : lengths?.byModel.get(modelId);
      const mean = own?.tokens ?? (lengths?.mean?.tokens ?? DEFAULT_OUTPUT_TOKENS) + thinkingTokens;
      return Math.min(Math.round(mean), view.maxTokens ?? Number.MAX_SAFE_INTEGER);
    },
    warmTokens: (modelId, call) => {
      if (prefixes.size === 0) return COLD;
      const keys = prefixKeys(call);
      const now = call.clock.now();
      return { conversation: warm(modelId, keys.conversation, now), shared: warm(modelId, keys.shared, now) };
    },
    learn: ({ usage, servedModel, complete, error, purpose }, call) => {
      // A verdict or a summary is no answer to the task.
      if (error !== undefined || !complete || purpose === 'check') return;
      const task = recognise(call).task;
      let lengths = answers.get(task);
      if (lengths === undefined) {
        lengths = { mean: undefined, byModel: boundedMap(MAX_MODELS) };
        answers.set(task, lengths);
      }
      const longer = purpose === 'repair' ? withRepair : withNewest;
      lengths.mean = longer(lengths.mean, usage.output);
      // Untagged calls are no task.
      if (task !== '') {
        lengths.byModel.set(servedModel, longer(lengths.byModel.get(servedModel), usage.output));
      }
      const tokens = usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheWrite30m;
      if (tokens === 0) return;
      const keys = prefixKeys(call);
      const minutes = usage.cacheWrite1h > 0 ? 60 : usage.cacheWrite30m > 0 ? 30 : 5;
      const until = call.clock.now() + minutes * MS_PER_MINUTE;
      const remember = (key: string, cached: number): void => {
        if (key === '') return;
        const earlier = prefixes.get(`${servedModel} ${key}`);
        prefixes.set(`${servedModel} ${key}`, {
          tokens: cached,
          until: Math.max(until, earlier?.until ?? 0),
        });
      };
      remember(keys.conversation, tokens);
      remember(keys.shared, Math.min(tokens, sharedTokens(call, servedModel)));
    },
  };
}
