import type { ServiceQuota } from '@aws-sdk/client-service-quotas';
import { resolveModel } from '@costkit/pricing';
import type { AwsClients } from '../aws-clients.js';
import { type Check, notChecked } from './check.js';

const PER_MINUTE = /(tokens|requests) per minute for (.+)$/;

async function quotasOf(clients: AwsClients, region: string): Promise<ServiceQuota[]> {
  const [client, { paginateListServiceQuotas }] = await Promise.all([
    clients.serviceQuotas(region),
    import('@aws-sdk/client-service-quotas'),
  ]);
  const quotas: ServiceQuota[] = [];
  for await (const page of paginateListServiceQuotas({ client }, { ServiceCode: 'bedrock' }))
    quotas.push(...(page.Quotas ?? []));
  return quotas;
}

/** Whether a quota ends with the name of a model, e.g. `for Anthropic Claude Sonnet 4.5 V1`. */
function isOf(quota: ServiceQuota, modelName: string): boolean {
  const subject = PER_MINUTE.exec(quota.QuotaName ?? '')?.[2]
    ?.toLowerCase()
    .replace(/ v\d+$/, '');
  return subject !== undefined && ` ${subject}`.endsWith(` ${modelName.toLowerCase()}`);
}

async function nameOf(modelId: string): Promise<string | undefined> {
  const { CATALOGUE } = await import('@costkit/pricing/catalogue');
  const id = resolveModel(modelId)?.model.id;
  return id === undefined ? undefined : CATALOGUE.get(id)?.name;
}

async function checkModelQuotas(
  quotas: readonly ServiceQuota[],
  region: string,
  modelId: string,
): Promise<Check> {
  const check = 'quotas';
  const subject = `${modelId} in ${region}`;
  const name = await nameOf(modelId);
  const own = name === undefined ? [] : quotas.filter((quota) => isOf(quota, name));
  if (own.length === 0) {
    return {
      check,
      subject,
      status: 'unknown',
      found: 'Service Quotas lists none under the name of this model.',
      advice: 'Look for it in the Service Quotas console, service Amazon Bedrock.',
    };
  }
  const shown = own
    .map(
      ({ QuotaName = '', Value = 0 }) =>
        `${Value.toLocaleString('en-US')} ${PER_MINUTE.exec(QuotaName)?.[1]} a minute`,
    )
    .join(', ');
  const none = own.some(({ Value }) => Value === 0);
  return {
    check,
    subject,
    status: none ? 'fail' : 'ok',
    found: `${shown}.`,
    ...(none ? { advice: 'A quota of 0 refuses every call: ask for an increase in Service Quotas.' } : {}),
  };
}

/** What the account may use of models per minute; without models, which quotas are 0. */
export async function checkQuotas(
  clients: AwsClients,
  region: string,
  modelIds: readonly string[],
): Promise<Check[]> {
  const check = 'quotas';
  let quotas: readonly ServiceQuota[];
  try {
    quotas = await quotasOf(clients, region);
  } catch (error) {
    return [notChecked(check, region, 'servicequotas:ListServiceQuotas', error)];
  }
  if (modelIds.length > 0)
    return Promise.all(modelIds.map((modelId) => checkModelQuotas(quotas, region, modelId)));
  const perMinute = quotas.filter(({ QuotaName = '' }) => PER_MINUTE.test(QuotaName));
  const zero = perMinute.filter(({ Value }) => Value === 0).length;
  return [
    {
      check,
      subject: region,
      status: 'ok',
      found: `${perMinute.length} quotas per minute, ${zero} of them 0. Name models with --model to see theirs.`,
    },
  ];
}
