import { describe, expect, it } from 'vitest';
import {
  checkOptions,
  isAnything,
  isArray,
  isBoolean,
  isFunction,
  isMode,
  isNonNegativeNumber,
  isObject,
  isOneOf,
  isPositiveInteger,
  isShare,
  isText,
} from './options.js';

interface SampleOptions {
  readonly name?: string;
  readonly limit?: number;
}
const check = (options: unknown, path?: string): void =>
  checkOptions<SampleOptions>(
    'sample',
    options as SampleOptions,
    { name: isText, limit: isPositiveInteger },
    path,
  );

describe('checkOptions', () => {
  it('takes what is right, and absent for undefined', () => {
    expect(() => check({})).not.toThrow();
    expect(() => check({ name: 'x', limit: undefined })).not.toThrow();
  });

  it('names the options that exist when it meets one that does not', () => {
    expect(() => check({ limt: 3 })).toThrow(/costkit sample: .*limt.*name, limit/);
    // Not even a name that every object has.
    expect(() => check({ toString: 3 })).toThrow(/toString/);
  });

  it('says which option is wrong, with its path', () => {
    expect(() => check({ limit: 0 })).toThrow(/limit.*whole number above 0/);
    expect(() => check({ limit: 0 }, 'budgets[0].')).toThrow(/budgets\[0\]\.limit/);
  });

  it.each([undefined, null, 5, 'text', []])('refuses %j for options', (options) => {
    expect(() => check(options)).toThrow(expect.objectContaining({ code: 'COSTKIT_INVALID_OPTION' }));
  });
});

describe('checks', () => {
  it.each([
    ['isText', isText, ['x'], ['', 5, undefined]],
    ['isBoolean', isBoolean, [true, false], [0, 'true']],
    ['isFunction', isFunction, [() => 1], [{}, null]],
    ['isObject', isObject, [{}, new Map()], [[], null, 'x']],
    ['isArray', isArray, [[], [1]], [{}, 'x']],
    ['isPositiveInteger', isPositiveInteger, [1, 1e15], [0, -1, 1.5, Number.NaN, '1', 2 ** 60]],
    ['isNonNegativeNumber', isNonNegativeNumber, [0, 0.5], [-0.1, Number.POSITIVE_INFINITY, Number.NaN, '0']],
    ['isShare', isShare, [0, 0.5, 1], [-0.1, 1.01, Number.NaN, '0.5']],
    ['isMode', isMode, ['off', 'observe', 'enforce'], ['on', undefined]],
    ['isOneOf', isOneOf('a', 2), ['a', 2], ['b', '2']],
    ['isAnything', isAnything, [undefined, null, 5], []],
  ] as const)('%s', (_, one, right, wrong) => {
    for (const value of right) expect(one(value)).toBeUndefined();
    for (const value of wrong) expect(one(value)).toMatch(/^must be /);
  });
});
