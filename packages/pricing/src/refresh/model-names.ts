import { listModels } from '../list-models.js';
import { MODEL_INDEXES } from '../models.js';
import { NAMES } from '../names.generated.js';

/**
 * What the price list calls a model where no rule leads from its name to ours: display names, values of `titanModel`,
 * billing names and ids with another ending. New names appear weekly; one that is missing here is reported, not guessed.
 */
const ALIASES: Readonly<Record<string, string>> = {
  'Nova 2.0 Lite': 'amazon.nova-2-lite-v1:0',
  'Nova 2.0 Omni': 'amazon.nova-2-omni',
  'Nova 2.0 Pro': 'amazon.nova-2-pro-preview-20251202-v1:0',
  'Nova MME': 'amazon.nova-2-multimodal-embeddings-v1:0',
  NovaMultiModalEmbeddings: 'amazon.nova-2-multimodal-embeddings-v1:0',
  'Nova Sonic 2.0': 'amazon.nova-2-sonic-v1:0',
  'AmazonRerank-v1': 'amazon.rerank-v1:0',
  'Titan Embeddings G1 Image': 'amazon.titan-embed-image-v1',
  'TitanEmbeddingsG1-Image': 'amazon.titan-embed-image-v1',
  'TitanEmbeddingV2-Text': 'amazon.titan-embed-text-v2:0',
  'TitanEmbeddingsV2-Text-input': 'amazon.titan-embed-text-v2:0',
  'TitanText-Premier': 'amazon.titan-text-premier-v1:0',
  TitanTextExpress: 'amazon.titan-text-express-v1',
  TitanTextLite: 'amazon.titan-text-lite-v1',
  'Claude 2.0': 'anthropic.claude-v2',
  'Cohere Command R': 'cohere.command-r-v1:0',
  'Cohere Command R+': 'cohere.command-r-plus-v1:0',
  'Cohere Embed 3 Model - English': 'cohere.embed-english-v3',
  'Cohere Embed 4 Model': 'cohere.embed-v4:0',
  'Cohere Embed Model 3 - Multilingual': 'cohere.embed-multilingual-v3',
  'Cohere Rerank v3.5': 'cohere.rerank-v3-5:0',
  'Cohere Generate Model - Command': 'cohere.command-text-v14',
  'Cohere Generate Model - Command-Light': 'cohere.command-light-text-v14',
  'deepseek.v3.1': 'deepseek.v3-v1:0',
  R1: 'deepseek.r1-v1:0',
  'Luma Ray2': 'luma.ray-v2:0',
  'Ray v2': 'luma.ray-v2:0',
  'Gemma 3 12B': 'google.gemma-3-12b-it',
  'Gemma 3 27B': 'google.gemma-3-27b-it',
  'Gemma 3 4B': 'google.gemma-3-4b-it',
  Devstral: 'mistral.devstral-2-123b',
  'Ministral 3B 3.0': 'mistral.ministral-3-3b-instruct',
  'Ministral 8B 3.0': 'mistral.ministral-3-8b-instruct',
  'Mistral Large': 'mistral.mistral-large-2402-v1:0',
  'Mistral Large 24.07': 'mistral.mistral-large-2407-v1:0',
  'Mistral Small': 'mistral.mistral-small-2402-v1:0',
  'Pixtral Large 25.02': 'mistral.pixtral-large-2502-v1:0',
  'Voxtral Mini 1.0': 'mistral.voxtral-mini-3b-2507',
  'Voxtral Small 1.0': 'mistral.voxtral-small-24b-2507',
  'moonshotai.kimi-k2-thinking': 'moonshot.kimi-k2-thinking',
  'Nemotron Nano 3 30B': 'nvidia.nemotron-nano-3-30b',
  'NVIDIA Nemotron Nano 2': 'nvidia.nemotron-nano-9b-v2',
  'NVIDIA Nemotron Nano 2 VL': 'nvidia.nemotron-nano-12b-v2',
  'nvidia.nemotron-nano-12b-v2-vl': 'nvidia.nemotron-nano-12b-v2',
  'gpt-oss-120b': 'openai.gpt-oss-120b-1:0',
  'gpt-oss-20b': 'openai.gpt-oss-20b-1:0',
  'Qwen3 235B A22B 2507': 'qwen.qwen3-235b-a22b-2507-v1:0',
  'Qwen3 Coder 30B A3B': 'qwen.qwen3-coder-30b-a3b-v1:0',
  'Qwen3 Coder 480B A35B': 'qwen.qwen3-coder-480b-a35b-v1:0',
  'qwen.qwen3-coder-480b-a35b-instruct': 'qwen.qwen3-coder-480b-a35b-v1:0',
  'Qwen3 Next 80B A3B': 'qwen.qwen3-next-80b-a3b',
  'qwen.qwen3-next-80b-a3b-instruct': 'qwen.qwen3-next-80b-a3b',
  'Qwen3 VL 235B A22B': 'qwen.qwen3-vl-235b-a22b',
  'Stable Diffusion 3.5 Large v1.0': 'stability.sd3-5-large-v1:0',
  'Stable Diffusion 3 Large v1.0': 'stability.sd3-large-v1:0',
  'TwelveLabs Pegasus 1.2': 'twelvelabs.pegasus-1-2-v1:0',
  'Writer Palmyra Vision 7B': 'writer.palmyra-vision-7b-v1:0',
  'zai.glm5': 'zai.glm-5',
};

