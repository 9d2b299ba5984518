import { UnknownModelError } from './errors.js';
import { resolveModel } from './resolve-model.js';
import type { ResolvedModel } from './types.js';

/** What an ARN stands for: the id or ARN of the model behind it. */
export type ModelLookup = Readonly<Record<string, string>> | ((arn: string) => Promise<string | undefined>);

/** Options of {@link resolveModelAsync}. */
export interface ResolveModelOptions {
  readonly lookup: ModelLookup;
}

/** Like {@link resolveModel}, but asks `lookup` where an ARN does not name its model. */
export async function resolveModelAsync(
  idOrArn: string,
  { lookup }: ResolveModelOptions,
): Promise<ResolvedModel> {
  const known = resolveModel(idOrArn);
  if (known !== undefined) return known;
  const target = typeof lookup === 'function' ? await lookup(idOrArn) : lookup[idOrArn];
  const resolved = target === undefined ? undefined : resolveModel(target);
  if (resolved === undefined) {
    throw new UnknownModelError(idOrArn, 'Give the model behind it in `lookup`.');
  }
  return { ...resolved, input: idOrArn };
}
