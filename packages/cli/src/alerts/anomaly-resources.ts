import type { AnomalyMonitor, AnomalySubscription, Expression } from '@aws-sdk/client-cost-explorer';
import { type AccountResource, ownership, type Present, tagsOf } from './account-resource.js';
import { type Json, sorted } from './json.js';
import type { Setup } from './setup.js';

const load = ({ clients }: Setup) =>
  Promise.all([clients.costExplorer(), import('@aws-sdk/client-cost-explorer')] as const);

async function allMonitors(setup: Setup): Promise<AnomalyMonitor[]> {
  const [client, { GetAnomalyMonitorsCommand }] = await load(setup);
  const found: AnomalyMonitor[] = [];
  let NextPageToken: string | undefined;
  do {
    const page = await client.send(
      new GetAnomalyMonitorsCommand({ ...(NextPageToken && { NextPageToken }) }),
    );
    found.push(...(page.AnomalyMonitors ?? []));
    NextPageToken = page.NextPageToken;
  } while (NextPageToken !== undefined);
  return found;
}

async function allSubscriptions(setup: Setup): Promise<AnomalySubscription[]> {
  const [client, { GetAnomalySubscriptionsCommand }] = await load(setup);
  const found: AnomalySubscription[] = [];
  let NextPageToken: string | undefined;
  do {
    const page = await client.send(
      new GetAnomalySubscriptionsCommand({ ...(NextPageToken && { NextPageToken }) }),
    );
    found.push(...(page.AnomalySubscriptions ?? []));
    NextPageToken = page.NextPageToken;
  } while (NextPageToken !== undefined);
  return found;
}

async function ownershipOf(setup: Setup, arn: string): Promise<Pick<Present, 'ours' | 'spec'>> {
  const [client, { ListTagsForResourceCommand }] = await load(setup);
  const { ResourceTags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: arn }));
  return ownership(ResourceTags, setup.name);
}

const tagView = (expression: Expression | undefined): Json =>
  expression?.Tags === undefined
    ? null
    : { key: expression.Tags.Key ?? '', values: sorted(expression.Tags.Values ?? []) };

const monitorView = ({ MonitorType, MonitorDimension, MonitorSpecification }: AnomalyMonitor): Json => ({
  type: MonitorType ?? '',
  dimension: MonitorDimension ?? null,
  tag: tagView(MonitorSpecification),
});

/**
 * What is watched: with a tag its costs; else every service by itself, to which each Marketplace model belongs as a
 * service of its own. An account has one monitor of all services at most: one that is there is used, and left.
 */
function wantedMonitor({ config, name }: Setup): AnomalyMonitor {
  const { tag } = config;
  const MonitorName = `${name}-spend`;
  return tag === undefined
    ? { MonitorName, MonitorType: 'DIMENSIONAL', MonitorDimension: 'SERVICE' }
    : {
        MonitorName,
        MonitorType: 'CUSTOM',
        MonitorSpecification: { Tags: { Key: tag.key, Values: sorted(tag.values) } },
      };
}

async function findMonitor(setup: Setup, wanted: AnomalyMonitor): Promise<AnomalyMonitor | undefined> {
  const monitors = await allMonitors(setup);
  return (
    monitors.find(({ MonitorName }) => MonitorName === wanted.MonitorName) ??
    (wanted.MonitorDimension === undefined
      ? undefined
      : monitors.find(({ MonitorDimension }) => MonitorDimension === wanted.MonitorDimension))
  );
}

function monitorResource(setup: Setup): AccountResource {
  const wanted = wantedMonitor(setup);
  const desired = monitorView(wanted);
  const input = { AnomalyMonitor: wanted, ResourceTags: tagsOf(setup.name, desired) };
  const create = async (): Promise<void> => {
    const [client, { CreateAnomalyMonitorCommand }] = await load(setup);
    await client.send(new CreateAnomalyMonitorCommand(input));
  };
  const remove = async (): Promise<void> => {
    const there = await findMonitor(setup, wanted);
    const [client, { DeleteAnomalyMonitorCommand }] = await load(setup);
    await client.send(new DeleteAnomalyMonitorCommand({ MonitorArn: there?.MonitorArn }));
  };
  return {
    kind: 'anomaly monitor',
    name: wanted.MonitorName ?? '',
    region: 'global',
    desired,
    requests: [{ operation: 'CreateAnomalyMonitor', input }],
    read: async () => {
      const there = await findMonitor(setup, wanted);
      if (there === undefined) return undefined;
      return { view: monitorView(there), ...(await ownershipOf(setup, there.MonitorArn ?? '')) };
    },
    create,
    // Of a monitor only the name can be changed.
    update: async () => {
      await remove();
      await create();
    },
    remove,
  };
}

