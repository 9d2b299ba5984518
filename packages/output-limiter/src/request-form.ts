import type { RequestView } from '@costkit/core';
import { anthropicForm } from './anthropic-form.js';
import { converseForm } from './converse-form.js';
import type { ToolLike } from './select-tools.js';
import type { MessageLike } from './window-messages.js';
import type { PlacedResult } from './written-results.js';

/** Messages of a conversation as a request before has sent them, and its answer. */
export interface EarlierMessages {
  /** How many of the conversation. */
  readonly count: number;
  /** Those that it left out, by their indexes. */
  readonly left: ReadonlySet<number>;
  /** What it said of them. */
  readonly note: string | undefined;
}

/**
 * What a request holds, in the form of Converse whatever its body looks like, so that it is decided upon once; and how
 * what was decided is written into the request's own body.
 */
export interface RequestForm {
  /** Message by message and block by block as in the request. */
  readonly messages: readonly MessageLike[];
  /** The same messages as they stand in the request. */
  readonly ownMessages: readonly object[];
  /** All tools, in the order of the view's blocks; those of the service itself, which stay, have no `toolSpec`. */
  readonly tools: readonly ToolLike[];
  /** The tool that the model has to call. */
  readonly forcedTool: string | undefined;
  /** The request with results of tools in fewer tokens. */
  withResults(results: readonly PlacedResult[]): RequestView;
  /**
   * The request without some of its messages; absent where the service itself shortens the conversation.
   *
   * @param left - their indexes.
   * @param note - on what they said, for the first message behind them.
   */
  withoutMessages?(left: ReadonlySet<number>, note: string | undefined): RequestView;
  /**
   * The request with some of its tools, behind those of the service itself, and the last cache point behind them.
   *
   * @param names - of all that are sent, in order.
   */
  withTools(names: readonly string[]): RequestView;
  /** The input of a question behind earlier messages: with all that is cached, and nothing that shapes an answer. */
  askBehind(earlier: EarlierMessages, question: string): object;
  /** The input of a question by itself. */
  askAlone(modelId: string, question: string, thinking: 'disabled' | undefined): object;
}

/** `undefined` where nothing may be edited: no form is known, or the surroundings of what it holds must stay. */
export function requestForm(view: RequestView): RequestForm | undefined {
  // Guarded content keeps its surroundings, and a prompt resource has messages of its own.
  if (view.pinned.has('system')) return undefined;
  if (view.dialect === 'converse') return converseForm(view);
  return view.dialect === 'anthropic' ? anthropicForm(view) : undefined;
}
