import { CostkitError } from '@costkit/core';

/** A channel gave an alert up. The alert is not lost to the other channels. */
export class AlertDeliveryError extends CostkitError {
  override readonly name: string = 'AlertDeliveryError';
  /** Name of the channel; the address of a webhook is a secret and not in it. */
  readonly channel: string;

  constructor(channel: string, problem: string, advice: string, options: ErrorOptions = {}) {
    super(`costkit meter: ${channel} did not take an alert: ${problem}. ${advice}.`, {
      code: 'COSTKIT_ALERT_DELIVERY',
      ...options,
    });
    this.channel = channel;
  }
}
