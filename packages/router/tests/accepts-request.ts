import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';

/** A request as it stands on the wire. */
export interface WireRequest {
  readonly operation: string | undefined;
  readonly modelId: string | undefined;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** The catalogue's model behind an id, read without the router's own code. */
export function modelBehind(
  modelId: string,
): { readonly model: CatalogueModel; readonly prefix: string } | undefined {
  const bare = CATALOGUE.get(modelId);
  if (bare !== undefined) return { model: bare, prefix: '' };
  const dot = modelId.indexOf('.');
  const model = CATALOGUE.get(modelId.slice(dot + 1));
  return model === undefined ? undefined : { model, prefix: modelId.slice(0, dot) };
}

/**
 * Judges a request by the catalogue's rows alone, where the local Bedrock is not strict: media, schemas, forced
 * tools, fields that are bound to a model. Returns what is wrong.
 */
export function wrongWith(
  { operation, modelId, body = {} }: WireRequest,
  asked: CatalogueModel,
): string | undefined {
  const found = modelBehind(modelId ?? '');
  if (found === undefined) return `unknown model ${modelId}`;
  const { model } = found;
  const { capabilities } = model;
  const text = JSON.stringify(body);
  const has = (member: string): boolean => text.includes(`"${member}":`);
  if (model.id === asked.id) return undefined;
  if (has('image') && !capabilities.images) return 'image';
  if (has('document') && !capabilities.documents) return 'document';
  if (has('video') || has('audio')) return 'video or audio';
  if (has('toolSpec') && !capabilities.tools) return 'tools';
  if ((has('textFormat') || text.includes('"strict":true')) && !capabilities.structuredOutput)
    return 'schema';
  if ((has('any') || has('toolChoice')) && model.provider !== asked.provider && !has('auto'))
    return 'forced tool';
  if (has('top_k') || has('effort') || has('thinking')) return 'field of another model';
  if (operation?.includes('Stream') === true && !capabilities.streaming) return 'stream';
  if (operation?.startsWith('Invoke') === true && model.dialect !== asked.dialect) return 'dialect';
  return undefined;
}
