/**
 * A vector store in PostgreSQL.
 * @module
 */
export { type PgvectorStoreOptions, type PostgresClient, pgvectorStore } from './pgvector-store.js';
