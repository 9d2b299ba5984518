export const LEFT_OUT = 'left out earlier turns';
export const SUMMARISED = 'summarised earlier turns';
export const KEPT_WHOLE = 'kept the conversation whole';
export const COMPACTED = 'compacted tool results';
export const KEPT_RESULTS = 'kept tool results as they are';
export const SELECTED = 'selected tools';
export const KEPT_TOOLS = 'kept all tools';

/** What receipts say of input: nothing of it is about answers. */
export const INPUT_ACTIONS: ReadonlySet<string> = new Set([
  LEFT_OUT,
  SUMMARISED,
  KEPT_WHOLE,
  COMPACTED,
  KEPT_RESULTS,
  SELECTED,
  KEPT_TOOLS,
]);
