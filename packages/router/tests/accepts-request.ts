import { CATALOGUE, type CatalogueModel } from '@costkit/pricing/catalogue';
import { refusalsOf } from '@costkit/pricing/refusals';

/** A request as it stands on the wire. */
export interface WireRequest {
  readonly operation: string | undefined;
  readonly modelId: string | undefined;
  readonly body: Readonly<Record<string, unknown>> | undefined;
}

/** The catalogue's model behind an id or an ARN that names it, read without the router's own code. */
export function modelBehind(
  idOrArn: string,
): { readonly model: CatalogueModel; readonly prefix: string } | undefined {
  const modelId = idOrArn.slice(idOrArn.lastIndexOf('/') + 1);
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
  if (has('image') && (!capabilities.images || refusalsOf(model.id).has('images'))) return 'image';
  if (has('document') && !capabilities.documents) return 'document';
  if (has('video') || has('audio')) return 'video or audio';
  if (has('toolSpec') && !capabilities.tools) return 'tools';
  if ((has('textFormat') || text.includes('"strict":true')) && !capabilities.structuredOutput)
    return 'schema';
  if ((has('any') || has('toolChoice')) && model.provider !== asked.provider && !has('auto'))
    return 'forced tool';
  if (has('top_k') || has('effort') || has('thinking')) return 'field of another model';
  if (text.includes('text_editor_')) return 'tool of another model';
  const refusals = refusalsOf(model.id);
  if (operation === 'ConverseStream' && has('toolSpec') && refusals.has('streamedTools'))
    return 'streamed tools';
  const isCool = has('temperature');
  if ((isCool || has('topP') || has('top_p')) && refusals.has('sampling')) return 'sampling';
  if (isCool && (has('topP') || has('top_p')) && refusals.has('samplingPair')) return 'sampling pair';
  const isForeign = model.provider !== asked.provider;
  const { messages } = body as { readonly messages?: readonly { readonly role?: string }[] };
  if (messages?.at(-1)?.role === 'assistant' && (isForeign || refusals.has('prefill'))) return 'begun answer';
  if ((has('s3Location') || has('citations')) && isForeign) return 'media of another provider';
  if (has('status') && isForeign && !/^(?:anthropic|nova)$/.test(model.dialect)) return 'status';
  if (operation?.includes('Stream') === true && !capabilities.streaming) return 'stream';
  if (operation?.startsWith('Invoke') === true && model.dialect !== asked.dialect) return 'dialect';
  return undefined;
}
