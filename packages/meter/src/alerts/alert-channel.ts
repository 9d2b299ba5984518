import type { Alert } from './alert-types.js';

/** A way to tell people or machines of an alert. */
export interface AlertChannel {
  /** Stands in errors. */
  readonly name: string;
  /** Resolves once the alert has arrived; rejects once it is given up. */
  send(alert: Alert): void | Promise<void>;
}

/**
 * Hands alerts to a function.
 *
 * @example
 * ```ts
 * callbackChannel((alert) => logger.warn(alertText(alert)));
 * ```
 */
export function callbackChannel(send: (alert: Alert) => void | Promise<void>): AlertChannel {
  return { name: 'callback', send };
}
