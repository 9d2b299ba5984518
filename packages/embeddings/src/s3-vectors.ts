/**
 * A vector store in PostgreSQL.
 * @module
 */
export {};
