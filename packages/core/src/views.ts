/**
 * How requests, responses, streams and usages are read, whatever a body looks like. Apart from the main entry,
 * because a lever is handed what it needs ready: only code that reads them outside a call imports this.
 * @module
 */
export { mediaKey } from './media-key.js';
export { readResponse } from './read-response.js';
export { type StreamOutcome, type StreamWatcher, tapStream } from './tap-stream.js';
export { type NormalisedUsage, normaliseUsage, type ReportedUsage, sumUsage } from './usage.js';
export { viewRequest } from './view-request.js';
