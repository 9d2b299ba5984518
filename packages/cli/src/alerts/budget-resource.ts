import type {
  Budget,
  Expression,
  Notification,
  NotificationWithSubscribers,
  Subscriber,
} from '@aws-sdk/client-budgets';
import { type AccountResource, ifPresent, ownership, tagsOf } from './account-resource.js';
import { type Json, sorted } from './json.js';
import { bedrockServiceNames } from './service-names.js';
import type { Setup } from './setup.js';

const DEFAULT_THRESHOLDS = [50, 80, 100];
/** Credits and refunds would hide what is spent until they run out. */
const NOT_SPENDING = ['Credit', 'Refund'];

/** All that Bedrock costs, Marketplace models included, before credits. */
async function filterOf({ config, billedServices }: Setup): Promise<Expression> {
  const { tag } = config;
  const scope: Expression =
    tag === undefined
      ? { Dimensions: { Key: 'SERVICE', Values: await bedrockServiceNames(billedServices) } }
      : { Tags: { Key: tag.key, Values: sorted(tag.values) } };
  return { And: [scope, { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: NOT_SPENDING } } }] };
}

function notificationsOf({ config, topicArn }: Setup): NotificationWithSubscribers[] {
  const { thresholdsPercent = DEFAULT_THRESHOLDS } = config;
  const one = (
    NotificationType: 'ACTUAL' | 'FORECASTED',
    Threshold: number,
  ): NotificationWithSubscribers => ({
    Notification: {
      NotificationType,
      ComparisonOperator: 'GREATER_THAN',
      Threshold,
      ThresholdType: 'PERCENTAGE',
    },
    Subscribers: [{ SubscriptionType: 'SNS', Address: topicArn }],
  });
  return [...thresholdsPercent.map((threshold) => one('ACTUAL', threshold)), one('FORECASTED', 100)];
}

/** What is compared: filters in one order, amounts as numbers; match options that are the default are left out. */
function filterView(expression: Expression | undefined): Json {
  if (expression === undefined) return null;
  const { And, Or, Not, Dimensions, Tags, CostCategories } = expression;
  const values = (filter: NonNullable<typeof Tags>): Json => ({
    key: filter.Key ?? '',
    values: sorted(filter.Values ?? []),
    match: sorted(
      (filter.MatchOptions ?? []).filter((option) => option !== 'EQUALS' && option !== 'CASE_SENSITIVE'),
    ),
  });
  return {
    ...(And === undefined ? {} : { and: sorted(And.map(filterView)) }),
    ...(Or === undefined ? {} : { or: sorted(Or.map(filterView)) }),
    ...(Not === undefined ? {} : { not: filterView(Not) }),
    ...(Dimensions === undefined ? {} : { dimension: values(Dimensions) }),
    ...(Tags === undefined ? {} : { tag: values(Tags) }),
    ...(CostCategories === undefined ? {} : { costCategory: values(CostCategories) }),
  };
}

function viewOf(budget: Budget, notifications: readonly NotificationWithSubscribers[]): Json {
  return {
    limitUsd: Number(budget.BudgetLimit?.Amount),
    timeUnit: budget.TimeUnit ?? '',
    type: budget.BudgetType ?? '',
    metrics: sorted(budget.Metrics ?? []),
    filter: filterView(budget.FilterExpression),
    notifications: sorted(
      notifications.map(({ Notification: one, Subscribers = [] }) => ({
        type: one?.NotificationType ?? '',
        above: one?.Threshold ?? 0,
        unit: one?.ThresholdType ?? 'PERCENTAGE',
        comparison: one?.ComparisonOperator ?? '',
        to: sorted(
          Subscribers.map(({ SubscriptionType = '', Address = '' }) => `${SubscriptionType} ${Address}`),
        ),
      })),
    ),
  };
}

