export type Fields = Record<string, unknown>;
export type Tags = { Key: string; Value: string }[];

/** Operations of a service in AWS JSON. */
export type JsonService = Record<string, (input: Fields, region: string) => Fields>;

/** A request that a service refuses. */
export class Refusal extends Error {
  override readonly name: string;
  readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

export interface StoredBudget {
  budget: Fields;
  notifications: { Notification: Fields; Subscribers: unknown[] }[];
}

export interface StoredTopic {
  attributes: Record<string, string>;
  subscriptions: { Endpoint: string; SubscriptionArn: string }[];
}

export interface StoredMetric {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** By the begin of the hour, seconds since 1970. */
  readonly sums: ReadonlyMap<number, number>;
}

interface StoredCost {
  readonly day: string;
  readonly service: string;
  readonly usageType: string;
  readonly usd: string;
  readonly quantity: string;
  readonly unit: string;
}

/** What the account holds; tests look at it and edit it. */
export interface AccountState {
  readonly budgets: Map<string, StoredBudget>;
  readonly monitors: Map<string, Fields>;
  readonly subscriptions: Map<string, Fields>;
  /** By `region name`. */
  readonly alarms: Map<string, Fields>;
  readonly dashboards: Map<string, string>;
  /** Metrics and their sums, by Region. */
  readonly metrics: Map<string, StoredMetric[]>;
  /** What a day cost, as Cost Explorer has its groups: by day, service and usage type. */
  readonly costs: StoredCost[];
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
  /** Things made so far. */
  made: number;
  /** Names of all operations so far; those that change something. */
  readonly operations: string[];
  readonly writes: string[];
}

export const ACCOUNT_ID = '111122223333';

export function emptyAccount(): AccountState {
  return {
    budgets: new Map(),
    monitors: new Map(),
    subscriptions: new Map(),
    alarms: new Map(),
    dashboards: new Map(),
    metrics: new Map(),
    costs: [],
    topics: new Map(),
    tags: new Map(),
    logging: new Map(),
    billed: ['Amazon Bedrock', 'Claude Sonnet 4.6 (Amazon Bedrock Edition)'],
    refuseIdentity: undefined,
    denied: new Set(),
    made: 0,
    operations: [],
    writes: [],
  };
}

/** Adds tags to a thing, replacing those of the same key. */
export function setTags(account: AccountState, arn: string, tags: Tags = []): void {
  const kept = (account.tags.get(arn) ?? []).filter(({ Key }) => !tags.some((tag) => tag.Key === Key));
  account.tags.set(arn, [...kept, ...tags]);
}

/** A number that no other thing of the account has. */
export function nextNumber(account: AccountState): number {
  account.made += 1;
  return account.made;
}
