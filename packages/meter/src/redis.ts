/**
 * Budgets that processes share through a Redis or Valkey server.
 * @module
 */
export { type RedisBudgetStoreOptions, redisBudgetStore } from './redis/redis-budget-store.js';
export type {
  IoRedisLike,
  NodeRedisLike,
  RedisClientLike,
  SendRedisCommand,
} from './redis/redis-client.js';
export type { SharedStoreOptions } from './shared-store/shared-store-options.js';