/** The monthly budget of everything that Bedrock costs. */
export async function budgetResource(setup: Setup): Promise<AccountResource> {
  const { account, clients, config, name } = setup;
  const AccountId = account.id;
  const BudgetName = `${name}-monthly`;
  const arn = `arn:${account.partition}:budgets::${account.id}:budget/${BudgetName}`;
  const budget: Budget = {
    BudgetName,
    BudgetType: 'COST',
    TimeUnit: 'MONTHLY',
    BudgetLimit: { Amount: String(config.monthlyUsd), Unit: 'USD' },
    FilterExpression: await filterOf(setup),
    Metrics: ['UnblendedCost'],
  };
  const notifications = notificationsOf(setup);
  const desired = viewOf(budget, notifications);
  const tags = tagsOf(name, desired);
  const input = {
    AccountId,
    Budget: budget,
    NotificationsWithSubscribers: notifications,
    ResourceTags: tags,
  };
  const load = () => Promise.all([clients.budgets(), import('@aws-sdk/client-budgets')]);

  const readNotifications = async (): Promise<NotificationWithSubscribers[]> => {
    const [client, { DescribeSubscribersForNotificationCommand, paginateDescribeNotificationsForBudget }] =
      await load();
    const found: Notification[] = [];
    for await (const page of paginateDescribeNotificationsForBudget({ client }, { AccountId, BudgetName }))
      found.push(...(page.Notifications ?? []));
    return Promise.all(
      found.map(async (one) => {
        const answer = await ifPresent(
          client.send(
            new DescribeSubscribersForNotificationCommand({
              AccountId,
              BudgetName,
              Notification: keyOf(one),
            }),
          ),
          'NotFoundException',
        );
        return { Notification: one, Subscribers: answer?.Subscribers ?? ([] as Subscriber[]) };
      }),
    );
  };

  const remove = async (): Promise<void> => {
    const [client, { DeleteBudgetCommand }] = await load();
    await client.send(new DeleteBudgetCommand({ AccountId, BudgetName }));
  };
  const create = async (): Promise<void> => {
    const [client, { CreateBudgetCommand }] = await load();
    await client.send(new CreateBudgetCommand(input));
  };

  return {
    kind: 'budget',
    name: BudgetName,
    region: 'global',
    desired,
    requests: [{ operation: 'CreateBudget', input }],
    read: async () => {
      const [client, { DescribeBudgetCommand, ListTagsForResourceCommand }] = await load();
      const answer = await ifPresent(
        // Without this the filter is not in the answer, and every budget looks unfiltered.
        client.send(new DescribeBudgetCommand({ AccountId, BudgetName, ShowFilterExpression: true })),
        'NotFoundException',
      );
      if (answer?.Budget === undefined) return undefined;
      const { ResourceTags } = await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }));
      return { view: viewOf(answer.Budget, await readNotifications()), ...ownership(ResourceTags, name) };
    },
    create,
    update: async () => {
      const [client, sdk] = await load();
      await client.send(new sdk.UpdateBudgetCommand({ AccountId, NewBudget: budget }));
      // New ones first: a budget never stands without a notification.
      const before = await readNotifications();
      const keys = new Map(before.map((one) => [keyText(one.Notification), one]));
      for (const { Notification, Subscribers } of notifications) {
        const there = keys.get(keyText(Notification));
        const same = there !== undefined && sameSubscribers(there.Subscribers, Subscribers);
        if (same) continue;
        const key = { AccountId, BudgetName, Notification };
        if (there !== undefined) await client.send(new sdk.DeleteNotificationCommand(key));
        await client.send(new sdk.CreateNotificationCommand({ ...key, Subscribers }));
      }
      const wanted = new Set(notifications.map(({ Notification }) => keyText(Notification)));
      for (const { Notification } of before) {
        if (Notification === undefined || wanted.has(keyText(Notification))) continue;
        await client.send(
          new sdk.DeleteNotificationCommand({ AccountId, BudgetName, Notification: keyOf(Notification) }),
        );
      }
      await client.send(new sdk.TagResourceCommand({ ResourceARN: arn, ResourceTags: tags }));
    },
    remove,
  };
}

/** What identifies a notification; the service also shows its state. */
function keyOf({
  NotificationType,
  ComparisonOperator,
  Threshold,
  ThresholdType,
}: Notification): Notification {
  return {
    NotificationType,
    ComparisonOperator,
    Threshold,
    ...(ThresholdType === undefined ? {} : { ThresholdType }),
  };
}

const keyText = (notification: Notification | undefined): string =>
  JSON.stringify(notification === undefined ? null : keyOf(notification), [
    'NotificationType',
    'ComparisonOperator',
    'Threshold',
    'ThresholdType',
  ]);

function sameSubscribers(one: readonly Subscriber[] = [], other: readonly Subscriber[] = []): boolean {
  const texts = (subscribers: readonly Subscriber[]): string =>
    JSON.stringify(
      sorted(subscribers.map(({ SubscriptionType = '', Address = '' }) => `${SubscriptionType} ${Address}`)),
    );
  return texts(one) === texts(other);
}
