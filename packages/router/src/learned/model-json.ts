import type { ModelState } from './judge-sample.js';
import type { LinearHead } from './linear-head.js';
import { parseModelJson, ROUTER_MODEL_VERSION } from './parse-model-json.js';
import { BUCKETS } from './prompt-words.js';
import type { HeadJson, RouterModelJson } from './types.js';
import { wordSet } from './word-set.js';

const MAX_STEPS = 32_767;
const short = (value: number): number => Number(value.toPrecision(9));

function headToJson({ intercept, weights }: LinearHead): HeadJson {
  let most = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) most = Math.max(most, Math.abs(weights[bucket]!));
  const step = most / MAX_STEPS || 1;
  const bytes = Buffer.alloc(2 * BUCKETS);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1)
    bytes.writeInt16LE(Math.round(weights[bucket]! / step), 2 * bucket);
  return {
    intercept: short(intercept),
    step,
    words: bytes.toString('base64'),
    structure: Array.from({ length: weights.length - BUCKETS }, (_, at) => short(weights[BUCKETS + at]!)),
  };
}

function headFromJson({ intercept, step, words, structure }: HeadJson): LinearHead {
  const bytes = Buffer.from(words, 'base64');
  const weights = new Float64Array(BUCKETS + structure.length);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) weights[bucket] = bytes.readInt16LE(2 * bucket) * step;
  weights.set(structure, BUCKETS);
  return { intercept, weights };
}

/** The form to save. */
export function modelToJson(kind: RouterModelJson['kind'], state: ModelState): RouterModelJson {
  const { provenance, encoding, vocabulary, cheap, strong, tasks, calibration } = state;
  const { threshold, thresholdWithoutTask } = state;
  return {
    version: ROUTER_MODEL_VERSION,
    kind,
    provenance,
    rarity: Buffer.from(encoding.rarity).toString('base64'),
    vocabulary: Buffer.from(vocabulary.bytes).toString('base64'),
    structure: { means: encoding.means.map(short), deviations: encoding.deviations.map(short) },
    heads: { cheap: headToJson(cheap), strong: headToJson(strong) },
    tasks: Object.fromEntries([...tasks].map(([task, gain]) => [task, short(gain)])),
    calibration,
    limits: { minKnownShare: state.minKnownShare, maxCharacters: state.maxCharacters },
    ...(threshold === undefined ? {} : { threshold }),
    ...(thresholdWithoutTask === undefined ? {} : { thresholdWithoutTask }),
  };
}

/** The model that was saved. @throws `RouterModelError` when it is none of this kind. */
export function modelFromJson(kind: RouterModelJson['kind'], value: unknown): [RouterModelJson, ModelState] {
  const json = parseModelJson(kind, value);
  const { rarity, structure, heads, limits } = json;
  return [
    json,
    {
      provenance: json.provenance,
      encoding: { rarity: Uint8Array.from(Buffer.from(rarity, 'base64')), ...structure },
      vocabulary: wordSet(Uint8Array.from(Buffer.from(json.vocabulary, 'base64'))),
      cheap: headFromJson(heads.cheap),
      strong: headFromJson(heads.strong),
      tasks: new Map(Object.entries(json.tasks)),
      calibration: json.calibration,
      ...limits,
      threshold: json.threshold,
      thresholdWithoutTask: json.thresholdWithoutTask,
    },
  ];
}
