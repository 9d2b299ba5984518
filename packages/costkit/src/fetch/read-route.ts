/** An inference request's address. */
export interface Route {
  readonly operation: 'Converse' | 'ConverseStream' | 'InvokeModel' | 'InvokeModelWithResponseStream';
  readonly modelId: string;
}

const OPERATIONS: Readonly<Record<string, Route['operation']>> = {
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  invoke: 'InvokeModel',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
};

/** Reads `/model/{modelId}/{operation}`; `undefined` when the address is another. */
export function readRoute(url: string): Route | undefined {
  const match = /^\/model\/([^/]+)\/([a-z-]+)$/.exec(new URL(url).pathname);
  const operation = OPERATIONS[match?.[2] ?? ''];
  if (match === null || operation === undefined) return undefined;
  try {
    return { operation, modelId: decodeURIComponent(match[1] ?? '') };
  } catch {
    // Escapes that are none: no model has such a name.
    return undefined;
  }
}
