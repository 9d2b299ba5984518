import { describe, expect, it } from 'vitest';
import { RoutingPolicyError } from './errors.js';
import { parseRoutingPolicy } from './routing-policy.js';

const evidence = {
  model: 'anthropic.claude-haiku-5-5',
  baselineModel: 'anthropic.claude-opus-5-5',
  evaluatedAt: '2026-11-20',
  cases: 200,
  score: 0.94,
  baselineScore: 0.95,
  lossUpperBound: 0.02,
  confidence: 0.95,
  tokenRatio: 1.1,
};

const policy = {
  version: 1,
  createdAt: '2026-11-22T10:00:00Z',
  expiresAt: '2027-02-22',
  provenance: { by: 'costkit eval', commit: '059aa74' },
  default: 'strong',
  tasks: { faq: { tier: 'middle', floor: 'cheap', evidence }, sort: { tier: 'cheap' } },
};

function errorOf(value: unknown): RoutingPolicyError {
  try {
    parseRoutingPolicy(value);
  } catch (error) {
    if (error instanceof RoutingPolicyError) return error;
    throw error;
  }
  throw new Error('no error');
}

describe('parseRoutingPolicy', () => {
  it('reads the text of a file', () => {
    expect(parseRoutingPolicy(JSON.stringify(policy))).toEqual(policy);
  });

  it('reads what JSON.parse made', () => {
    expect(parseRoutingPolicy(policy)).toBe(policy);
  });

  it('needs no more than a version, a date and tasks', () => {
    expect(parseRoutingPolicy({ version: 1, createdAt: '2026-11-22', tasks: {} }).tasks).toEqual({});
  });

  it('takes a task of any name as a task', () => {
    const text =
      '{"version":1,"createdAt":"2026-11-22","tasks":{"__proto__":{"tier":"cheap"},"constructor":{"tier":"cheap"}}}';
    expect(Object.keys(parseRoutingPolicy(text).tasks)).toEqual(['__proto__', 'constructor']);
    expect(errorOf('{"version":1,"createdAt":"2026-11-22","tasks":{"__proto__":{}}}').path).toBe(
      'tasks.__proto__.tier',
    );
  });

  const task = (fields: object): object => ({ ...policy, tasks: { faq: { tier: 'cheap', ...fields } } });
  it.each([
    ['no object', 7, ''],
    ['a list', [], ''],
    ['an unknown field', { ...policy, taks: {} }, 'taks'],
    ['no version', { ...policy, version: undefined }, 'version'],
    ['a later version', { ...policy, version: 2 }, 'version'],
    ['no date', { ...policy, createdAt: undefined }, 'createdAt'],
    ['a date in words', { ...policy, createdAt: 'yesterday' }, 'createdAt'],
    ['an impossible date', { ...policy, expiresAt: '2026-13-40' }, 'expiresAt'],
    ['a number as a provenance', { ...policy, provenance: { seed: 7 } }, 'provenance.seed'],
    ['an empty default', { ...policy, default: '' }, 'default'],
    ['a list of tasks', { ...policy, tasks: [] }, 'tasks'],
    ['a task without tier', { ...policy, tasks: { faq: {} } }, 'tasks.faq.tier'],
    ['a misspelt field', task({ floot: 'cheap' }), 'tasks.faq.floot'],
    ['an empty floor', task({ floor: '' }), 'tasks.faq.floor'],
    [
      'evidence without a model',
      task({ evidence: { ...evidence, model: undefined } }),
      'tasks.faq.evidence.model',
    ],
    ['a score in percent', task({ evidence: { ...evidence, score: 94 } }), 'tasks.faq.evidence.score'],
    ['no cases', task({ evidence: { ...evidence, cases: 0 } }), 'tasks.faq.evidence.cases'],
    [
      'a ratio of nothing',
      task({ evidence: { ...evidence, tokenRatio: 0 } }),
      'tasks.faq.evidence.tokenRatio',
    ],
    [
      'a confidence as text',
      task({ evidence: { ...evidence, confidence: '95 %' } }),
      'tasks.faq.evidence.confidence',
    ],
  ])('refuses %s and names the path', (_name, value, path) => {
    const error = errorOf(value);
    expect(error.code).toBe('COSTKIT_INVALID_POLICY');
    expect(error.path).toBe(path);
    expect(error.message).toContain(path === '' ? 'is invalid:' : `at "${path}"`);
  });

  it('says what is known where a field is not', () => {
    expect(errorOf({ ...policy, taks: {} }).message).toBe(
      'costkit router: the routing policy is invalid at "taks": is unknown; known are version, createdAt, tasks, expiresAt, provenance, default.',
    );
  });

  it.each<[string, object, string]>([
    ['a missing field', { version: undefined }, 'at "version": is missing.'],
    ['another version', { version: 2 }, 'at "version": must be one of 1.'],
    ['a wrong date', { createdAt: '22.11.2026' }, 'at "createdAt": must be an ISO date.'],
  ])('says what is wrong with %s', (_name, fields, message) => {
    expect(errorOf({ ...policy, ...fields }).message).toBe(
      `costkit router: the routing policy is invalid ${message}`,
    );
  });

  it('says where the JSON breaks and keeps the cause', () => {
    const error = errorOf('{"version": 1,');
    expect(error.message).toMatch(/it is no JSON \(.+position 14.*\)/);
    expect(error.cause).toBeInstanceOf(SyntaxError);
  });
});
