import {
  ACCOUNT_ID,
  type AccountState,
  nextNumber,
  Refusal,
  type StoredTopic,
  setTags,
  type Tags,
} from './account-state.js';

/** Operations that answer in XML. */
export type QueryService = Record<string, (form: URLSearchParams, region: string) => string>;

/** SNS, STS and IAM. */
export function queryServices(account: AccountState): QueryService {
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
  return {
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
      setTags(account, arn, formTags(form));
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
      topicOf(form.get('TopicArn')).subscriptions.push({
        Endpoint: form.get('Endpoint') ?? '',
        SubscriptionArn: `${form.get('TopicArn')}:${nextNumber(account)}`,
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
      setTags(account, form.get('ResourceArn') ?? '', formTags(form));
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
}
