/** The name under which this package stands in receipts. */
export const LEVER = 'output-limiter';
