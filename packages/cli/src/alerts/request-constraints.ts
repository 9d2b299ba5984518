import type { ServiceRequest } from './account-resource.js';

/** What one member of a request must be. */
interface Rule {
  readonly required?: boolean;
  /** Length of a text or list, or size of a number. */
  readonly min?: number;
  readonly max?: number;
  /** The whole text must match. */
  readonly pattern?: RegExp;
  readonly oneOf?: readonly string[];
}

type Rules = Readonly<Record<string, Rule>>;

const required = { required: true } as const;
const text = (min: number, max: number, more: Rule = {}): Rule => ({ ...more, min, max });

const TAG_PATTERN = /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u;
const COST_DIMENSIONS = [
  'SERVICE',
  'USAGE_TYPE',
  'RECORD_TYPE',
  'LINKED_ACCOUNT',
  'REGION',
  'BILLING_ENTITY',
];
const SNS_TOPIC = 'arn:aws[a-zA-Z-]*:sns:[a-zA-Z0-9-]+:[0-9]{12}:[a-zA-Z0-9_-]+(\\.fifo)?';
const EMAIL = "[a-zA-Z0-9.!#$%&'*+=?^_‘{|}~-]+@[a-zA-Z0-9_-]+(\\.[a-zA-Z0-9_-]+)+";

const resourceTags = (list: string): Rules => ({
  [list]: text(0, 200),
  [`${list}[].Key`]: text(1, 128, { required: true, pattern: TAG_PATTERN }),
  [`${list}[].Value`]: text(0, 256, { required: true, pattern: TAG_PATTERN }),
});

const budgetFilter = (path: string): Rules => ({
  [`${path}.Dimensions.Key`]: { required: true, oneOf: COST_DIMENSIONS },
  [`${path}.Dimensions.Values`]: { required: true, min: 1 },
  [`${path}.Dimensions.Values[]`]: text(0, 1_024),
  [`${path}.Tags.Key`]: text(0, 1_024, required),
  [`${path}.Tags.Values`]: { required: true, min: 1 },
  [`${path}.Tags.Values[]`]: text(0, 1_024),
});

/**
 * Constraints of the services' models (botocore service-2.json and the API references, August 2026) on the members
 * that are sent, by operation. `[]` stands for each element of a list.
 */
