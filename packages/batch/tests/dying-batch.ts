import {
  type DynamoDbClientLike,
  dynamoDbJournal,
  fileJournal,
  type Journal,
  type S3ClientLike,
  s3Journal,
} from '@costkit/batch';

/** What the dying process and its parent know of the batch. */
export const MODEL = 'us.amazon.nova-2-lite-v1:0';
export const BUCKET = 'reviews';
export const ROLE = 'arn:aws:iam::123456789012:role/batch';
/** Three jobs, or two and some that go one by one. */
export const DYING_RECORDS = 64;
export const DYING_QUOTAS = { minRecords: 10, maxRecords: 25 } as const;
/** Some ask what another has asked, across the jobs. */
export const DYING_REQUESTS = 56;

/** A record that asks for a summary. */
export const inputOf = (index: number, maxTokens?: number, text = 'Summarise review number') => ({
  messages: [{ role: 'user', content: [{ text: `${text} ${index}.` }] }],
  ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
});

/** What a process is told that is to die. */
export interface Doom {
  readonly endpoint: string;
  readonly dynamoDbEndpoint: string;
  /** Where it writes its steps down. */
  readonly journal: 'file' | 's3' | 'dynamodb';
  readonly folder: string;
  /** Of the batch, its journal and its records. */
  readonly name: string;
  /** The step at which it dies; 0: it survives. */
  readonly diesAt: number;
}

/** The table of journals in DynamoDB. */
export const TABLE = 'journals';

/** What journals stand on. */
export interface JournalClients {
  readonly s3: S3ClientLike;
  readonly dynamoDb: () => DynamoDbClientLike;
}

/** Opens the journal of a batch. */
export function openJournal(
  { journal, folder, name }: Pick<Doom, 'journal' | 'folder' | 'name'>,
  { s3, dynamoDb }: JournalClients,
): Journal {
  if (journal === 's3') return s3Journal({ s3, bucket: BUCKET, prefix: `journals/${name}` });
  if (journal === 'file') return fileJournal(`${folder}/${name}`);
  return dynamoDbJournal({ client: dynamoDb(), tableName: TABLE, name });
}
