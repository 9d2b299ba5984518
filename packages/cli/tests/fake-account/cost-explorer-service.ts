import {
  ACCOUNT_ID,
  type AccountState,
  type Fields,
  type JsonService,
  nextNumber,
  Refusal,
  setTags,
  type Tags,
} from './account-state.js';

const dayAfter = (day: string): string => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

/** Credits stand below zero. */
const groupsOf = ({ costs }: AccountState, day: string, isCredit: boolean): Fields[] =>
  costs
    .filter((cost) => cost.day === day && Number(cost.usd) < 0 === isCredit)
    .map(({ service, usageType, usd, quantity, unit }) => ({
      Keys: [service, usageType],
      Metrics: {
        UnblendedCost: { Amount: usd, Unit: 'USD' },
        UsageQuantity: { Amount: quantity, Unit: unit },
      },
    }));

/** Cost Explorer with cost anomaly detection: one monitor of all services at most. */
export function costExplorerService(account: AccountState): JsonService {
  return {
    GetDimensionValues: () => ({
      DimensionValues: account.billed.map((Value) => ({ Value, Attributes: {} })),
      ReturnSize: account.billed.length,
      TotalSize: account.billed.length,
    }),
    GetCostAndUsage: ({ TimePeriod, GroupBy, Filter, NextPageToken }) => {
      const isCredit = JSON.stringify(Filter).includes('"Credit"');
      const { Start, End } = TimePeriod as { Start: string; End: string };
      const days = [...new Set(account.costs.map(({ day }) => day))]
        .filter((day) => day >= Start && day < End)
        .sort();
      // A day a page.
      const page = Number(NextPageToken ?? 0);
      const day = days[page];
      return {
        GroupDefinitions: GroupBy,
        ResultsByTime:
          day === undefined
            ? []
            : [
                {
                  TimePeriod: { Start: day, End: dayAfter(day) },
                  Total: {},
                  Groups: groupsOf(account, day, isCredit),
                },
              ],
        ...(page + 1 < days.length ? { NextPageToken: String(page + 1) } : {}),
      };
    },
    GetAnomalyMonitors: () => ({ AnomalyMonitors: [...account.monitors.values()] }),
    GetAnomalySubscriptions: () => ({ AnomalySubscriptions: [...account.subscriptions.values()] }),
    CreateAnomalyMonitor: ({ AnomalyMonitor, ResourceTags }) => {
      const monitor = AnomalyMonitor as Fields;
      const taken = [...account.monitors.values()].some(
        ({ MonitorDimension }) =>
          MonitorDimension !== undefined && MonitorDimension === monitor['MonitorDimension'],
      );
      if (taken) throw new Refusal('LimitExceededException', 'Limit exceeded on dimensional spend monitor');
      const MonitorArn = `arn:aws:ce::${ACCOUNT_ID}:anomalymonitor/${nextNumber(account)}`;
      account.monitors.set(MonitorArn, { ...monitor, MonitorArn, CreationDate: '2026-11-28' });
      setTags(account, MonitorArn, ResourceTags as Tags);
      return { MonitorArn };
    },
    DeleteAnomalyMonitor: ({ MonitorArn }) => {
      if (!account.monitors.delete(String(MonitorArn)))
        throw new Refusal('UnknownMonitorException', 'no such');
      return {};
    },
    CreateAnomalySubscription: ({ AnomalySubscription, ResourceTags }) => {
      const subscription = AnomalySubscription as Fields;
      for (const arn of subscription['MonitorArnList'] as string[])
        if (!account.monitors.has(arn)) throw new Refusal('UnknownMonitorException', arn);
      const SubscriptionArn = `arn:aws:ce::${ACCOUNT_ID}:anomalysubscription/${nextNumber(account)}`;
      account.subscriptions.set(SubscriptionArn, { ...subscription, SubscriptionArn, AccountId: ACCOUNT_ID });
      setTags(account, SubscriptionArn, ResourceTags as Tags);
      return { SubscriptionArn };
    },
    UpdateAnomalySubscription: ({ SubscriptionArn, ...fields }) => {
      const arn = String(SubscriptionArn);
      account.subscriptions.set(arn, { ...account.subscriptions.get(arn), ...fields });
      return { SubscriptionArn: arn };
    },
    DeleteAnomalySubscription: ({ SubscriptionArn }) => {
      account.subscriptions.delete(String(SubscriptionArn));
      return {};
    },
    ListTagsForResource: ({ ResourceArn }) => ({ ResourceTags: account.tags.get(String(ResourceArn)) ?? [] }),
    TagResource: ({ ResourceArn, ResourceTags }) => {
      setTags(account, String(ResourceArn), ResourceTags as Tags);
      return {};
    },
  };
}
