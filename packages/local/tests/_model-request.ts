import type { ModelRequest, Prompt } from '../src/index.js';
import { createO200kTokenizer } from '../src/money/tokenizer.js';

const tokenizer = createO200kTokenizer();

/** A request that a model can be asked without a server. */
export function modelRequest(
  userText: string,
  changes: Partial<Omit<ModelRequest, 'prompt'>> & { readonly prompt?: Partial<Prompt> } = {},
): ModelRequest {
  const { prompt, ...rest } = changes;
  return {
    modelId: 'maker.model-v1',
    systemText: '',
    userText,
    thinks: false,
    seed: 'seed',
    countTokens: (text) => tokenizer.count(text, 'maker.model-v1'),
    signal: new AbortController().signal,
    ...rest,
    prompt: {
      tools: [],
      system: [],
      messages: [
        { role: 'user', blocks: [{ kind: 'text', canonical: userText, text: userText, mediaTokens: 0 }] },
      ],
      toolSpecs: [],
      toolChoice: { type: 'auto' },
      stopSequences: [],
      thinking: { mode: 'default' },
      ...prompt,
    },
  };
}
