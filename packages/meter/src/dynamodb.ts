/**
 * Budgets that processes share through a DynamoDB table.
 * @module
 */
export {
  type DynamoDbBudgetStoreOptions,
  dynamoDbBudgetStore,
} from './dynamodb/dynamodb-budget-store.js';
export type { DynamoDbClientLike } from './dynamodb/dynamodb-table.js';
export type { SharedStoreOptions } from './shared-store/shared-store-options.js';
