import type { AlertChannel } from './alert-channel.js';
import { AlertDeliveryError } from './alert-delivery-error.js';
import type { Alert } from './alert-types.js';

/** Told when a channel gives an alert up. */
export interface AlertFailure {
  /** Name of the channel. */
  readonly channel: string;
  /** What it threw or rejected with: of our channels an `AlertDeliveryError`. */
  readonly error: unknown;
}

/** Hands alerts to all channels, whatever any of them does. */
export interface AlertFanOut {
  send(alert: Alert): void;
  /** Waits until everything sent so far has arrived or was given up. */
  flush(): Promise<void>;
}

/** Deliveries on their way; a channel that hangs must not fill the memory. */
const MAX_PENDING = 1_000;

export function alertFanOut(
  channels: readonly AlertChannel[],
  onError: ((failure: AlertFailure) => void) | undefined,
): AlertFanOut {
  const pending = new Set<Promise<void>>();
  const warned = new Set<string>();

  /** Without a listener a loss would stay unseen: Node's own warning, once for each channel. */
  const warnOnce = (channel: string, error: unknown): void => {
    if (warned.has(channel)) return;
    warned.add(channel);
    const message =
      error instanceof AlertDeliveryError
        ? error.message
        : `costkit meter: ${channel} did not take an alert: ${String(error)}.`;
    process.emitWarning(`${message} Pass "onError" to handle it.`, { code: 'COSTKIT_ALERT_DELIVERY' });
  };

  const fail = (channel: string, error: unknown): void => {
    if (onError === undefined) warnOnce(channel, error);
    else {
      try {
        onError({ channel, error });
      } catch {
        // A listener that fails has nobody left to tell.
      }
    }
  };

  const deliver = async (channel: AlertChannel, alert: Alert): Promise<void> => {
    try {
      await channel.send(alert);
    } catch (error) {
      fail(channel.name, error);
    }
  };

  return {
    send: (alert) => {
      for (const channel of channels) {
        if (pending.size >= MAX_PENDING) {
          fail(
            channel.name,
            new AlertDeliveryError(
              channel.name,
              `${MAX_PENDING} alerts are on their way`,
              'Look why it is slow',
            ),
          );
          continue;
        }
        const delivery: Promise<void> = deliver(channel, alert).finally(() => pending.delete(delivery));
        pending.add(delivery);
      }
    },
    flush: async () => {
      while (pending.size > 0) await Promise.all(pending);
    },
  };
}
