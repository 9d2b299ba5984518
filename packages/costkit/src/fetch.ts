/**
 * A `fetch` for SDKs that talk to Bedrock themselves.
 * @module
 */
export { type CostkitFetchOptions, costkitFetch, type Fetch } from './fetch/costkit-fetch.js';
