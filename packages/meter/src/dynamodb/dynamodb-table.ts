import type {
  AttributeValue,
  GetItemCommandInput,
  GetItemCommandOutput,
  UpdateItemCommandInput,
  UpdateItemCommandOutput,
} from '@aws-sdk/client-dynamodb';
import { answerWithin } from '../shared-store/answer-within.js';
import type { StoreClock } from '../shared-store/store-clock.js';

/** A `DynamoDBClient`, `DynamoDB` or `DynamoDBDocumentClient` of any SDK copy, by structure. */
export interface DynamoDbClientLike {
  /** Sends a command. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between versions.
  send(command: any, ...rest: any[]): any;
}

/** An item as the wire has it. */
export type Item = Record<string, AttributeValue>;

/** What an update came to: its new values, or, where the condition did not hold, the item if the service says it. */
export type Update =
  | { readonly done: true; readonly values: Item }
  | { readonly done: false; readonly item: Item | undefined };

/** The two requests that a budget store makes. */
export interface DynamoDbTable {
  update(input: Omit<UpdateItemCommandInput, 'TableName'>): Promise<Update>;
  /** Reads consistently. */
  get(key: Item): Promise<Item>;
}

interface Handled {
  readonly response?: { readonly headers?: Readonly<Record<string, string>> };
}

/**
 * One table. Every answer bears the service's time, in whole seconds, which sets `clock`.
 *
 * @param timeoutMs - how long an answer is waited for, the SDK's own retries included.
 */
export function dynamoDbTable(
  client: DynamoDbClientLike,
  tableName: string,
  timeoutMs: number,
  clock: StoreClock,
): DynamoDbTable {
  const watch =
    (next: (args: unknown) => Promise<Handled>) =>
    async (args: unknown): Promise<Handled> => {
      const sentMs = Date.now();
      const handled = await next(args);
      const fromMs = Date.parse(handled.response?.headers?.['date'] ?? '');
      if (!Number.isNaN(fromMs)) clock.saw({ fromMs, toMs: fromMs + 999 }, sentMs, Date.now());
      return handled;
    };

  const send = async <Output>(command: {
    readonly middlewareStack: { add(middleware: never, options: never): void };
  }): Promise<Output> => {
    command.middlewareStack.add(watch as never, { step: 'deserialize', priority: 'low' } as never);
    return answerWithin(timeoutMs, (abortSignal) => client.send(command, { abortSignal }) as Promise<Output>);
  };

  return {
    update: async (input) => {
      const { UpdateItemCommand } = await import('@aws-sdk/client-dynamodb');
      try {
        const { Attributes = {} } = await send<UpdateItemCommandOutput>(
          new UpdateItemCommand({
            TableName: tableName,
            ReturnValues: 'UPDATED_NEW',
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            ...input,
          }),
        );
        return { done: true, values: Attributes };
      } catch (error) {
        const { name, Item: item } = error as { name?: string; Item?: Item };
        if (name !== 'ConditionalCheckFailedException') throw error;
        return { done: false, item };
      }
    },
    get: async (key) => {
      const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
      const input: GetItemCommandInput = { TableName: tableName, Key: key, ConsistentRead: true };
      const { Item: item = {} } = await send<GetItemCommandOutput>(new GetItemCommand(input));
      return item;
    },
  };
}
