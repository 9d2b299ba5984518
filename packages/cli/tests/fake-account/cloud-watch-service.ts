import {
  ACCOUNT_ID,
  type AccountState,
  type JsonService,
  Refusal,
  setTags,
  type Tags,
} from './account-state.js';
import { metricsService } from './metrics-service.js';

const alarmArn = (region: string, name: string): string =>
  `arn:aws:cloudwatch:${region}:${ACCOUNT_ID}:alarm:${name}`;

/** CloudWatch alarms, dashboards and metrics; tags of a request count for a new alarm only. */
export function cloudWatchService(account: AccountState): JsonService {
  return {
    ...metricsService(account),
    PutMetricAlarm: ({ Tags: tags, ...alarm }, region) => {
      const name = String(alarm['AlarmName']);
      const isNew = !account.alarms.has(`${region} ${name}`);
      account.alarms.set(`${region} ${name}`, {
        ...alarm,
        AlarmArn: alarmArn(region, name),
        StateValue: 'OK',
      });
      if (isNew) setTags(account, alarmArn(region, name), tags as Tags);
      return {};
    },
    DescribeAlarms: ({ AlarmNames }, region) => ({
      MetricAlarms: (AlarmNames as string[]).flatMap((name) => account.alarms.get(`${region} ${name}`) ?? []),
    }),
    DeleteAlarms: ({ AlarmNames }, region) => {
      for (const name of AlarmNames as string[]) account.alarms.delete(`${region} ${name}`);
      return {};
    },
    PutDashboard: ({ DashboardName, DashboardBody }) => {
      account.dashboards.set(String(DashboardName), String(DashboardBody));
      return { DashboardValidationMessages: [] };
    },
    GetDashboard: ({ DashboardName }) => {
      const DashboardBody = account.dashboards.get(String(DashboardName));
      if (DashboardBody === undefined) throw new Refusal('ResourceNotFound', 'Dashboard does not exist', 404);
      return { DashboardName, DashboardBody };
    },
    DeleteDashboards: ({ DashboardNames }) => {
      for (const name of DashboardNames as string[]) account.dashboards.delete(name);
      return {};
    },
    ListTagsForResource: ({ ResourceARN }) => ({ Tags: account.tags.get(String(ResourceARN)) ?? [] }),
    TagResource: ({ ResourceARN, Tags: tags }) => {
      setTags(account, String(ResourceARN), tags as Tags);
      return {};
    },
  };
}
