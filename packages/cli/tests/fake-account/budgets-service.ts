import {
  ACCOUNT_ID,
  type AccountState,
  type Fields,
  type JsonService,
  Refusal,
  type StoredBudget,
  setTags,
  type Tags,
} from './account-state.js';

const budgetArn = (name: string): string => `arn:aws:budgets::${ACCOUNT_ID}:budget/${name}`;
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
const keyOf = ({ NotificationState: _state, ...key }: Fields): Fields => key;

/** AWS Budgets: amounts are shown with decimals, filters only on request, notifications with a state. */
export function budgetsService(account: AccountState): JsonService {
  const budgetOf = (name: unknown): StoredBudget => {
    const budget = account.budgets.get(String(name));
    if (budget === undefined) throw new Refusal('NotFoundException', `Unable to get budget: ${name}`);
    return budget;
  };
  return {
    CreateBudget: ({ Budget, NotificationsWithSubscribers, ResourceTags }) => {
      const budget = Budget as Fields;
      const name = String(budget['BudgetName']);
      if (account.budgets.has(name)) throw new Refusal('DuplicateRecordException', 'it exists');
      account.budgets.set(name, {
        budget,
        notifications: structuredClone(NotificationsWithSubscribers) as StoredBudget['notifications'],
      });
      setTags(account, budgetArn(name), ResourceTags as Tags);
      return {};
    },
    DescribeBudget: ({ BudgetName, ShowFilterExpression }) => {
      const { FilterExpression, BudgetLimit, ...budget } = budgetOf(BudgetName).budget;
      const { Amount, Unit } = BudgetLimit as { Amount: string; Unit: string };
      return {
        Budget: {
          ...budget,
          BudgetLimit: { Amount: Number(Amount).toFixed(1), Unit },
          TimePeriod: { Start: 1_790_000_000, End: 3_706_473_600 },
          CalculatedSpend: { ActualSpend: { Amount: '0.0', Unit: 'USD' } },
          ...(ShowFilterExpression === true ? { FilterExpression } : {}),
        },
      };
    },
    UpdateBudget: ({ NewBudget }) => {
      const budget = NewBudget as Fields;
      budgetOf(budget['BudgetName']).budget = budget;
      return {};
    },
    DeleteBudget: ({ BudgetName }) => {
      budgetOf(BudgetName);
      account.budgets.delete(String(BudgetName));
      account.tags.delete(budgetArn(String(BudgetName)));
      return {};
    },
    DescribeNotificationsForBudget: ({ BudgetName }) => ({
      Notifications: budgetOf(BudgetName).notifications.map(({ Notification }) => ({
        ...Notification,
        NotificationState: 'OK',
      })),
    }),
    DescribeSubscribersForNotification: ({ BudgetName, Notification }) => ({
      Subscribers: budgetOf(BudgetName).notifications.find((one) =>
        same(keyOf(one.Notification), Notification),
      )?.Subscribers,
    }),
    CreateNotification: ({ BudgetName, Notification, Subscribers }) => {
      budgetOf(BudgetName).notifications.push({
        Notification: Notification as Fields,
        Subscribers: Subscribers as unknown[],
      });
      return {};
    },
    DeleteNotification: ({ BudgetName, Notification }) => {
      const budget = budgetOf(BudgetName);
      const left = budget.notifications.filter((one) => !same(keyOf(one.Notification), Notification));
      if (left.length === budget.notifications.length) throw new Refusal('NotFoundException', 'no such');
      budget.notifications = left;
      return {};
    },
    ListTagsForResource: ({ ResourceARN }) => ({ ResourceTags: account.tags.get(String(ResourceARN)) ?? [] }),
    TagResource: ({ ResourceARN, ResourceTags }) => {
      setTags(account, String(ResourceARN), ResourceTags as Tags);
      return {};
    },
  };
}
