import type { OptionCheck } from '@costkit/core';
import {
  isArray,
  isNonNegativeNumber,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
} from '@costkit/core';
import { answerStructure } from './answer-structure.js';
import { RouterModelError } from './errors.js';
import { PROMPT_FEATURES } from './prompt-structure.js';
import { BUCKETS } from './prompt-words.js';
import type { RouterModelJson } from './types.js';
import { WORD_SET_BYTES } from './word-set.js';

/** The version of the saved form that this package reads and writes. */
export const ROUTER_MODEL_VERSION = 1;

type Field = (value: unknown, path: string) => void;

const leaf =
  (check: OptionCheck): Field =>
  (value, path) => {
    const problem = value === undefined ? 'is missing' : check(value);
    if (problem !== undefined) throw new RouterModelError(path, problem);
  };
const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const isNumber: OptionCheck = (value) => (Number.isFinite(value) ? undefined : 'must be a number');
const number = leaf(isNumber);
const date = leaf((value) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? undefined : 'must be an ISO time',
);
const bytes = (length: number): Field =>
  leaf((value) =>
    typeof value === 'string' && Buffer.from(value, 'base64').length === length
      ? undefined
      : `must be ${length} bytes in base64`,
  );

const list =
  (field: Field, length?: number): Field =>
  (value, path) => {
    leaf(isArray)(value, path);
    const entries = value as readonly unknown[];
    if (length !== undefined && entries.length !== length) {
      throw new RouterModelError(path, `must have ${length} entries`);
    }
    entries.forEach((entry, at) => {
      field(entry, `${path}[${at}]`);
    });
  };

const object =
  (required: Readonly<Record<string, Field>>, optional: Readonly<Record<string, Field>> = {}): Field =>
  (value, path) => {
    leaf(isObject)(value, path);
    const own = value as Readonly<Record<string, unknown>>;
    const known = { ...required, ...optional };
    const unknown = Object.keys(own).find((name) => !Object.hasOwn(known, name));
    if (unknown !== undefined) {
      throw new RouterModelError(
        join(path, unknown),
        `is unknown; known are ${Object.keys(known).join(', ')}`,
      );
    }
    for (const [name, field] of Object.entries(known)) {
      if (name in required || own[name] !== undefined) field(own[name], join(path, name));
    }
  };

const entriesOf =
  (field: Field): Field =>
  (value, path) => {
    leaf(isObject)(value, path);
    for (const [name, entry] of Object.entries(value as object)) field(entry, join(path, name));
  };

const thresholdField = object({
  threshold: leaf(isShare),
  cheapShare: leaf(isShare),
  abstainedShare: leaf(isShare),
  shareOfStrongQuality: leaf(isNonNegativeNumber),
  target: object({
    keepShareOfStrongQuality: leaf(isShare),
    delta: leaf(isShare),
    overPrompts: leaf(isPositiveInteger),
  }),
});

function modelOf(kind: RouterModelJson['kind']): Field {
  const size = PROMPT_FEATURES + (kind === 'answer' ? answerStructure({ text: '' }).length : 0);
  const perFeature = list(number, size);
  const head = object({ intercept: number, step: number, words: bytes(2 * BUCKETS), structure: perFeature });
  return object(
    {
      version: leaf(isOneOf(ROUTER_MODEL_VERSION)),
      kind: leaf(isOneOf(kind)),
      provenance: object({
        createdAt: date,
        records: leaf(isPositiveInteger),
        cheap: leaf(isText),
        strong: leaf(isText),
        seed: number,
      }),
      rarity: bytes(BUCKETS),
      vocabulary: bytes(WORD_SET_BYTES),
      structure: object({ means: perFeature, deviations: perFeature }),
      heads: object({ cheap: head, strong: head }),
      tasks: entriesOf(number),
      calibration: object({ slope: number, intercept: number }),
      limits: object({ minKnownShare: leaf(isShare), maxCharacters: leaf(isNonNegativeNumber) }),
    },
    { threshold: thresholdField, thresholdWithoutTask: thresholdField },
  );
}

/** Checks a saved model, or its text. @throws {@link RouterModelError} naming the path that is wrong. */
export function parseModelJson(kind: RouterModelJson['kind'], json: unknown): RouterModelJson {
  let value = json;
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json);
    } catch (cause) {
      throw new RouterModelError('', 'it is no JSON', { cause });
    }
  }
  modelOf(kind)(value, '');
  return value as RouterModelJson;
}
