import type { BudgetAlert } from '../alert.js';
import type { Alert, AnomalyKind } from './alert-types.js';

const usd = (amount: number): string => `$${amount.toFixed(amount < 1 ? 4 : 2)}`;

function budgetReason({ budget, limitUsd, spentUsd, reservedUsd }: BudgetAlert): string {
  return `Budget "${budget}": ${usd(spentUsd)} spent and ${usd(reservedUsd)} reserved, of ${usd(limitUsd)}.`;
}

/** What identifies an anomaly. */
export function anomalyKey(scope: string, anomaly: AnomalyKind): string {
  return JSON.stringify(['anomaly', scope, anomaly]);
}

/** What identifies an alert: while it stays open, the same is not told again. */
export function alertKey(alert: Alert): string {
  const { kind, scope } = alert;
  switch (kind) {
    case 'anomaly':
      return anomalyKey(scope, alert.anomaly);
    case 'threshold':
      return JSON.stringify([kind, scope, alert.threshold]);
    case 'budget':
      return JSON.stringify([kind, scope, alert.budget, alert.resetsAt]);
    case 'store':
      return JSON.stringify([kind, scope, alert.reachable]);
    default:
      return JSON.stringify([kind, scope, alert.trigger, alert.timesTold]);
  }
}

/** What an alert is called in one line. */
function titleOf(alert: Alert): string {
  switch (alert.kind) {
    case 'anomaly':
      return alert.anomaly;
    case 'threshold':
      return alert.threshold;
    case 'store':
      return alert.reachable ? 'budget store is back' : 'budget store fails';
    default:
      return alert.kind;
  }
}

/**
 * An alert in one line, for people: `costkit spike in feature=chat: …`.
 *
 * @example
 * ```ts
 * callbackChannel((alert) => logger.warn(alertText(alert)));
 * ```
 */
export function alertText(alert: Alert): string {
  const reason = alert.kind === 'budget' ? budgetReason(alert) : alert.reason;
  const sentence = /[.!?]$/.test(reason) ? reason : `${reason}.`;
  return `costkit ${titleOf(alert)} in ${alert.scope}: ${sentence}`;
}
