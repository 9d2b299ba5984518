import type { CatalogueModel } from '@costkit/pricing/catalogue';
import type { CacheTtl, Prompt, PromptSection } from '../prompt.js';
import { BedrockFault, providerValidation, validation } from '../wire/bedrock-fault.js';

/** Where a cache point was found, in the words of the request: `['messages', 0, 'content', 3]`. */
export type RequestPath = readonly (string | number)[];

/**
 * Reads the lifetime of a cache point and checks that the model takes one there.
 *
 * @param path - Path of the cache point; for a marker inside a block, of the block.
 * @throws {@link BedrockFault} with the service's text: 403 for a model without a cache, 400 for the rest.
 */
export function readCachePoint(
  model: CatalogueModel,
  section: PromptSection,
  path: RequestPath,
  ttl: unknown,
): CacheTtl {
  const rules = model.capabilities.cache;
  if (rules === undefined || !rules.explicit) {
    throw new BedrockFault(
      'AccessDeniedException',
      'You invoked an unsupported model or your request did not allow prompt caching.',
    );
  }
  if (!rules.sections.includes(section)) throw misplacedCachePoint(model, path);
  if (ttl === undefined || ttl === null || ttl === '5m') return '5m';
  if (ttl !== '1h') {
    throw validation(
      `1 validation error detected: Value '${String(ttl)}' at 'ttl' failed to satisfy constraint: ` +
        'Member must satisfy enum value set: [5m, 1h]',
    );
  }
  if (!rules.ttls.includes('1h')) {
    throw model.dialect === 'anthropic'
      ? providerValidation(`${path.join('.')}.cache_control.ttl: Extra inputs are not permitted`)
      : validation('Extended TTL prompt caching is only supported for Anthropic models');
  }
  return '1h';
}

/** The text for a cache point where the model's own request format has no place for one. */
export function misplacedCachePoint(model: CatalogueModel, path: RequestPath): BedrockFault {
  return model.dialect === 'anthropic'
    ? providerValidation(`${path.join('.')}.type: Field required`)
    : providerValidation(
        `Malformed input request: #/${path.join('/')}: extraneous key [cachePoint] is not permitted, ` +
          'please reformat your input and try again.',
      );
}

/** The text for a cache point behind a reasoning block, which Bedrock itself refuses. */
export function cachePointAfterReasoning(): BedrockFault {
  return validation(
    'Cache point cannot be inserted after reasoning block. Please remove the invalid cache point and try again.',
  );
}

/** Checks what holds over the whole prompt: how many points, and the long-lived ones first. */
export function checkCachePointOrder(model: CatalogueModel, prompt: Prompt, prefixed: boolean): void {
  const refuse = prefixed ? providerValidation : validation;
  const points = markedBlocks(prompt);
  const most = model.capabilities.cache?.maxPoints ?? 4;
  if (points.length > most) {
    throw refuse(`A maximum of ${most} blocks with cache_control may be provided. Found ${points.length}.`);
  }
  const firstShort = points.findIndex((point) => point.ttl === '5m');
  const late = firstShort === -1 ? undefined : points.slice(firstShort).find((point) => point.ttl === '1h');
  if (late !== undefined) {
    throw refuse(
      `${late.path}.cache_control.ttl: a ttl='1h' cache_control block must not come after a ttl='5m' ` +
        'cache_control block. Note that blocks are processed in the following order: `tools`, `system`, `messages`.',
    );
  }
}

function markedBlocks(prompt: Prompt): { readonly path: string; readonly ttl: CacheTtl }[] {
  const found: { path: string; ttl: CacheTtl }[] = [];
  const collect = (blocks: Prompt['system'], path: string): void => {
    blocks.forEach(({ cachePoint }, index) => {
      if (cachePoint !== undefined) found.push({ path: `${path}.${index}`, ttl: cachePoint });
    });
  };
  collect(prompt.tools, 'tools');
  collect(prompt.system, 'system');
  for (const [index, message] of prompt.messages.entries()) {
    collect(message.blocks, `messages.${index}.content`);
  }
  return found;
}
