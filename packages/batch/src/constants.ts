/** Fewest records of a job, all models (General Reference, Bedrock quotas). */
export const MIN_RECORDS = 100;
/** Most records of an input file and of a job. */
export const MAX_RECORDS = 100_000;
/** Most bytes of an input file. */
export const MAX_FILE_BYTES = 1_000_000_000;
export const DEFAULT_PREFIX = 'costkit-batch';
export const DEFAULT_TIMEOUT_HOURS = 24;
export const DEFAULT_POLL_MS = 30_000;
