import {
  isNonNegativeNumber,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
  type OptionCheck,
} from '@costkit/core';
import { RoutingPolicyError } from './errors.js';

/** The version of the file format that this package reads and writes. */
export const ROUTING_POLICY_VERSION = 1;

/** What an evaluation showed for one task on one tier. Shares are 0 to 1. */
export interface RoutingEvidence {
  /** Catalogue id of the model that was evaluated; evidence for another model does not count. */
  readonly model: string;
  /** Catalogue id of the model it was compared with. */
  readonly baselineModel: string;
  /** ISO date. */
  readonly evaluatedAt: string;
  /** Number of cases that were graded. */
  readonly cases: number;
  /** Mean grade of `model`. */
  readonly score: number;
  /** Mean grade of `baselineModel`. */
  readonly baselineScore: number;
  /** The largest loss of quality that the data do not rule out, at `confidence`. */
  readonly lossUpperBound?: number;
  /** Confidence of `lossUpperBound`, e.g. 0.95. */
  readonly confidence?: number;
  /** Tokens of `baselineModel` per token of `model` for the same cases. */
  readonly tokenRatio?: number;
}

/** Where one task goes. */
export interface TaskPolicy {
  /** Name of the tier. */
  readonly tier: string;
  /**
   * Name of the lowest tier to which a budget may move the task when it runs short.
   * @defaultValue `tier`
   */
  readonly floor?: string;
  /** Why the task may go there. Without it the receipt says that nobody measured it. */
  readonly evidence?: RoutingEvidence;
}

/** A small, reviewable document that says which task may go to which tier. It belongs in version control. */
export interface RoutingPolicy {
  /** {@link ROUTING_POLICY_VERSION}. */
  readonly version: number;
  /** ISO date. */
  readonly createdAt: string;
  /** ISO date after which the router warns; the policy is used all the same. */
  readonly expiresAt?: string;
  /** Where it came from: who, which cases, which commit. Free text, not read by the router. */
  readonly provenance?: Readonly<Record<string, string>>;
  /** By the value of the `task` tag. */
  readonly tasks: Readonly<Record<string, TaskPolicy>>;
  /** Name of the tier for every other task. Absent: they stay on the model that was asked for. */
  readonly default?: string;
}

type Field = (value: unknown, path: string) => void;
type Fields = Readonly<Record<string, Field>>;

const leaf =
  (check: OptionCheck): Field =>
  (value, path) => {
    const problem = value === undefined ? 'is missing' : check(value);
    if (problem !== undefined) throw new RoutingPolicyError(path, problem);
  };

const join = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);

const text: Field = leaf(isText);
const share: Field = leaf(isShare);
const date: Field = leaf((value) =>
  typeof value === 'string' && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : 'must be an ISO date',
);
const ratio: Field = leaf(
  (value) => isNonNegativeNumber(value) ?? (value === 0 ? 'must be above 0' : undefined),
);
const loss: Field = leaf((value) =>
  typeof value === 'number' && Math.abs(value) <= 1 ? undefined : 'must be a number from -1 to 1',
);

const entries =
  (field: Field): Field =>
  (value, path) => {
    leaf(isObject)(value, path);
    for (const [name, entry] of Object.entries(value as object)) field(entry, join(path, name));
  };

const object =
  (required: Fields, optional: Fields): Field =>
  (value, path) => {
    const all = { ...required, ...optional };
    entries((entry, at) => {
      const name = at.slice(path === '' ? 0 : path.length + 1);
      if (!Object.hasOwn(all, name)) {
        throw new RoutingPolicyError(at, `is unknown; known are ${Object.keys(all).join(', ')}`);
      }
      if (entry !== undefined) all[name]?.(entry, at);
    })(value, path);
    for (const name of Object.keys(required)) {
      if ((value as Record<string, unknown>)[name] === undefined)
        required[name]?.(undefined, join(path, name));
    }
  };

const evidence: Field = object(
  {
    model: text,
    baselineModel: text,
    evaluatedAt: date,
    cases: leaf(isPositiveInteger),
    score: share,
    baselineScore: share,
  },
  { lossUpperBound: loss, confidence: share, tokenRatio: ratio },
);

const checkPolicy: Field = object(
  {
    version: leaf(isOneOf(ROUTING_POLICY_VERSION)),
    createdAt: date,
    tasks: entries(object({ tier: text }, { floor: text, evidence })),
  },
  { expiresAt: date, provenance: entries(text), default: text },
);

/**
 * Reads a routing policy.
 *
 * @param json - the text of a policy file, or what `JSON.parse` made of it.
 * @throws {@link RoutingPolicyError} naming the path that is wrong. Unknown fields are wrong: a misspelt field
 * would be ignored.
 *
 * @example
 * ```ts
 * const policy = parseRoutingPolicy(`{
 *   "version": 1,
 *   "createdAt": "2026-11-22",
 *   "tasks": { "faq": { "tier": "cheap" } }
 * }`);
 * ```
 */
export function parseRoutingPolicy(json: unknown): RoutingPolicy {
  let value = json;
  if (typeof json === 'string') {
    try {
      value = JSON.parse(json);
    } catch (cause) {
      throw new RoutingPolicyError('', `it is no JSON (${(cause as Error).message})`, { cause });
    }
  }
  checkPolicy(value, '');
  return value as RoutingPolicy;
}
