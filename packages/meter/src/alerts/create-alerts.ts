import {
  type Clock,
  checkOptions,
  InvalidOptionError,
  isArray,
  isBoolean,
  isFunction,
  isNonNegativeNumber,
  isPositiveInteger,
  type Receipt,
  systemClock,
} from '@costkit/core';
import { checkOverrides, type PriceOverride } from '@costkit/pricing';
import type { MeterAlert } from '../alert.js';
import { scopeName } from '../dimensions.js';
import { hasMethods } from '../has-methods.js';
import { isNames } from '../is-names.js';
import { isTimeZone } from '../is-time-zone.js';
import type { Sink } from '../sink.js';
import type { AlertChannel } from './alert-channel.js';
import { type AlertFailure, alertFanOut } from './alert-fan-out.js';
import { alertKey, anomalyKey } from './alert-text.js';
import type { Alert, AnomalyKind } from './alert-types.js';
import { rememberingHourOfWeek } from './hour-of-week.js';
import { incidentBook } from './incident-book.js';
import { modelRate } from './model-rate.js';
import { anomalyReason, thresholdReason } from './reason-of.js';
import { type Finding, type ScopeWatch, scopeWatch } from './scope-watch.js';
import { checkThresholds, type Threshold, type ThresholdWatch, thresholdWatch } from './threshold.js';

/** What {@link createAlerts} takes. */
export interface AlertsOptions {
  /** Where alerts go; each gets every alert. */
  readonly channels: readonly AlertChannel[];
  /** Tags whose values make a scope: each is watched for itself. @defaultValue all calls are one scope */
  readonly per?: string | readonly string[];
  /** Watch every scope for changes against its own past. @defaultValue true */
  readonly anomalies?: boolean;
  /** Limits of yours. @defaultValue none */
  readonly thresholds?: readonly Threshold[];
  /**
   * An anomaly is told once the scope has spent so much since it began; for a spike, so much more than expected
   * within five minutes.
   *
   * @defaultValue 0.25
   */
  readonly minUsd?: number;
  /** The time zone whose days and weeks the traffic follows. @defaultValue `"UTC"` */
  readonly timeZone?: string;
  /** An incident that was not seen for so long is over; the next one is told again. @defaultValue 3_600_000 */
  readonly quietMs?: number;
  /** An incident that goes on is told again after this time. @defaultValue 86_400_000 */
  readonly repeatMs?: number;
  /**
   * The prices that the client was given, so that the watch for dearer models goes by them, too.
   *
   * @defaultValue published prices
   */
  readonly priceOverrides?: readonly PriceOverride[];
  /** Scopes that are remembered, about 16 kB each; of more, the one not seen for longest is forgotten. @defaultValue 1_000 */
  readonly maxScopes?: number;
  /** Told when a channel gives an alert up. @defaultValue a process warning, once for each channel */
  readonly onError?: (failure: AlertFailure) => void;
  /** Time for what {@link Alerts.deliver} hands on; receipts bring their own. @defaultValue the machine's clock */
  readonly clock?: Clock;
}

/** Watches receipts, and tells what is wrong. A sink: give it to a meter, or to `onReceipt`. */
export interface Alerts extends Sink {
  /** Looks at one receipt. What it gives rise to is delivered beside. */
  write(receipt: Receipt): void;
  /** Hands on what a meter tells, by the same channels and as seldom. */
  deliver(alert: MeterAlert): void;
  /** Waits until everything told so far is delivered, or given up. */
  flush(): Promise<void>;
}

