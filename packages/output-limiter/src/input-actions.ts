export const LEFT_OUT = 'left out earlier turns';
export const SUMMARISED = 'summarised earlier turns';
export const KEPT_WHOLE = 'kept the conversation whole';

/** What is said of windows on receipts: nothing of it is about answers. */
export const WINDOW_ACTIONS: ReadonlySet<string> = new Set([LEFT_OUT, SUMMARISED, KEPT_WHOLE]);
