import { readModel } from './packed-model.js';
import type { CatalogueModel } from './types.js';

/**
 * An imported model (Custom Model Import) as a catalogue model: its weights are the user's own, so the catalogue
 * knows nothing of it but that its tokens are never billed. What it can do is assumed: text in, text out, streamed.
 */
export function importedModel(arn: string): CatalogueModel {
  const model = readModel(arn, 'dunknown f010000000 t hnone b1 c ya', '', []);
  return { ...model, provider: 'imported' };
}
