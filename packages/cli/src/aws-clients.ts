import type { BedrockClient } from '@aws-sdk/client-bedrock';
import type { BudgetsClient } from '@aws-sdk/client-budgets';
import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import type { IAMClient } from '@aws-sdk/client-iam';
import type { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { STSClient } from '@aws-sdk/client-sts';

/** Clients of the services, made when first asked for. */
export interface AwsClients {
  bedrock(region: string): Promise<BedrockClient>;
  budgets(): Promise<BudgetsClient>;
  cloudWatch(region: string): Promise<CloudWatchClient>;
  costExplorer(): Promise<CostExplorerClient>;
  iam(): Promise<IAMClient>;
  serviceQuotas(region: string): Promise<ServiceQuotasClient>;
  sns(region: string): Promise<SNSClient>;
  sts(region: string): Promise<STSClient>;
}

/** Billing and IAM have one endpoint, whatever the Region. */
const BILLING_REGION = 'us-east-1';

/** What every client gets besides its Region. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly maxAttempts?: number;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Clients with the credentials and endpoints of the environment, unless others are given. */
export function awsClients(settings: ClientSettings = {}): AwsClients {
  const at = (region: string) => ({ region, ...settings });
  return {
    bedrock: once(async (region) => new (await import('@aws-sdk/client-bedrock')).BedrockClient(at(region))),
    budgets: once(async (region) => new (await import('@aws-sdk/client-budgets')).BudgetsClient(at(region))),
    cloudWatch: once(
      async (region) => new (await import('@aws-sdk/client-cloudwatch')).CloudWatchClient(at(region)),
    ),
    costExplorer: once(
      async (region) => new (await import('@aws-sdk/client-cost-explorer')).CostExplorerClient(at(region)),
    ),
    iam: once(async (region) => new (await import('@aws-sdk/client-iam')).IAMClient(at(region))),
    serviceQuotas: once(
      async (region) => new (await import('@aws-sdk/client-service-quotas')).ServiceQuotasClient(at(region)),
    ),
    sns: once(async (region) => new (await import('@aws-sdk/client-sns')).SNSClient(at(region))),
    sts: once(async (region) => new (await import('@aws-sdk/client-sts')).STSClient(at(region))),
  };
}

/** One client for each Region, that of the bill unless another is named: it keeps its connections. */
function once<Client>(make: (region: string) => Promise<Client>): (region?: string) => Promise<Client> {
  const made = new Map<string, Promise<Client>>();
  return (region = BILLING_REGION) => {
    const client = made.get(region) ?? make(region);
    made.set(region, client);
    return client;
  };
}

/** The account that the credentials belong to. */
export interface Account {
  readonly id: string;
  /** `aws`, `aws-us-gov`, … */
  readonly partition: string;
  /** Who is calling. */
  readonly arn: string;
}

export async function accountOf(clients: AwsClients, region: string): Promise<Account> {
  const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts');
  const { Account: id = '', Arn = '' } = await (await clients.sts(region)).send(
    new GetCallerIdentityCommand({}),
  );
  return { id, partition: Arn.split(':')[1] || 'aws', arn: Arn };
}
