import type { CallOutput } from './lever.js';
import { readResponse } from './read-response.js';
import type { RequestView } from './request-view.js';
import type { ResponseView } from './response-view.js';
import type { HandlerResult } from './sdk.js';

/** An SDK result with the view that reads it; the view is made when a lever first asks for it. */
export function callOutput(request: RequestView, result: HandlerResult): CallOutput {
  let view: { readonly value: ResponseView | undefined } | undefined;
  return {
    output: result.output,
    response: result.response,
    get view(): ResponseView | undefined {
      view ??= { value: request.streaming ? undefined : readResponse(request, result) };
      return view.value;
    },
  };
}
