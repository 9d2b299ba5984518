import { describe, expect, it } from 'vitest';
import { CostkitError, InvalidOptionError, UnknownModelError } from './errors.js';

describe('CostkitError', () => {
  it('carries a code, a name that survives minifiers, and a cause only when given', () => {
    const cause = new Error('before');
    const error = new CostkitError('costkit pricing: what happened. What to do.', {
      code: 'COSTKIT_TEST',
      cause,
    });
    expect(error).toMatchObject({ name: 'CostkitError', code: 'COSTKIT_TEST', cause });
    expect(error).toBeInstanceOf(Error);
    expect('cause' in new CostkitError('costkit pricing: nothing.', { code: 'COSTKIT_TEST' })).toBe(false);
  });

  it('is recognised across two copies of the package', () => {
    const fromOtherCopy = Object.assign(new Error('other'), { [Symbol.for('costkit.error')]: true });
    expect(CostkitError.isInstance(fromOtherCopy)).toBe(true);
    expect(CostkitError.isInstance(new UnknownModelError('x', 'Advice.'))).toBe(true);
  });

  it('lets a class know instances of its copy, where it says their name', () => {
    const classNamed = (instanceName: string) =>
      class extends CostkitError {
        static readonly instanceName: string = instanceName;
        override readonly name: string = instanceName;
      };
    const [One, Copy, Other] = [classNamed('OneError'), classNamed('OneError'), classNamed('OtherError')];
    const error = new Copy('costkit test: what happened. What to do.', { code: 'COSTKIT_TEST' });
    expect(error).toBeInstanceOf(One);
    expect(error).not.toBeInstanceOf(Other);
    expect(error).toBeInstanceOf(CostkitError);
    expect(error).not.toBeInstanceOf(class extends One {});
    expect({ name: 'OneError' }).not.toBeInstanceOf(One);
  });

  it.each([undefined, null, 'text', {}, new Error('plain')])('is not %s', (value) => {
    expect(CostkitError.isInstance(value)).toBe(false);
  });
});

describe('InvalidOptionError', () => {
  it('names the option', () => {
    const error = new InvalidOptionError('meter', 'budgets[0].limitUsd', 'is negative');
    expect(error).toMatchObject({
      name: 'InvalidOptionError',
      code: 'COSTKIT_INVALID_OPTION',
      option: 'budgets[0].limitUsd',
    });
    expect(error.message).toBe('costkit meter: option "budgets[0].limitUsd" is negative.');
  });
});

describe('UnknownModelError', () => {
  it('names the model and says what to do', () => {
    const error = new UnknownModelError('acme.super-1', 'Try another.');
    expect(error).toMatchObject({
      name: 'UnknownModelError',
      code: 'COSTKIT_UNKNOWN_MODEL',
      modelId: 'acme.super-1',
    });
    expect(error.message).toBe('costkit pricing: "acme.super-1" names no known model. Try another.');
  });
});
