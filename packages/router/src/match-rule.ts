import {
  type Call,
  checkOptions,
  isBoolean,
  isNonNegativeNumber,
  isObject,
  type RequestView,
} from '@costkit/core';
import { requireOption } from './require-option.js';
import type { RequestShape, RuleConditions, RulePredicate } from './types.js';

const OPERATIONS: readonly string[] = [
  'Converse',
  'ConverseStream',
  'InvokeModel',
  'InvokeModelWithResponseStream',
];

const isTexts = (value: unknown): string | undefined => {
  const texts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return texts.length > 0 && texts.every((text) => typeof text === 'string' && text !== '')
    ? undefined
    : 'must be a text or a list of texts';
};

const SHAPES: readonly string[] = ['classification', 'extraction', 'short-answer'];

const isAmong =
  (known: readonly string[]) =>
  (value: unknown): string | undefined =>
    (Array.isArray(value) ? value : [value]).every((name) => known.includes(name))
      ? undefined
      : `must be of ${known.join(', ')}`;
const isShapes = isAmong(SHAPES);
const isOperations = isAmong(OPERATIONS);

const setOf = (value: string | readonly string[]): ReadonlySet<string> =>
  new Set(typeof value === 'string' ? [value] : value);

function compileTags(tags: NonNullable<RuleConditions['tags']>, path: string): RulePredicate {
  const wanted = Object.entries(tags).map(([name, value]) => {
    requireOption(`${path}.tags.${name}`, value, isTexts);
    return [name, setOf(value)] as const;
  });
  return (_view, call) => wanted.every(([name, values]) => hasTag(call, name, values));
}

function hasTag(call: Call, name: string, values: ReadonlySet<string>): boolean {
  const value = call.tags[name];
  return value !== undefined && values.has(value);
}

/** What conditions ask of a request. */
export interface RequestReading {
  readonly shapeOf: (call: Call) => RequestShape | undefined;
  /** Estimated input tokens; with media that nobody can count at least so many, and at most anything. */
  inputTokens(view: RequestView, call: Call): { readonly least: number; readonly most: number };
}

/**
 * A condition that is ready to be asked. What reads requests is handed in: it is loaded with the first call, conditions are
 * checked when the router is built.
 */
export type CompiledWhen = (view: RequestView, call: Call, reading: RequestReading) => boolean;

/**
 * Makes one predicate of a rule's `when`. Conditions that cost nothing to look at come first, token estimates last.
 *
 * @throws `InvalidOptionError` for an unknown condition or a wrong value.
 */
export function compileWhen(when: RuleConditions | RulePredicate, path: string): CompiledWhen {
  if (typeof when === 'function') return when;
  requireOption(path, when, (value) => isObject(value) && 'must be an object of conditions or a function');
  checkOptions<RuleConditions>(
    'router',
    when,
    {
      task: isTexts,
      tags: isObject,
      maxInputTokens: isNonNegativeNumber,
      minInputTokens: isNonNegativeNumber,
      tools: isBoolean,
      images: isBoolean,
      documents: isBoolean,
      structuredOutput: isBoolean,
      operation: isOperations,
      shape: isShapes,
    },
    `${path}.`,
  );
  const conditions: CompiledWhen[] = [];
  const { task, tags, operation, shape, minInputTokens, maxInputTokens } = when;
  if (operation !== undefined) {
    const operations = setOf(operation);
    conditions.push((view) => operations.has(view.operation));
  }
  if (task !== undefined) {
    const tasks = setOf(task);
    conditions.push((_view, call) => hasTag(call, 'task', tasks));
  }
  if (tags !== undefined) conditions.push(compileTags(tags, path));
  for (const feature of ['tools', 'images', 'documents', 'structuredOutput'] as const) {
    const wanted = when[feature];
    if (wanted !== undefined) conditions.push((view) => view.features[feature] === wanted);
  }
  if (shape !== undefined) {
    const shapes = setOf(shape);
    conditions.push((_view, call, { shapeOf }) => shapes.has(shapeOf(call) ?? ''));
  }
  if (minInputTokens !== undefined)
    conditions.push((view, call, { inputTokens }) => inputTokens(view, call).least >= minInputTokens);
  if (maxInputTokens !== undefined)
    conditions.push((view, call, { inputTokens }) => inputTokens(view, call).most <= maxInputTokens);
  return (view, call, reading) => conditions.every((condition) => condition(view, call, reading));
}