function subscriptionResource(setup: Setup): AccountResource {
  const { config, name, topicArn } = setup;
  const monitor = wantedMonitor(setup);
  const SubscriptionName = `${name}-anomalies`;
  const least = config.anomalyUsd ?? Math.max(1, Math.round(config.monthlyUsd / 100));
  const wanted = (MonitorArnList: string[]): AnomalySubscription => ({
    SubscriptionName,
    MonitorArnList,
    Frequency: 'IMMEDIATE',
    Subscribers: [{ Type: 'SNS', Address: topicArn }],
    ThresholdExpression: {
      Dimensions: {
        Key: 'ANOMALY_TOTAL_IMPACT_ABSOLUTE',
        MatchOptions: ['GREATER_THAN_OR_EQUAL'],
        Values: [String(least)],
      },
    },
  });
  const viewOf = (subscription: AnomalySubscription, monitorArn: string): Json => ({
    monitors: sorted(
      (subscription.MonitorArnList ?? []).map((arn) =>
        arn === monitorArn ? (monitor.MonitorName ?? '') : arn,
      ),
    ),
    frequency: subscription.Frequency ?? '',
    to: sorted(
      (subscription.Subscribers ?? []).map(({ Type = 'SNS', Address = '' }) => `${Type} ${Address}`),
    ),
    threshold: JSON.parse(JSON.stringify(subscription.ThresholdExpression ?? null)) as Json,
  });
  // The monitor's ARN is known once it is there; any other stands for it until then.
  const unknownArn = `arn:${setup.account.partition}:ce::${setup.account.id}:anomalymonitor/of-${name}`;
  const desired = viewOf(wanted([unknownArn]), unknownArn);
  const tags = tagsOf(name, desired);
  const monitorArn = async (): Promise<string> =>
    (await findMonitor(setup, monitor))?.MonitorArn ?? unknownArn;
  const find = async (): Promise<AnomalySubscription | undefined> =>
    (await allSubscriptions(setup)).find((one) => one.SubscriptionName === SubscriptionName);

  return {
    kind: 'anomaly subscription',
    name: SubscriptionName,
    region: 'global',
    desired,
    requests: [
      {
        operation: 'CreateAnomalySubscription',
        input: { AnomalySubscription: wanted([unknownArn]), ResourceTags: tags },
      },
    ],
    read: async () => {
      const there = await find();
      if (there === undefined) return undefined;
      const view = viewOf(there, await monitorArn());
      return { view, ...(await ownershipOf(setup, there.SubscriptionArn ?? '')) };
    },
    create: async () => {
      const [client, { CreateAnomalySubscriptionCommand }] = await load(setup);
      await client.send(
        new CreateAnomalySubscriptionCommand({
          AnomalySubscription: wanted([await monitorArn()]),
          ResourceTags: tags,
        }),
      );
    },
    update: async () => {
      const there = await find();
      const [client, { TagResourceCommand, UpdateAnomalySubscriptionCommand }] = await load(setup);
      const { SubscriptionName: _name, ...fields } = wanted([await monitorArn()]);
      await client.send(
        new UpdateAnomalySubscriptionCommand({ SubscriptionArn: there?.SubscriptionArn, ...fields }),
      );
      await client.send(new TagResourceCommand({ ResourceArn: there?.SubscriptionArn, ResourceTags: tags }));
    },
    remove: async () => {
      const there = await find();
      const [client, { DeleteAnomalySubscriptionCommand }] = await load(setup);
      await client.send(new DeleteAnomalySubscriptionCommand({ SubscriptionArn: there?.SubscriptionArn }));
    },
  };
}

/** Cost anomaly detection: what is watched, and who is told. In the order in which they are made. */
export function anomalyResources(setup: Setup): AccountResource[] {
  return [monitorResource(setup), subscriptionResource(setup)];
}
