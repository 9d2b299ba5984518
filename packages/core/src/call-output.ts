import { type CatalogueModel, resolveModel } from '@costkit/pricing';
import type { CallOutput } from './lever.js';
import { responseView } from './read-response.js';
import { type Reading, readWhole } from './reading.js';
import type { RequestView } from './request-view.js';
import type { ResponseView } from './response-view.js';
import type { HandlerResult } from './sdk.js';

/** An SDK result that is read once, when somebody first asks, for the receipt and all levers. */
export class ReadableOutput implements CallOutput, HandlerResult {
  readonly output: object;
  readonly response: unknown;
  readonly #request: RequestView;
  #reading: Reading | undefined;
  #view: ResponseView | undefined;

  constructor(request: RequestView, result: HandlerResult) {
    this.output = result.output;
    this.response = result.response;
    this.#request = request;
  }

  /**
   * What a whole answer says of itself.
   *
   * @param model - the model that answered, where it is known; that of the first reading counts.
   */
  read(model: CatalogueModel | undefined): Reading {
    this.#reading ??= readWhole(this.#request, this, model);
    return this.#reading;
  }

  get view(): ResponseView | undefined {
    if (this.#request.streaming) return undefined;
    this.#view ??= responseView(this.#request, this, this.read(resolveModel(this.#request.modelId)?.model));
    return this.#view;
  }
}

/** The result of an inner slot; as it is where an inner slot of ours made it readable. */
export function callOutput(request: RequestView, result: HandlerResult): CallOutput {
  return result instanceof ReadableOutput ? result : new ReadableOutput(request, result);
}
