import {
  checkOptions,
  InvalidOptionError,
  isArray,
  isBoolean,
  isFunction,
  isMode,
  isObject,
  isPositiveInteger,
  isShare,
  isText,
  type LeverMode,
} from '@costkit/core';
import type { SummaryOptions } from './summarize-turns.js';
import { checkTools, type ToolOptions } from './tool-options.js';
import { checkToolResults, type ToolResultOptions } from './tool-result-options.js';

/** How much a model thinks before it answers. */
export type Effort = 'low' | 'medium' | 'high';

/** How conversations are windowed before they are sent. */
export interface WindowOptions {
  /** Most tokens that the messages of a request are to have. */
  readonly maxTokens: number;
  /**
   * Share of `maxTokens` to which a full window is cut back. The lower, the longer it then stays where it is, and the
   * cached prefix with it.
   *
   * @defaultValue 0.5
   */
  readonly cutBackTo?: number;
  /** Messages that must stay, as the request has them; the turn around each stays with it. @defaultValue none */
  readonly keep?: (message: object, index: number) => boolean;
  /**
   * Whether conversations are read from the prompt cache: then a cut has to pay for what it makes the service write anew.
   *
   * @defaultValue whether the model has a prompt cache
   */
  readonly cached?: boolean;
  /** Leaves turns out whenever the window is full, whether that costs less or more. @defaultValue `false` */
  readonly always?: boolean;
  /**
   * Puts a summary in the place of the turns that are left out, which one more call writes: only where both together cost
   * less than the conversation as it is. Summaries are remembered in this process.
   *
   * @defaultValue none: turns are left out
   */
  readonly summarize?: SummaryOptions;
}

/** What {@link withOutputLimit} takes. */
export interface OutputLimitOptions {
  /** `observe` sends requests as they are and says what it would have done. @defaultValue `"enforce"` */
  readonly mode?: LeverMode;
  /** Most output tokens by task; the task is the tag named by `taskTag`. */
  readonly caps?: Readonly<Record<string, number>>;
  /** Most output tokens of tasks that have no cap of their own. @defaultValue none */
  readonly maxTokens?: number;
  /**
   * Whether caps are learned for tasks that have none: after 30 answers of a task on a model, 1.5 times what 99 %
   * of them took.
   *
   * @defaultValue `true`
   */
  readonly learn?: boolean;
  /**
   * Asks for brief answers, behind every cache point: `true` for {@link BREVITY_INSTRUCTION}, or your own words,
   * for all tasks or by task. Not added to structured output, in tool loops or to guarded content.
   *
   * @defaultValue `false`
   */
  readonly brevity?: boolean | string | Readonly<Record<string, string>>;
  /**
   * How much models think that do so unless told not to, by task; thinking is billed as output. Lowered only, and not
   * where a request sets its own thinking. Converse and Anthropic Messages bodies.
   *
   * @defaultValue none: the model's own
   */
  readonly effort?: Readonly<Record<string, Effort>>;
  /**
   * Where answers end, by task, for requests that have no stop sequences of their own: Converse, and all bodies of
   * InvokeModel whose family takes them.
   *
   * @defaultValue none
   */
  readonly stopSequences?: Readonly<Record<string, readonly string[]>>;
  /**
   * Whether an answer that this lever's own cap has cut is completed, once, by one more call: text is continued, a tool
   * call or JSON is asked for again with a higher cap. On streams text only; the rest is reported.
   *
   * @defaultValue `true`
   */
  readonly repair?: boolean;
  /**
   * Share of the calls (0 to 1) that get neither cap nor instruction, so that the saving is measured and not
   * guessed.
   *
   * @defaultValue 0
   */
  readonly holdOut?: number;
  /**
   * Room added to the caps of `caps` and `maxTokens` on models that think unless told not to: thinking is part
   * of the answer. Requests that set their own thinking budget keep their cap.
   *
   * @defaultValue 8_192
   */
  readonly thinkingTokens?: number;
  /** Name of the tag that says which task a call is. @defaultValue `"task"` */
  readonly taskTag?: string;
  /**
   * Leaves out the oldest turns of conversations that are longer than this, in steps, and only where that costs less.
   * Converse and Anthropic Messages bodies.
   *
   * @defaultValue none: conversations are sent whole
   */
  readonly window?: WindowOptions;
  /**
   * Sends the tools that have to do with what is asked, only where that costs less than all of them from the prompt cache.
   * Converse and Anthropic Messages bodies.
   *
   * @defaultValue none: all tools are sent
   */
  readonly tools?: ToolOptions;
  /**
   * Writes the JSON of tool results in fewer tokens, when they are sent for the first time and from then on; `{}` for all
   * defaults. Converse and Anthropic Messages bodies.
   *
   * @defaultValue none: results are sent as they are
   */
  readonly toolResults?: ToolResultOptions;
}

