/** Fewest records of a job, all models (General Reference, Bedrock quotas). */
export const MIN_RECORDS = 100;
/** Most records of an input file and of a job (General Reference, Bedrock quotas). */
export const MAX_RECORDS = 100_000;
/** Most bytes of an input file (General Reference, Bedrock quotas: 1 GB; the smaller reading of it). */
export const MAX_FILE_BYTES = 1_000_000_000;
/** Jobs of one model that a client has on their way at the same time; an account may have 100 per model. */
export const MAX_OPEN_JOBS = 20;
/** Requests sent at the same time where records go one by one. */
export const SINGLE_CONCURRENCY = 8;
/** Most records, and bytes, of what is read at once where records go one by one. */
export const MAX_SINGLE_RECORDS = 1_000;
export const MAX_SINGLE_BYTES = 32_000_000;
/** Further jobs for records that failed. */
export const DEFAULT_RETRIES = 2;
export const DEFAULT_PREFIX = 'costkit-batch';
export const DEFAULT_TIMEOUT_HOURS = 24;
export const DEFAULT_POLL_MS = 30_000;
/** A job that takes hours is looked at less and less often, up to this many times `pollMs` apart. */
export const MAX_POLL_FACTOR = 10;
/** How long before the deadline jobs are stopped, so that the rest can be sent one by one. */
export const DEFAULT_RESERVE_MS = 1_800_000;
/** Different requests that are remembered, so that later ones of the same kind can be merged with them. */
export const MOST_MERGED_REQUESTS = 3_000_000;
