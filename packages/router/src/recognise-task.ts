import { type Call, perCall } from '@costkit/core';
import { shapeOf } from './request-shape.js';

/** What a call is about, and how that is known. */
interface RecognisedTask {
  /** The `task` tag, a task of `systemPrompts`, or `shape:` with the shape; empty: nothing is known. */
  readonly task: string;
  /** For the receipt: begins a sentence. */
  readonly text: string;
}

const SHAPE_PREFIX = 'shape:';
const UNKNOWN: RecognisedTask = { task: '', text: 'A call without a task tag' };

/** Says what a call is about; the caller's own tag always wins. */
export type TaskRecogniser = (call: Call) => RecognisedTask;

/**
 * Makes the function that says what a call is about, once for each call.
 *
 * @param systemPrompts - what the system prompts of tasks begin with.
 * @param readsShapes - whether anything depends on shapes: reading them takes some microseconds.
 */
export function taskRecogniser(
  systemPrompts: Readonly<Record<string, string>>,
  readsShapes: boolean,
): TaskRecogniser {
  const known = Object.entries(systemPrompts);
  const untagged = perCall((call): RecognisedTask => {
    const system = known.length === 0 ? '' : call.original.systemText;
    const found = known.find(([, start]) => system.startsWith(start));
    if (found !== undefined) {
      return { task: found[0], text: `A call whose system prompt is that of task "${found[0]}"` };
    }
    const shape = readsShapes ? shapeOf(call) : undefined;
    return shape === undefined
      ? UNKNOWN
      : { task: SHAPE_PREFIX + shape, text: `A call without a task tag that looks like ${shape}` };
  });
  return (call) => {
    const tag = call.tags['task'];
    if (tag !== undefined) return { task: tag, text: `Task "${tag}"` };
    return known.length === 0 && !readsShapes ? UNKNOWN : untagged(call);
  };
}

/** Whether a policy has entries for shapes. */
export const namesShapes = (tasks: Iterable<string>): boolean =>
  [...tasks].some((task) => task.startsWith(SHAPE_PREFIX));