/** Names of retired models: the catalogue does not have them, or the list does not tell several of ours apart. */
const RETIRED: ReadonlySet<string> = new Set(
  ['Claude', 'Claude (100K)', 'Claude Instant (100K)', 'TitanImageGeneratorG1', 'TitanImageGeneratorV2'].map(
    plain,
  ),
);

/** Spelling apart: `Claude Sonnet 4.6 (Amazon Bedrock Edition)` and `claude-sonnet 4.6` are one name. */
function plain(name: string): string {
  return name
    .toLowerCase()
    .replace(/\(amazon bedrock edition\)/, '')
    .replaceAll('+', 'plus')
    .replaceAll(/[^a-z0-9.]/g, '')
    .replace(/^(amazon|meta|openai)(?=[a-z])/, '');
}

/** An id as bills spell it: without version and date of release. */
const billed = (id: string): string => id.replace(/(-v\d+)?(:\d+)?$/, '').replace(/-\d{8}$/, '');

/** Adds what is said of exactly one model; what two models would share stays out. */
function addUnambiguous(index: Map<string, string>, entries: readonly (readonly [string, string])[]): void {
  const models = new Map<string, Set<string>>();
  for (const [name, id] of entries) models.set(name, (models.get(name) ?? new Set()).add(id));
  for (const [name, ids] of models) {
    const [id = '', ...others] = ids;
    if (others.length === 0 && !index.has(name)) index.set(name, id);
  }
}

/** Which model a name of the price list stands for. */
export interface ModelNames {
  /** The catalogue's id for a name or an id; `'retired'` for a name of none that can be called. */
  readonly find: (name: string) => string | undefined;
}

/**
 * Makes the index of the names under which the price list and bills know models.
 *
 * @param own - names of the price list that the caller adds, with the catalogue's id of each; they win.
 */
export function modelNames(own: Readonly<Record<string, string>> = {}): ModelNames {
  const byId = new Map([...MODEL_INDEXES.keys()].map((id) => [id, id]));
  addUnambiguous(
    byId,
    [...MODEL_INDEXES.keys()].map((id) => [billed(id), id]),
  );
  for (const [name, id] of Object.entries(own)) byId.set(name, id);
  const byName = new Map(Object.entries(ALIASES).map(([name, id]) => [plain(name), id]));
  const names = NAMES.split('\n');
  addUnambiguous(
    byName,
    listModels().flatMap(({ id }, index) => [
      [plain(names[index] ?? id), id],
      [plain((names[index] ?? id).replace(/ Instruct$/, '')), id],
    ]),
  );
  return {
    find: (name) => byId.get(name) ?? (RETIRED.has(plain(name)) ? 'retired' : byName.get(plain(name))),
  };
}
