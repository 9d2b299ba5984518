import { type AccountResource, ifPresent, ownership, tagsOf } from './account-resource.js';
import { type Json, sorted } from './json.js';
import type { Setup } from './setup.js';

/** The services that tell the topic. */
const PUBLISHERS = ['budgets.amazonaws.com', 'cloudwatch.amazonaws.com', 'costalerts.amazonaws.com'];

/** A topic that budgets, anomaly detection and alarms of this account may publish to, and no other account's. */
function policyOf({ account }: Setup, topicArn: string): Json {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'CostAlerts',
        Effect: 'Allow',
        Principal: { Service: PUBLISHERS },
        Action: 'SNS:Publish',
        Resource: topicArn,
        Condition: { StringEquals: { 'aws:SourceAccount': account.id } },
      },
    ],
  };
}

const parsed = (text: string | undefined): Json => {
  try {
    return JSON.parse(text ?? 'null') as Json;
  } catch {
    return text ?? null;
  }
};

/** The SNS topic, with its policy and e-mail subscribers. Unconfirmed subscribers count as there. */
export function topicResource(setup: Setup, region: string, topicArn: string): AccountResource {
  const { clients, config, name } = setup;
  const policy = policyOf(setup, topicArn);
  const emails = sorted(config.emails ?? []);
  const desired: Json = { policy, emails };
  const tags = tagsOf(name, desired);
  const topicName = topicArn.split(':').at(-1) ?? '';
  const input = { Name: topicName, Attributes: { Policy: JSON.stringify(policy) }, Tags: tags };
  const subscription = (Endpoint: string) => ({ TopicArn: topicArn, Protocol: 'email', Endpoint });

  const subscribers = async (): Promise<{ endpoint: string; arn: string }[]> => {
    const [client, { paginateListSubscriptionsByTopic }] = await Promise.all([
      clients.sns(region),
      import('@aws-sdk/client-sns'),
    ]);
    const found: { endpoint: string; arn: string }[] = [];
    for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn: topicArn })) {
      for (const { Protocol, Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? [])
        if (Protocol === 'email') found.push({ endpoint: Endpoint, arn: SubscriptionArn });
    }
    return found;
  };

  const subscribeMissing = async (): Promise<void> => {
    const [client, { SubscribeCommand }] = await Promise.all([
      clients.sns(region),
      import('@aws-sdk/client-sns'),
    ]);
    const there = new Set((await subscribers()).map(({ endpoint }) => endpoint));
    for (const email of emails)
      if (!there.has(email)) await client.send(new SubscribeCommand(subscription(email)));
  };

  return {
    kind: 'topic',
    name: topicName,
    region,
    desired,
    requests: [
      { operation: 'CreateTopic', input },
      ...emails.map((email) => ({ operation: 'Subscribe', input: subscription(email) })),
    ],
    read: async () => {
      const [client, { GetTopicAttributesCommand, ListTagsForResourceCommand }] = await Promise.all([
        clients.sns(region),
        import('@aws-sdk/client-sns'),
      ]);
      const topic = await ifPresent(
        client.send(new GetTopicAttributesCommand({ TopicArn: topicArn })),
        'NotFoundException',
      );
      if (topic === undefined) return undefined;
      const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: topicArn }));
      const there = (await subscribers()).map(({ endpoint }) => endpoint);
      return {
        view: { policy: parsed(topic.Attributes?.['Policy']), emails: sorted(there) },
        ...ownership(Tags, name),
      };
    },
    create: async () => {
      const [client, { CreateTopicCommand }] = await Promise.all([
        clients.sns(region),
        import('@aws-sdk/client-sns'),
      ]);
      await client.send(new CreateTopicCommand(input));
      await subscribeMissing();
    },
    update: async () => {
      const [client, { SetTopicAttributesCommand, TagResourceCommand, UnsubscribeCommand }] =
        await Promise.all([clients.sns(region), import('@aws-sdk/client-sns')]);
      await client.send(
        new SetTopicAttributesCommand({
          TopicArn: topicArn,
          AttributeName: 'Policy',
          AttributeValue: JSON.stringify(policy),
        }),
      );
      await subscribeMissing();
      for (const { endpoint, arn } of await subscribers()) {
        // One that was never confirmed has no ARN, and ends by itself after three days.
        if (!emails.includes(endpoint) && arn.startsWith('arn:'))
          await client.send(new UnsubscribeCommand({ SubscriptionArn: arn }));
      }
      await client.send(new TagResourceCommand({ ResourceArn: topicArn, Tags: tags }));
    },
    remove: async () => {
      const [client, { DeleteTopicCommand }] = await Promise.all([
        clients.sns(region),
        import('@aws-sdk/client-sns'),
      ]);
      await client.send(new DeleteTopicCommand({ TopicArn: topicArn }));
    },
  };
}