/** Options with their defaults. */
export interface OutputLimitSettings
  extends Required<Omit<OutputLimitOptions, 'maxTokens' | 'brevity' | 'window' | 'tools' | 'toolResults'>> {
  readonly maxTokens: number | undefined;
  readonly window: WindowOptions | undefined;
  readonly tools: ToolOptions | undefined;
  readonly toolResults: ToolResultOptions | undefined;
  /** The instruction for a task, if it gets one. */
  brevityFor(task: string): string | undefined;
}

/** What `brevity: true` adds to a request. */
export const BREVITY_INSTRUCTION =
  'Answer briefly: give the result and what is needed to use it, with no preamble, no repetition and no summary.';

const isCaps = (value: unknown): string | undefined =>
  isObject(value) ??
  (Object.values(value as object).every((cap) => isPositiveInteger(cap) === undefined)
    ? undefined
    : 'must map tasks to whole numbers above 0');

const isBrevity = (value: unknown): string | undefined => {
  if (typeof value === 'boolean') return undefined;
  const texts =
    typeof value === 'string'
      ? [value]
      : isObject(value) === undefined
        ? Object.values(value as object)
        : [''];
  return texts.every((text) => isText(text) === undefined)
    ? undefined
    : 'must be true, false, a text, or texts by task';
};

const isByTask =
  (isOne: (value: unknown) => boolean, what: string) =>
  (value: unknown): string | undefined =>
    isObject(value) ??
    (Object.values(value as object).every(isOne) ? undefined : `must map tasks to ${what}`);

const isEfforts = isByTask(
  (value) => value === 'low' || value === 'medium' || value === 'high',
  '"low", "medium" or "high"',
);

const isSequences = isByTask(
  (value) => Array.isArray(value) && value.every((text) => isText(text) === undefined),
  'lists of texts',
);

const isTokens = (value: unknown): string | undefined =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? undefined : 'must be a whole number, 0 or more';

function checkWindow(window: WindowOptions): void {
  checkOptions<WindowOptions>(
    'output-limiter',
    window,
    {
      maxTokens: isPositiveInteger,
      cutBackTo: isShare,
      keep: isFunction,
      cached: isBoolean,
      always: isBoolean,
      summarize: isObject,
    },
    'window.',
  );
  const { summarize } = window;
  if (summarize !== undefined)
    checkOptions<SummaryOptions>(
      'output-limiter',
      summarize,
      { models: isArray, maxTokens: isPositiveInteger, instruction: isText },
      'window.summarize.',
    );
  if (window.maxTokens === undefined)
    throw new InvalidOptionError('output-limiter', 'window.maxTokens', 'is missing');
}

/** @throws {@link InvalidOptionError} for options that are unknown or wrong. */
export function readOptions(options: OutputLimitOptions): OutputLimitSettings {
  checkOptions<OutputLimitOptions>('output-limiter', options, {
    mode: isMode,
    caps: isCaps,
    maxTokens: isPositiveInteger,
    learn: isBoolean,
    brevity: isBrevity,
    effort: isEfforts,
    stopSequences: isSequences,
    repair: isBoolean,
    holdOut: isShare,
    thinkingTokens: isTokens,
    taskTag: isText,
    window: isObject,
    tools: isObject,
    toolResults: isObject,
  });
  const { window, tools, toolResults } = options;
  if (window !== undefined) checkWindow(window);
  if (tools !== undefined) checkTools(tools);
  if (toolResults !== undefined) checkToolResults(toolResults);
  const { brevity = false } = options;
  if (options.holdOut === 1) {
    throw new InvalidOptionError(
      'output-limiter',
      'holdOut',
      'of 1 would keep every call out; set mode to "observe" for that',
    );
  }
  return {
    mode: options.mode ?? 'enforce',
    caps: options.caps ?? {},
    maxTokens: options.maxTokens,
    learn: options.learn ?? true,
    effort: options.effort ?? {},
    stopSequences: options.stopSequences ?? {},
    repair: options.repair ?? true,
    holdOut: options.holdOut ?? 0,
    thinkingTokens: options.thinkingTokens ?? 8_192,
    taskTag: options.taskTag ?? 'task',
    window,
    tools,
    toolResults,
    brevityFor: (task) => {
      if (typeof brevity === 'object') return Object.hasOwn(brevity, task) ? brevity[task] : undefined;
      return brevity === true ? BREVITY_INSTRUCTION : brevity === false ? undefined : brevity;
    },
  };
}
