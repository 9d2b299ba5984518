import { resolveModel } from '@costkit/pricing';
import { ConverseView } from './converse-view.js';
import { asRecord, asText } from './dialects/dialect-adapter.js';
import { InvokeView } from './invoke-view.js';
import { followModels } from './known-models.js';
import { OpaqueView } from './opaque-view.js';
import type { InferenceOperation, RequestView } from './request-view.js';

/**
 * Reads a request through one small interface, whatever its body looks like. What no view knows (a foreign
 * dialect, a malformed input) gets a view that pins every part: it is metered and otherwise left alone.
 *
 * @param operation - the operation that the input is for.
 * @param input - the SDK command's input; it is never changed.
 * @param models - models behind ids and ARNs that do not name their model.
 *
 * @example
 * ```ts
 * const view = viewRequest('Converse', { modelId, messages });
 * const capped = view.withMaxTokens(300).input;
 * ```
 */
export function viewRequest(
  operation: InferenceOperation,
  input: object,
  models: Readonly<Record<string, string>> = {},
): RequestView {
  try {
    if (operation === 'Converse' || operation === 'ConverseStream') return new ConverseView(operation, input);
    const modelId = asText(asRecord(input)['modelId']);
    const dialect = resolveModel(followModels(modelId, models))?.model.dialect;
    return InvokeView.read(operation, input, dialect) ?? new OpaqueView(operation, input);
  } catch {
    // A malformed input: the SDK or the service will say so, in their own words.
    return new OpaqueView(operation, input);
  }
}
