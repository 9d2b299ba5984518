import { resolveModel } from '@costkit/pricing';

const { model, scope } = resolveModel('eu.anthropic.claude-haiku-4-5-20251001-v1:0') ?? {};
const cache = model?.capabilities.cache;
console.log(scope, cache?.minTokens, cache?.ttls, model?.capabilities.batch, model?.lifecycle.endOfLife);
