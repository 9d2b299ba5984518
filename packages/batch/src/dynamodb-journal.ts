import { checkOptions, InvalidOptionError, isText } from '@costkit/core';
import { hasMethods } from './batch-options.js';
import type { Journal } from './journal.js';
import { loadPackage } from './load-package.js';
import { numberedJournal } from './numbered-journal.js';

/** A `DynamoDBClient` of any SDK copy, by structure. */
export interface DynamoDbClientLike {
  /** As the SDK's own. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between SDK versions.
  send(command: any, ...rest: any[]): any;
}

/** What {@link dynamoDbJournal} takes. */
export interface DynamoDbJournalOptions {
  /** A `DynamoDBClient`; `@aws-sdk/client-dynamodb` must be installed. */
  readonly client: DynamoDbClientLike;
  /** A table whose partition key is the text `pk`, without a sort key; the table of `dynamoDbBudgetStore` will do. */
  readonly tableName: string;
  /** Names the journal in the table; one for each batch. */
  readonly name: string;
}

/** Most keys of a BatchGetItem (DynamoDB API reference). */
const PAGE = 100;

const sdk = () => loadPackage('@aws-sdk/client-dynamodb', () => import('@aws-sdk/client-dynamodb'));

/**
 * A journal in a DynamoDB table: an item for each entry, written under the condition that there is none yet, so that
 * any machine can go on with a batch and two cannot at once. Needs `dynamodb:PutItem`, `dynamodb:GetItem` and
 * `dynamodb:BatchGetItem`.
 *
 * @throws `InvalidOptionError` for options that are unknown or wrong; {@link BatchError}
 * `COSTKIT_BATCH_JOURNAL_TAKEN` from `append`, when another process has written meanwhile.
 *
 * @example
 * ```ts
 * const journal = dynamoDbJournal({ client: new DynamoDBClient({}), tableName: 'costkit', name: 'nightly' });
 * ```
 */
export function dynamoDbJournal(options: DynamoDbJournalOptions): Journal {
  checkOptions<DynamoDbJournalOptions>('batch', options, {
    client: hasMethods('send'),
    tableName: isText,
    name: isText,
  });
  for (const name of ['client', 'tableName', 'name'] as const) {
    if (options[name] === undefined) throw new InvalidOptionError('batch', name, 'is missing');
  }
  const { client, tableName: TableName } = options;
  const keyOf = (number: number) => ({ pk: { S: `${options.name}:${String(number).padStart(8, '0')}` } });

  /** Texts of consecutive numbers, as many as there are. */
  const page = async (first: number): Promise<ReadonlyMap<string, string>> => {
    const { BatchGetItemCommand } = await sdk();
    const found = new Map<string, string>();
    let Keys: object[] = Array.from({ length: PAGE }, (_, index) => keyOf(first + index));
    while (Keys.length > 0) {
      const { Responses = {}, UnprocessedKeys = {} } = await client.send(
        new BatchGetItemCommand({
          RequestItems: { [TableName]: { Keys: Keys as never, ConsistentRead: true } },
        }),
      );
      for (const { pk, entry } of Responses[TableName] ?? []) found.set(pk.S, entry.S);
      Keys = UnprocessedKeys[TableName]?.Keys ?? [];
    }
    return found;
  };

  return numberedJournal({
    writeNew: async (number, text) => {
      const { PutItemCommand } = await sdk();
      try {
        await client.send(
          new PutItemCommand({
            TableName,
            Item: { ...keyOf(number), entry: { S: text } },
            ConditionExpression: 'attribute_not_exists(pk)',
          }),
        );
        return true;
      } catch (error) {
        if ((error as Error).name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },
    read: async (number) => {
      const { GetItemCommand } = await sdk();
      const { Item } = await client.send(
        new GetItemCommand({ TableName, Key: keyOf(number), ConsistentRead: true }),
      );
      return Item?.entry?.S;
    },
    all: async () => {
      const texts: string[] = [];
      for (;;) {
        const first = texts.length + 1;
        const found = await page(first);
        for (let number = first; ; number += 1) {
          const text = found.get(keyOf(number).pk.S);
          if (text === undefined) break;
          texts.push(text);
        }
        if (texts.length < first + PAGE - 1) return texts;
      }
    },
  });
}
