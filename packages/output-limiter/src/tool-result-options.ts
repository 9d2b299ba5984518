import { checkOptions, isBoolean } from '@costkit/core';

/** How results of tools are compacted before they are sent. */
export interface ToolResultOptions {
  /** Whether tables may be written in TOON (lists of equal objects as rows under one head). @defaultValue `true` */
  readonly toon?: boolean;
  /**
   * Whether conversations are read from the prompt cache: then a result that was sent as it is stays so, unless writing
   * anew what stands behind it pays.
   *
   * @defaultValue whether the model has a prompt cache
   */
  readonly cached?: boolean;
  /**
   * Compacts every result wherever it stands, whatever that costs: for processes that share conversations and all have
   * this on, so that each of them sends what another has sent.
   *
   * @defaultValue `false`
   */
  readonly always?: boolean;
}

/** @throws `InvalidOptionError` for options that are unknown or wrong. */
export function checkToolResults(options: ToolResultOptions): void {
  checkOptions<ToolResultOptions>(
    'output-limiter',
    options,
    { toon: isBoolean, cached: isBoolean, always: isBoolean },
    'toolResults.',
  );
}
