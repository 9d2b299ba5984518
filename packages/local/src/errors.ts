const MARKER = Symbol.for('costkit.error');

/** The codes a {@link LocalBedrockError} can carry. */
export type LocalBedrockErrorCode =
  | 'COSTKIT_INVALID_OPTION'
  | 'COSTKIT_PORT_IN_USE'
  | 'COSTKIT_LISTEN_FAILED'
  | 'COSTKIT_CLOCK_NOT_MANUAL'
  | 'COSTKIT_UPSTREAM_MODEL_FAILED';

/**
 * A mistake in how the local Bedrock was started or used. What the emulated service itself refuses is not this
 * error: it goes over the wire as AWS would send it.
 *
 * The class is this package's own because the local Bedrock shares no code with what it measures; it carries
 * the marker that `CostkitError.isInstance` of `@costkit/core` looks for.
 */
export class LocalBedrockError extends Error {
  override readonly name: string = 'LocalBedrockError';
  /** Stable code for scripts and tests. */
  readonly code: LocalBedrockErrorCode;
  /** @internal */
  readonly [MARKER] = true;

  constructor(code: LocalBedrockErrorCode, message: string, options?: ErrorOptions) {
    super(`costkit local: ${message}`, options);
    this.code = code;
  }
}

/** Makes the error for an option that is unknown, of the wrong type or out of range. */
export function invalidOption(option: string, problem: string): LocalBedrockError {
  return new LocalBedrockError('COSTKIT_INVALID_OPTION', `option "${option}" ${problem}.`);
}
