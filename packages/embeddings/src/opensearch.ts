/**
 * A sink in OpenSearch.
 * @module
 */
export { type OpenSearchClientLike, type OpenSearchSinkOptions, openSearchSink } from './opensearch-sink.js';