const OPERATIONS: Readonly<Record<string, Rules>> = {
  CreateBudget: {
    AccountId: text(12, 12, { required: true, pattern: /\d{12}/ }),
    'Budget.BudgetName': text(1, 100, { required: true, pattern: /[^:\\]+/ }),
    'Budget.BudgetType': { required: true, oneOf: ['COST', 'USAGE'] },
    'Budget.TimeUnit': { required: true, oneOf: ['DAILY', 'MONTHLY', 'QUARTERLY', 'ANNUALLY'] },
    'Budget.BudgetLimit.Amount': { required: true, pattern: /([0-9]*\.)?[0-9]+/ },
    'Budget.BudgetLimit.Unit': text(1, 3, { required: true, oneOf: ['USD'] }),
    'Budget.Metrics': text(0, 1),
    'Budget.Metrics[]': {
      oneOf: ['BlendedCost', 'UnblendedCost', 'AmortizedCost', 'NetUnblendedCost', 'NetAmortizedCost'],
    },
    ...budgetFilter('Budget.FilterExpression.And[]'),
    ...budgetFilter('Budget.FilterExpression.And[].Not'),
    NotificationsWithSubscribers: text(0, 10),
    'NotificationsWithSubscribers[].Notification.NotificationType': {
      required: true,
      oneOf: ['ACTUAL', 'FORECASTED'],
    },
    'NotificationsWithSubscribers[].Notification.ComparisonOperator': {
      required: true,
      oneOf: ['GREATER_THAN', 'LESS_THAN', 'EQUAL_TO'],
    },
    'NotificationsWithSubscribers[].Notification.Threshold': {
      required: true,
      min: 0,
      max: 15_000_000_000_000,
    },
    'NotificationsWithSubscribers[].Notification.ThresholdType': { oneOf: ['PERCENTAGE', 'ABSOLUTE_VALUE'] },
    'NotificationsWithSubscribers[].Subscribers': text(1, 11, required),
    'NotificationsWithSubscribers[].Subscribers[].SubscriptionType': {
      required: true,
      oneOf: ['SNS', 'EMAIL'],
    },
    'NotificationsWithSubscribers[].Subscribers[].Address': {
      required: true,
      min: 1,
      pattern: new RegExp(`(${EMAIL})|(${SNS_TOPIC})`),
    },
    ...resourceTags('ResourceTags'),
  },
  CreateAnomalyMonitor: {
    'AnomalyMonitor.MonitorName': text(1, 1_024, required),
    'AnomalyMonitor.MonitorType': { required: true, oneOf: ['DIMENSIONAL', 'CUSTOM'] },
    'AnomalyMonitor.MonitorDimension': { oneOf: ['SERVICE', 'LINKED_ACCOUNT', 'TAG', 'COST_CATEGORY'] },
    'AnomalyMonitor.MonitorSpecification.Tags.Key': text(1, 1_024),
    // MonitorSpecification: up to ten tag values.
    'AnomalyMonitor.MonitorSpecification.Tags.Values': text(1, 10),
    ...resourceTags('ResourceTags'),
  },
  CreateAnomalySubscription: {
    'AnomalySubscription.SubscriptionName': text(1, 1_024, required),
    'AnomalySubscription.MonitorArnList': { required: true, min: 1 },
    'AnomalySubscription.MonitorArnList[]': text(20, 2_048, {
      pattern: /arn:aws[-a-z0-9]*:[a-z0-9]+:[-a-z0-9]*:[0-9]{12}:[-a-zA-Z0-9/:_]+/,
    }),
    // IMMEDIATE goes to SNS, DAILY and WEEKLY to e-mail.
    'AnomalySubscription.Frequency': { required: true, oneOf: ['DAILY', 'IMMEDIATE', 'WEEKLY'] },
    'AnomalySubscription.Subscribers': { required: true, min: 1 },
    'AnomalySubscription.Subscribers[].Type': { required: true, oneOf: ['EMAIL', 'SNS'] },
    'AnomalySubscription.Subscribers[].Address': text(6, 302, {
      required: true,
      pattern: new RegExp(`(${EMAIL})|(${SNS_TOPIC})`),
    }),
    'AnomalySubscription.ThresholdExpression.Dimensions.Key': {
      required: true,
      oneOf: ['ANOMALY_TOTAL_IMPACT_ABSOLUTE', 'ANOMALY_TOTAL_IMPACT_PERCENTAGE'],
    },
    'AnomalySubscription.ThresholdExpression.Dimensions.MatchOptions[]': { oneOf: ['GREATER_THAN_OR_EQUAL'] },
    // Numbers between 0 and 10,000,000,000 in string format.
    'AnomalySubscription.ThresholdExpression.Dimensions.Values[]': text(1, 11, { pattern: /\d+(\.\d+)?/ }),
    ...resourceTags('ResourceTags'),
  },
  PutMetricAlarm: {
    AlarmName: text(1, 255, required),
    AlarmDescription: text(0, 1_024),
    AlarmActions: text(0, 5),
    'AlarmActions[]': text(1, 1_024),
    ComparisonOperator: {
      required: true,
      oneOf: [
        'GreaterThanOrEqualToThreshold',
        'GreaterThanThreshold',
        'LessThanThreshold',
        'LessThanOrEqualToThreshold',
      ],
    },
    EvaluationPeriods: { required: true, min: 1 },
    TreatMissingData: { oneOf: ['breaching', 'notBreaching', 'ignore', 'missing'] },
    // A query, or at most ten metrics and their expression.
    Metrics: text(1, 11, required),
    'Metrics[].Id': text(1, 255, { required: true, pattern: /[a-z][A-Za-z0-9_]*/ }),
    'Metrics[].Expression': text(1, 2_048),
    'Metrics[].MetricStat.Metric.Namespace': text(1, 255, { pattern: /[^:].*/ }),
    'Metrics[].MetricStat.Metric.MetricName': text(1, 255),
    'Metrics[].MetricStat.Metric.Dimensions': text(0, 30),
    'Metrics[].MetricStat.Metric.Dimensions[].Name': text(1, 255),
    'Metrics[].MetricStat.Metric.Dimensions[].Value': text(1, 1_024),
    'Metrics[].MetricStat.Period': { min: 60, max: 86_400 },
    Tags: text(0, 50),
    'Tags[].Key': text(1, 128, required),
    'Tags[].Value': text(0, 256, required),
  },
  PutDashboard: {
    DashboardName: text(1, 255, { required: true, pattern: /[A-Za-z0-9_-]+/ }),
    DashboardBody: { required: true, min: 1, max: 1_048_576 },
  },
  PutModelInvocationLoggingConfiguration: {
    'loggingConfig.s3Config.bucketName': text(3, 63, { pattern: /[a-z0-9][a-z0-9.-]*[a-z0-9]/ }),
    'loggingConfig.s3Config.keyPrefix': text(0, 1_024),
    'loggingConfig.cloudWatchConfig.logGroupName': text(1, 512, { pattern: /[.\-_/#A-Za-z0-9]+/ }),
    'loggingConfig.cloudWatchConfig.roleArn': text(0, 2_048, {
      pattern: /arn:aws(-[^:]+)?:iam::([0-9]{12})?:role\/.+/,
    }),
  },
  CreateTopic: {
    Name: text(1, 256, { required: true, pattern: /[A-Za-z0-9_-]+(\.fifo)?/ }),
    Tags: text(0, 50),
    'Tags[].Key': text(1, 128, required),
    'Tags[].Value': text(0, 256, required),
  },
  Subscribe: {
    TopicArn: { required: true, pattern: new RegExp(SNS_TOPIC) },
    Protocol: { required: true, oneOf: ['email'] },
    Endpoint: { required: true, pattern: new RegExp(EMAIL) },
  },
};

interface Found {
  readonly path: string;
  readonly value: unknown;
}

/** Values at a path; one that is `undefined` stands in what is there. What lies in an absent optional part is not asked for. */
function valuesAt(input: object, path: string): Found[] {
  let found: Found[] = [{ path: '', value: input }];
  for (const step of path.split('.')) {
    const name = step.replace('[]', '');
    found = found.flatMap(({ path: above, value }) => {
      if (typeof value !== 'object' || value === null) return [];
      const member = (value as Readonly<Record<string, unknown>>)[name];
      const here = above === '' ? name : `${above}.${name}`;
      if (!step.endsWith('[]')) return [{ path: here, value: member }];
      return Array.isArray(member)
        ? member.map((one: unknown, index) => ({ path: `${here}[${index}]`, value: one }))
        : [];
    });
  }
  return found;
}

function problemOf(value: unknown, rule: Rule): string | undefined {
  if (value === undefined || value === null) return rule.required === true ? 'is missing' : undefined;
  const { min = 0, max = Number.POSITIVE_INFINITY, pattern, oneOf } = rule;
  const isSized = typeof value === 'string' || Array.isArray(value);
  const size = isSized ? value.length : value;
  if (typeof size === 'number' && !(size >= min && size <= max)) {
    const what = isSized ? 'length' : 'value';
    return `must have a ${what} of ${min} to ${max}`;
  }
  if (oneOf !== undefined && !oneOf.includes(String(value))) return `must be one of ${oneOf.join(', ')}`;
  if (pattern !== undefined && !new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(String(value)))
    return `"${String(value)}" does not match ${pattern.source}`;
  return undefined;
}

/** What a service would refuse about a request, as sentences; empty for one that it would take. */
export function brokenConstraints({ operation, input }: ServiceRequest): string[] {
  const rules = OPERATIONS[operation];
  if (rules === undefined) return [`${operation} is not known`];
  return Object.entries(rules).flatMap(([rulePath, rule]) =>
    valuesAt(input, rulePath).flatMap(({ path, value }) => {
      const problem = problemOf(value, rule);
      return problem === undefined ? [] : [`${operation}.${path} ${problem}`];
    }),
  );
}
