const MARKER = Symbol.for('costkit.error');

/** What every costkit error carries besides its message. */
export interface CostkitErrorOptions extends ErrorOptions {
  /** A stable code such as `COSTKIT_UNKNOWN_MODEL`; scripts and tests match on it. */
  readonly code: string;
}

/**
 * The base of every error that costkit throws itself. Errors of the AWS SDK are never wrapped: they pass
 * through as the same object.
 *
 * `instanceof` fails between two installed copies of a package; {@link CostkitError.isInstance} does not.
 *
 * @example
 * ```ts
 * try {
 *   await client.send(command);
 * } catch (error) {
 *   if (CostkitError.isInstance(error)) console.error(error.code, error.message);
 *   else throw error;
 * }
 * ```
 */
export class CostkitError extends Error {
  override readonly name: string = 'CostkitError';
  /** A stable code such as `COSTKIT_UNKNOWN_MODEL`. */
  readonly code: string;
  /** @internal */
  readonly [MARKER] = true;

  constructor(message: string, options: CostkitErrorOptions) {
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    this.code = options.code;
  }

  /** @internal */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: the class that is asked may be a subclass.
    return isInstanceOf(this, value);
  }

  /** Whether `value` is a costkit error, also one from another copy of the package. */
  static isInstance(value: unknown): value is CostkitError {
    return typeof value === 'object' && value !== null && (value as { [MARKER]?: unknown })[MARKER] === true;
  }
}

/**
 * A class with a static `instanceName` knows instances of a copy of it, too, by their name: `costkit` brings copies of
 * the levers' classes.
 */
function isInstanceOf(
  asked: { readonly prototype: object; readonly instanceName?: string },
  value: unknown,
): boolean {
  return Object.hasOwn(asked, 'instanceName')
    ? CostkitError.isInstance(value) && value.name === asked.instanceName
    : Function.prototype[Symbol.hasInstance].call(asked, value);
}

/** An option is unknown, of the wrong type or out of range. Thrown when a lever is built, never per call. */
export class InvalidOptionError extends CostkitError {
  override readonly name: string = 'InvalidOptionError';
  /** The option's path, e.g. `budgets[0].limitUsd`. */
  readonly option: string;

  constructor(where: string, option: string, problem: string) {
    super(`costkit ${where}: option "${option}" ${problem}.`, { code: 'COSTKIT_INVALID_OPTION' });
    this.option = option;
  }
}

/** A model id or ARN names no model of the catalogue. */
export class UnknownModelError extends CostkitError {
  override readonly name: string = 'UnknownModelError';
  /** The id or ARN as it was given. */
  readonly modelId: string;

  constructor(modelId: string, advice: string, options: ErrorOptions = {}) {
    super(`costkit pricing: "${modelId}" names no known model. ${advice}`, {
      code: 'COSTKIT_UNKNOWN_MODEL',
      ...options,
    });
    this.modelId = modelId;
  }
}
