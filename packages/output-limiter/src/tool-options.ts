import { checkOptions, InvalidOptionError, isArray, isBoolean, isPositiveInteger } from '@costkit/core';

/** How the tools of a request are chosen by what the conversation asks for. */
export interface ToolOptions {
  /** Most tools that a question chooses; those of `keep`, and those the conversation has called, come on top. */
  readonly maxTools: number;
  /** Names of tools that every request has. @defaultValue none */
  readonly keep?: readonly string[];
  /**
   * Whether tools are read from the prompt cache: then another list has to pay for all that it makes the service write
   * anew.
   *
   * @defaultValue whether the model has a prompt cache
   */
  readonly cached?: boolean;
  /** Chooses whether that costs less or more. @defaultValue `false` */
  readonly always?: boolean;
}

/** @throws `InvalidOptionError` for options that are unknown or wrong. */
export function checkTools(options: ToolOptions): void {
  checkOptions<ToolOptions>(
    'output-limiter',
    options,
    { maxTools: isPositiveInteger, keep: isArray, cached: isBoolean, always: isBoolean },
    'tools.',
  );
  if (options.maxTools === undefined)
    throw new InvalidOptionError('output-limiter', 'tools.maxTools', 'is missing');
}
