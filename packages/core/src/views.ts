/**
 * Requests and responses, whatever their body looks like, through one small interface each. Apart from the main
 * entry, because a lever is handed its views; only what reads requests outside a call needs these.
 * @module
 */
export { readResponse } from './read-response.js';
export { viewRequest } from './view-request.js';
