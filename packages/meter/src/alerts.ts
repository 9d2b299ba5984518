/**
 * Alerts on receipts: thresholds, and changes against each scope's own past.
 * @module
 */
export type { BudgetAlert, LoopAlert, MeterAlert, StoreAlert } from './alert.js';
export { type AlertChannel, callbackChannel } from './alerts/alert-channel.js';
export { AlertDeliveryError } from './alerts/alert-delivery-error.js';
export type { AlertFailure } from './alerts/alert-fan-out.js';
export { alertText } from './alerts/alert-text.js';
export type { Alert, AnomalyAlert, AnomalyKind, ThresholdAlert } from './alerts/alert-types.js';
export { type Alerts, type AlertsOptions, createAlerts } from './alerts/create-alerts.js';
export { type SnsClientLike, type SnsOptions, snsChannel } from './alerts/sns-channel.js';
export type { Threshold, ThresholdMetric } from './alerts/threshold.js';
export { type WebhookOptions, webhookChannel } from './alerts/webhook-channel.js';
export type { BudgetAction } from './budget.js';
export type { Sink } from './sink.js';
