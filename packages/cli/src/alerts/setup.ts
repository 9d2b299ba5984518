import type { Account, AwsClients } from '../aws-clients.js';
import type { AlertsConfig } from './alerts-config.js';

/** What every resource is made from. */
export interface Setup {
  readonly config: AlertsConfig;
  readonly clients: AwsClients;
  readonly account: Account;
  /** Name of everything, and of whose it is. */
  readonly name: string;
  /** The Region of the topic and the dashboard. */
  readonly home: string;
  /** The topic that billing tells. */
  readonly topicArn: string;
  /** The topic of a Region: an alarm can tell one of its own Region only. */
  topicIn(region: string): string | undefined;
  /** Services that the account has been billed for. */
  readonly billedServices: readonly string[];
}

const BILLED_DAYS = 90;
const DAY_MS = 86_400_000;
const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);

/** Cost Explorer must be switched on; where it is not, the catalogue's names have to do. */
async function servicesBilled(clients: AwsClients, nowMs: number): Promise<string[]> {
  const { GetDimensionValuesCommand } = await import('@aws-sdk/client-cost-explorer');
  const client = await clients.costExplorer();
  try {
    const { DimensionValues = [] } = await client.send(
      new GetDimensionValuesCommand({
        Dimension: 'SERVICE',
        SearchString: 'Bedrock',
        TimePeriod: { Start: dayOf(nowMs - BILLED_DAYS * DAY_MS), End: dayOf(nowMs) },
      }),
    );
    return DimensionValues.flatMap(({ Value }) => (Value === undefined ? [] : [Value]));
  } catch (error) {
    if ((error as Error).name === 'DataUnavailableException') return [];
    throw error;
  }
}

/** Asks the account what must be known before anything can be planned. */
export async function setUp(config: AlertsConfig, clients: AwsClients, nowMs: number): Promise<Setup> {
  const { name = 'costkit', regions } = config;
  const home = regions[0] as string;
  const { accountOf } = await import('../aws-clients.js');
  const account = await accountOf(clients, home);
  const topicIn = (region: string): string | undefined => {
    if (config.topicArn !== undefined)
      return config.topicArn.split(':')[3] === region ? config.topicArn : undefined;
    return `arn:${account.partition}:sns:${region}:${account.id}:${name}-alerts`;
  };
  return {
    config,
    clients,
    account,
    name,
    home,
    topicArn: config.topicArn ?? (topicIn(home) as string),
    topicIn,
    billedServices: await servicesBilled(clients, nowMs),
  };
}
