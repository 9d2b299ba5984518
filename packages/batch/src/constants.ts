/** Fewest records of a job, all models (General Reference, Bedrock quotas). */
export const MIN_RECORDS = 100;
/** Most records of an input file and of a job (General Reference, Bedrock quotas). */
export const MAX_RECORDS = 100_000;
/** Most bytes of an input file (General Reference, Bedrock quotas: 1 GB; the smaller reading of it). */
export const MAX_FILE_BYTES = 1_000_000_000;
/** Jobs of one batch that are on their way at the same time; an account may have 100 per model. */
export const MAX_OPEN_JOBS = 20;
/** Requests sent at the same time where records go on demand. */
export const ON_DEMAND_CONCURRENCY = 8;
export const DEFAULT_PREFIX = 'costkit-batch';
export const DEFAULT_TIMEOUT_HOURS = 24;
export const DEFAULT_POLL_MS = 30_000;
