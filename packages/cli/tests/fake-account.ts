import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An AWS account on loopback that keeps what it is sent, as far as `costkit alerts` and `costkit doctor` speak with it,
 * in the services' own protocols: AWS JSON (Budgets, Cost Explorer, CloudWatch, Service Quotas), Query (SNS, STS, IAM)
 * and REST JSON (Bedrock's control plane). It shows things as the services do: amounts with decimals, filters only
 * on request, notifications with a state.
 */

type Fields = Record<string, unknown>;
type Tags = { Key: string; Value: string }[];

/** A request that a service refuses. */
class Refusal extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

interface StoredBudget {
  budget: Fields;
  notifications: { Notification: Fields; Subscribers: unknown[] }[];
}

interface StoredTopic {
  attributes: Record<string, string>;
  subscriptions: { Endpoint: string; SubscriptionArn: string }[];
}

export interface FakeAccount {
  readonly endpoint: string;
  readonly budgets: Map<string, StoredBudget>;
  readonly monitors: Map<string, Fields>;
  readonly subscriptions: Map<string, Fields>;
  /** By `region name`. */
  readonly alarms: Map<string, Fields>;
  readonly dashboards: Map<string, string>;
  /** By ARN. */
  readonly topics: Map<string, StoredTopic>;
  readonly tags: Map<string, Tags>;
  /** By Region. */
  readonly logging: Map<string, Fields>;
  /** Services on the bill. */
  billed: string[];
  /** The error that `GetCallerIdentity` ends with. */
  refuseIdentity: string | undefined;
  /** Names of operations that the identity may not call. */
  readonly denied: Set<string>;
  /** Names of all operations so far; those that change something. */
  readonly operations: string[];
  readonly writes: string[];
  stop(): Promise<void>;
}

export const ACCOUNT_ID = '111122223333';

const budgetArn = (name: string): string => `arn:aws:budgets::${ACCOUNT_ID}:budget/${name}`;
const alarmArn = (region: string, name: string): string =>
  `arn:aws:cloudwatch:${region}:${ACCOUNT_ID}:alarm:${name}`;
const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const READS = /^(Describe|Get|List|Simulate)/;

export async function startFakeAccount(): Promise<FakeAccount> {
  const account: Omit<FakeAccount, 'endpoint' | 'stop'> = {
    budgets: new Map(),
    monitors: new Map(),
    subscriptions: new Map(),
    alarms: new Map(),
    dashboards: new Map(),
    topics: new Map(),
    tags: new Map(),
    logging: new Map(),
    billed: ['Amazon Bedrock', 'Claude Sonnet 4.6 (Amazon Bedrock Edition)'],
    refuseIdentity: undefined,
    denied: new Set(),
    operations: [],
    writes: [],
  };
  let made = 0;

  const budgetOf = (name: unknown): StoredBudget => {
    const budget = account.budgets.get(String(name));
    if (budget === undefined) throw new Refusal('NotFoundException', `Unable to get budget: ${name}`);
    return budget;
  };
  const setTags = (arn: string, tags: Tags = []): void => {
    const kept = (account.tags.get(arn) ?? []).filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
    account.tags.set(arn, [...kept, ...tags]);
  };
  const keyOf = ({ NotificationState: _state, ...key }: Fields): Fields => key;

  /** Budgets */
  const budgets: Record<string, (input: Fields) => Fields> = {
    CreateBudget: ({ Budget, NotificationsWithSubscribers, ResourceTags }) => {
      const budget = Budget as Fields;
      const name = String(budget['BudgetName']);
      if (account.budgets.has(name)) throw new Refusal('DuplicateRecordException', 'it exists');
      account.budgets.set(name, {
        budget,
        notifications: structuredClone(NotificationsWithSubscribers) as StoredBudget['notifications'],
      });
      setTags(budgetArn(name), ResourceTags as Tags);
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
      setTags(String(ResourceARN), ResourceTags as Tags);
      return {};
    },
  };

  /** Cost Explorer */
  const costExplorer: Record<string, (input: Fields) => Fields> = {
    GetDimensionValues: () => ({
      DimensionValues: account.billed.map((Value) => ({ Value, Attributes: {} })),
      ReturnSize: account.billed.length,
      TotalSize: account.billed.length,
    }),
    GetAnomalyMonitors: () => ({ AnomalyMonitors: [...account.monitors.values()] }),
    GetAnomalySubscriptions: () => ({ AnomalySubscriptions: [...account.subscriptions.values()] }),
    CreateAnomalyMonitor: ({ AnomalyMonitor, ResourceTags }) => {
      const monitor = AnomalyMonitor as Fields;
      const taken = [...account.monitors.values()].some(
        ({ MonitorDimension }) =>
          MonitorDimension !== undefined && MonitorDimension === monitor['MonitorDimension'],
      );
      if (taken) throw new Refusal('LimitExceededException', 'Limit exceeded on dimensional spend monitor');
      made += 1;
      const MonitorArn = `arn:aws:ce::${ACCOUNT_ID}:anomalymonitor/${made}`;
      account.monitors.set(MonitorArn, { ...monitor, MonitorArn, CreationDate: '2026-11-28' });
      setTags(MonitorArn, ResourceTags as Tags);
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
      made += 1;
      const SubscriptionArn = `arn:aws:ce::${ACCOUNT_ID}:anomalysubscription/${made}`;
      account.subscriptions.set(SubscriptionArn, { ...subscription, SubscriptionArn, AccountId: ACCOUNT_ID });
      setTags(SubscriptionArn, ResourceTags as Tags);
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
      setTags(String(ResourceArn), ResourceTags as Tags);
      return {};
    },
  };

  /** CloudWatch */
  const cloudWatch: Record<string, (input: Fields, region: string) => Fields> = {
    PutMetricAlarm: ({ Tags: tags, ...alarm }, region) => {
      const name = String(alarm['AlarmName']);
      const isNew = !account.alarms.has(`${region} ${name}`);
      account.alarms.set(`${region} ${name}`, {
        ...alarm,
        AlarmArn: alarmArn(region, name),
        StateValue: 'OK',
      });
      if (isNew) setTags(alarmArn(region, name), tags as Tags);
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
      setTags(String(ResourceARN), tags as Tags);
      return {};
    },
  };

  /** Service Quotas */
  const quotas: Record<string, (input: Fields) => Fields> = {
    ListServiceQuotas: () => ({
      Quotas: [
        {
          QuotaName: 'Cross-region model inference tokens per minute for Anthropic Claude Sonnet 4.5',
          Value: 200_000,
        },
        { QuotaName: 'On-demand model inference requests per minute for Amazon Nova Lite', Value: 0 },
      ],
    }),
  };

  const JSON_SERVICES: Record<string, Record<string, (input: Fields, region: string) => Fields>> = {
    AWSBudgetServiceGateway: budgets,
    AWSInsightsIndexService: costExplorer,
    GraniteServiceVersion20100801: cloudWatch,
    ServiceQuotasV20190624: quotas,
  };

  const xmlOf = (text: string): string =>
    text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

  const topicOf = (arn: string | null): StoredTopic => {
    const topic = account.topics.get(arn ?? '');
    if (topic === undefined) throw new Refusal('NotFound', 'Topic does not exist', 404);
    return topic;
  };
  const formTags = (form: URLSearchParams): Tags => {
    const tags: Tags = [];
    for (let index = 1; form.has(`Tags.member.${index}.Key`); index += 1) {
      tags.push({
        Key: form.get(`Tags.member.${index}.Key`) ?? '',
        Value: form.get(`Tags.member.${index}.Value`) ?? '',
      });
    }
    return tags;
  };

  /** SNS, STS and IAM, in XML. */
  const query: Record<string, (form: URLSearchParams, region: string) => string> = {
    GetCallerIdentity: () => {
      if (account.refuseIdentity !== undefined) throw new Refusal(account.refuseIdentity, 'no', 403);
      return `<Account>${ACCOUNT_ID}</Account><Arn>arn:aws:sts::${ACCOUNT_ID}:assumed-role/ops/session</Arn><UserId>A</UserId>`;
    },
    CreateTopic: (form, region) => {
      const arn = `arn:aws:sns:${region}:${ACCOUNT_ID}:${form.get('Name')}`;
      account.topics.set(arn, {
        attributes: { Policy: form.get('Attributes.entry.1.value') ?? '' },
        subscriptions: [],
      });
      setTags(arn, formTags(form));
      return `<TopicArn>${arn}</TopicArn>`;
    },
    GetTopicAttributes: (form) =>
      `<Attributes>${Object.entries(topicOf(form.get('TopicArn')).attributes)
        .map(([key, value]) => `<entry><key>${key}</key><value>${xmlOf(value)}</value></entry>`)
        .join('')}</Attributes>`,
    SetTopicAttributes: (form) => {
      topicOf(form.get('TopicArn')).attributes[form.get('AttributeName') ?? ''] =
        form.get('AttributeValue') ?? '';
      return '';
    },
    Subscribe: (form) => {
      made += 1;
      topicOf(form.get('TopicArn')).subscriptions.push({
        Endpoint: form.get('Endpoint') ?? '',
        SubscriptionArn: `${form.get('TopicArn')}:${made}`,
      });
      return '<SubscriptionArn>pending confirmation</SubscriptionArn>';
    },
    Unsubscribe: (form) => {
      const arn = form.get('SubscriptionArn');
      for (const topic of account.topics.values())
        topic.subscriptions = topic.subscriptions.filter((one) => one.SubscriptionArn !== arn);
      return '';
    },
    ListSubscriptionsByTopic: (form) =>
      `<Subscriptions>${topicOf(form.get('TopicArn'))
        .subscriptions.map(
          (one) =>
            `<member><Protocol>email</Protocol><Endpoint>${one.Endpoint}</Endpoint><SubscriptionArn>${one.SubscriptionArn}</SubscriptionArn></member>`,
        )
        .join('')}</Subscriptions>`,
    DeleteTopic: (form) => {
      account.topics.delete(form.get('TopicArn') ?? '');
      return '';
    },
    ListTagsForResource: (form) =>
      `<Tags>${(account.tags.get(form.get('ResourceArn') ?? '') ?? [])
        .map(({ Key, Value }) => `<member><Key>${Key}</Key><Value>${Value}</Value></member>`)
        .join('')}</Tags>`,
    TagResource: (form) => {
      setTags(form.get('ResourceArn') ?? '', formTags(form));
      return '';
    },
    SimulatePrincipalPolicy: (form) => {
      const results: string[] = [];
      for (let index = 1; form.has(`ActionNames.member.${index}`); index += 1) {
        const action = form.get(`ActionNames.member.${index}`) ?? '';
        const decision = account.denied.has(action.split(':')[1] ?? '') ? 'implicitDeny' : 'allowed';
        results.push(
          `<member><EvalActionName>${action}</EvalActionName><EvalDecision>${decision}</EvalDecision></member>`,
        );
      }
      return `<EvaluationResults>${results.join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`;
    },
  };

  const note = (operation: string): void => {
    account.operations.push(operation);
    if (!READS.test(operation)) account.writes.push(operation);
    if (account.denied.has(operation))
      throw new Refusal('AccessDeniedException', `not authorized to perform: ${operation}`, 403);
  };

  const answerJson = (target: string, body: string, region: string, response: ServerResponse): void => {
    const [service = '', operation = ''] = target.split('.');
    try {
      note(operation);
      const handler = JSON_SERVICES[service]?.[operation];
      if (handler === undefined) throw new Refusal('UnknownOperationException', target);
      const answer = JSON.stringify(handler(JSON.parse(body) as Fields, region));
      response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' });
      response.end(answer);
    } catch (error) {
      const { name, message, status = 500 } = error as Refusal;
      response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': name });
      response.end(JSON.stringify({ __type: name, message }));
    }
  };

  const answerQuery = (body: string, region: string, response: ServerResponse): void => {
    const form = new URLSearchParams(body);
    const action = form.get('Action') ?? '';
    try {
      note(action);
      const handler = query[action];
      if (handler === undefined) throw new Refusal('InvalidAction', action);
      const result = handler(form, region);
      response.writeHead(200, { 'content-type': 'text/xml' });
      response.end(
        `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></${action}Response>`,
      );
    } catch (error) {
      const { name, message, status = 500 } = error as Refusal;
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>${name}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      );
    }
  };

  const answerBedrock = (
    { method = '', url = '' }: IncomingMessage,
    body: string,
    region: string,
    response: ServerResponse,
  ): void => {
    const operations: Record<string, readonly [string, () => Fields | undefined]> = {
      'GET /logging/modelinvocations': [
        'GetModelInvocationLoggingConfiguration',
        () => account.logging.get(region) ?? {},
      ],
      'PUT /logging/modelinvocations': [
        'PutModelInvocationLoggingConfiguration',
        () => void account.logging.set(region, JSON.parse(body) as Fields),
      ],
      'DELETE /logging/modelinvocations': [
        'DeleteModelInvocationLoggingConfiguration',
        () => void account.logging.delete(region),
      ],
      'GET /foundation-models': [
        'ListFoundationModels',
        () => ({
          modelSummaries: [
            {
              modelId: 'amazon.nova-lite-v1:0',
              modelArn: 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0',
            },
          ],
        }),
      ],
      'GET /inference-profiles': ['ListInferenceProfiles', () => ({ inferenceProfileSummaries: [] })],
    };
    const path = url.split('?')[0] ?? '';
    const availability = /^\/foundation-model-availability\/(.+)$/.exec(path);
    const [operation, handler] =
      operations[`${method} ${path}`] ??
      (availability === null
        ? [
            'Unknown',
            (): never => {
              throw new Refusal('UnknownOperationException', path, 404);
            },
          ]
        : [
            'GetFoundationModelAvailability',
            () => ({
              modelId: decodeURIComponent(availability[1] ?? ''),
              agreementAvailability: { status: 'AVAILABLE' },
              authorizationStatus: 'AUTHORIZED',
              entitlementAvailability: 'AVAILABLE',
              regionAvailability: 'AVAILABLE',
            }),
          ]);
    try {
      note(operation);
      const answer = handler() ?? {};
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    } catch (error) {
      const { name, message, status = 500 } = error as Refusal;
      response.writeHead(status, { 'content-type': 'application/json', 'x-amzn-errortype': name });
      response.end(JSON.stringify({ message }));
    }
  };

  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      // Credential=<key>/<date>/<region>/<service>/aws4_request
      const region = /Credential=[^/]+\/\d+\/([^/]+)\//.exec(request.headers.authorization ?? '')?.[1] ?? '';
      const target = request.headers['x-amz-target'];
      if (typeof target === 'string') answerJson(target, body, region, response);
      else if (request.headers['content-type']?.includes('form') === true)
        answerQuery(body, region, response);
      else answerBedrock(request, body, region, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return Object.assign(account, {
    endpoint: `http://127.0.0.1:${port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  });
}