interface Scope {
  readonly name: string;
  readonly watch: ScopeWatch | undefined;
  readonly thresholds: readonly ThresholdWatch[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const isChannel = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && typeof (value as AlertChannel).send === 'function';

function check(options: AlertsOptions): void {
  checkOptions<AlertsOptions>('meter', options, {
    channels: (value) =>
      isArray(value) ??
      ((value as unknown[]).length > 0 && (value as unknown[]).every(isChannel)
        ? undefined
        : 'must hold channels, at least one, each with a send function'),
    per: (value) => isNames([value].flat()),
    anomalies: isBoolean,
    thresholds: isArray,
    minUsd: isNonNegativeNumber,
    timeZone: isTimeZone,
    quietMs: isPositiveInteger,
    repeatMs: isPositiveInteger,
    priceOverrides: isArray,
    maxScopes: isPositiveInteger,
    onError: isFunction,
    clock: hasMethods('now', 'monotonicMs'),
  });
  if (options.channels === undefined) throw new InvalidOptionError('meter', 'channels', 'is missing');
  if (options.priceOverrides !== undefined) checkOverrides(options.priceOverrides);
  checkThresholds(options.thresholds ?? []);
}

/**
 * Watches receipts for thresholds of yours, and every scope for changes against its own past: a spike, a drift,
 * growing prompts, a falling cache-hit rate, a dearer model. A baseline holds the last four weeks by hour of the
 * week; a scope's first day is for learning. Time is the receipts' own, so that a file of them can be replayed.
 * Memory is bounded, and a receipt takes the same time whatever came before.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong.
 *
 * @example
 * ```ts
 * const alerts = createAlerts({
 *   per: 'feature',
 *   channels: [webhookChannel('https://hooks.example.com/T1')],
 *   thresholds: [{ name: 'an expensive hour', metric: 'spendUsd', above: 50 }],
 * });
 * const meter = createMeter({ sinks: [alerts], onAlert: alerts.deliver });
 * ```
 */
export function createAlerts(options: AlertsOptions): Alerts {
  check(options);
  const { channels, anomalies = true, thresholds = [], minUsd = 0.25, timeZone = 'UTC' } = options;
  const { quietMs = HOUR_MS, repeatMs = DAY_MS, maxScopes = 1_000, clock = systemClock } = options;
  const names = options.per === undefined ? [] : [options.per].flat();
  const hourOfWeek = rememberingHourOfWeek(timeZone);
  const rateOf = modelRate(options.priceOverrides);
  const book = incidentBook({ quietMs, repeatMs });
  const scopes = new Map<string, Scope>();
  const fanOut = alertFanOut(channels, options.onError);

  const scopeOf = (receipt: Receipt): Scope => {
    const name = scopeName(names, receipt.tags);
    const scope = scopes.get(name) ?? {
      name: name === 'all' ? 'all calls' : name,
      watch: anomalies ? scopeWatch({ minUsd, hourOfWeek, rateOf }) : undefined,
      thresholds: thresholds.map(thresholdWatch),
    };
    scopes.delete(name);
    scopes.set(name, scope);
    if (scopes.size > maxScopes) scopes.delete(scopes.keys().next().value as string);
    return scope;
  };

  const tell = (alert: Alert, atMs: number): void => {
    if (book.isNews(alertKey(alert), atMs)) fanOut.send(alert);
  };

  const tellAnomaly = (scope: string, finding: Finding, atMs: number): void => {
    const key = (anomaly: AnomalyKind): string => anomalyKey(scope, anomaly);
    // A spike that stays is a drift too: it has been told.
    if (finding.anomaly === 'drift' && book.isOpen(key('spike'), atMs)) book.isNews(key('drift'), atMs);
    else tell({ kind: 'anomaly', scope, ...finding, reason: anomalyReason(finding) }, atMs);
  };

  return {
    name: 'alerts',
    write: (receipt) => {
      const atMs = receipt.startedAt.getTime() + receipt.latencyMs;
      const { name: scope, watch, thresholds: watches } = scopeOf(receipt);
      watch?.take(receipt, atMs, (finding) => tellAnomaly(scope, finding, atMs));
      for (const { threshold, take } of watches) {
        const crossing = take(receipt, atMs);
        if (crossing === undefined) continue;
        const { observed, limit } = crossing;
        const reason = thresholdReason(threshold, crossing);
        const at = new Date(atMs);
        tell({ kind: 'threshold', threshold: threshold.name, scope, at, observed, limit, reason }, atMs);
      }
    },
    deliver: (alert) => tell(alert, clock.now()),
    flush: () => fanOut.flush(),
  };
}
