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

const shown = (value: unknown): string =>
  value === undefined ? 'nothing' : (JSON.stringify(value) ?? typeof value).slice(0, 60);

const text: Field = (value, path) => {
  if (typeof value !== 'string' || value === '')
    throw new RoutingPolicyError(path, 'must be a text that is not empty');
};

const date: Field = (value, path) => {
  if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}/.test(value) || Number.isNaN(Date.parse(value))) {
    throw new RoutingPolicyError(path, `must be an ISO date, not ${shown(value)}`);
  }
};

const number =
  (minimum: number, maximum: number): Field =>
  (value, path) => {
    if (typeof value !== 'number' || !(value >= minimum && value <= maximum)) {
      const range = maximum === Number.MAX_VALUE ? `${minimum} or more` : `from ${minimum} to ${maximum}`;
      throw new RoutingPolicyError(path, `must be a number ${range}, not ${shown(value)}`);
    }
  };

const share = number(0, 1);

const entries =
  (field: Field): Field =>
  (value, path) => {
    for (const [key, entry] of Object.entries(record(value, path))) field(entry, join(path, key));
  };

const object =
  (required: Fields, optional: Fields): Field =>
  (value, path) => {
    const fields = record(value, path);
    for (const name of Object.keys(fields)) {
      if (Object.hasOwn(required, name) || Object.hasOwn(optional, name)) continue;
      const known = [...Object.keys(required), ...Object.keys(optional)].join(', ');
      throw new RoutingPolicyError(join(path, name), `is unknown; known are ${known}`);
    }
    for (const [name, field] of Object.entries(required)) {
      if (fields[name] === undefined) throw new RoutingPolicyError(join(path, name), 'is missing');
      field(fields[name], join(path, name));
    }
    for (const [name, field] of Object.entries(optional)) {
      if (fields[name] !== undefined) field(fields[name], join(path, name));
    }
  };

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

function record(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RoutingPolicyError(path, `must be an object, not ${shown(value)}`);
  }
  return value as Record<string, unknown>;
}

const version: Field = (value, path) => {
  if (value !== ROUTING_POLICY_VERSION) {
    throw new RoutingPolicyError(
      path,
      `must be ${ROUTING_POLICY_VERSION}, the version this package reads, not ${shown(value)}`,
    );
  }
};

const checkPolicy: Field = object(
  {
    version,
    createdAt: date,
    tasks: entries(
      object(
        { tier: text },
        {
          floor: text,
          evidence: object(
            {
              model: text,
              baselineModel: text,
              evaluatedAt: date,
              cases: number(1, Number.MAX_VALUE),
              score: share,
              baselineScore: share,
            },
            { lossUpperBound: number(-1, 1), confidence: share, tokenRatio: number(0.01, 100) },
          ),
        },
      ),
    ),
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
