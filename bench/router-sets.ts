import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { CascadeRecord, RouterRecord } from '../packages/router/src/index.js';

const DATA = new URL('../../shared/data/', import.meta.url);

/** A set of graded answers of two models. */
export interface RoutingSet {
  readonly name: string;
  /** Mean cost of an answer of the cheap model, and of a second cheap answer that is looked at, as a share of that of the strong one. */
  readonly costShare: number;
  /** APGR of TF-IDF with logistic regression, and the best published, where there are any (baselines.md, held-out half). */
  readonly floor?: number | undefined;
  readonly published?: number;
  /** Train on so many records at most. @defaultValue all of the other folds */
  readonly trainRecords?: number;
  readonly records: readonly RouterRecord[];
}

/** A set that also has the cheap answers. */
export interface CascadeSet extends Omit<RoutingSet, 'records'> {
  readonly records: readonly CascadeRecord[];
}

/** Two cheap models whose answers to the same questions are compared. */
export interface Agreement {
  readonly name: string;
  readonly records: number;
  /** Share of the questions for which they come to different results, or to none. */
  readonly disagreement: number;
}

interface Answer {
  /** What it comes down to; `null`: nothing could be read. */
  readonly a?: string | null;
  readonly r?: string;
  readonly ok?: number;
  /** By turn, where there are several. */
  readonly score?: number | readonly number[];
  readonly selfver?: number;
  readonly rerun_r?: string;
  readonly rerun_logp?: number;
}

interface Row {
  readonly task: string;
  readonly prompt?: string;
  readonly turns?: readonly string[];
  readonly contaminated?: number;
  readonly m: Readonly<Record<string, Answer>>;
}

/** Whether the data is there. */
export const hasSets = (): boolean => existsSync(new URL('routing/', DATA));

function rowsOf(file: string): Row[] {
  const text = gunzipSync(readFileSync(new URL(`${file}.jsonl.gz`, DATA))).toString('utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Row)
    .filter(({ contaminated }) => contaminated !== 1);
}

/** Right or wrong, a share, or the mean of marks up to 10. */
function gradeOf({ ok, score }: Answer): number {
  if (typeof score !== 'object') return ok ?? score ?? Number.NaN;
  return score.reduce((sum, mark) => sum + mark / 10, 0) / score.length;
}

function recordsOf(rows: readonly Row[], cheap: string, strong: string, second?: string): CascadeRecord[] {
  return rows.flatMap(({ task, turns, prompt = '', m }) => {
    const [weak, better] = [m[cheap], m[strong]];
    if (weak === undefined || better === undefined) return [];
    const other = second === undefined ? weak.rerun_r : m[second]?.r;
    const further = Object.entries(m).filter(([name]) => name !== cheap && name !== strong);
    return {
      prompt: turns?.join('\n') ?? prompt,
      task,
      outcomes: {
        ...Object.fromEntries(further.map(([name, answer]) => [name, { score: gradeOf(answer) }])),
        cheap: { score: gradeOf(weak) },
        strong: { score: gradeOf(better) },
      },
      answer: {
        text: weak.r ?? '',
        ...(other === undefined ? {} : { second: other }),
        ...(weak.selfver === undefined ? {} : { confidence: weak.selfver }),
        ...(weak.rerun_logp === undefined ? {} : { meanLogProbability: weak.rerun_logp }),
      },
    };
  });
}

const MIXTRAL = 'mixtral-8x7b-instruct-v0.1';
const GPT_4 = 'gpt-4-1106-preview';
const HAIKU_3 = 'claude-3-haiku-20240307';
const HAIKU_3_5 = 'claude-3-5-haiku-20241022';
const SONNET = 'claude-3-5-sonnet-20241022';
const LLAMA_8B = 'Meta-Llama-3.1-8B-Instruct';
const LLAMA_70B = 'Meta-Llama-3.1-70B-Instruct';
const MISTRAL_LARGE = 'Mistral-Large-2';
const MISTRAL_7B = 'Mistral-7B-Instruct-v0.2';

/** Sets for routers that see the prompt only. */
export function* routingSets(): Generator<RoutingSet> {
  const mmlu = recordsOf(rowsOf('routing/routellm_mmlu'), MIXTRAL, GPT_4);
  yield { name: 'RouteLLM MMLU', costShare: 0.044, floor: 0.69, published: 0.603, records: mmlu };
  yield {
    name: 'RouteLLM MMLU, 1,500 labels',
    costShare: 0.044,
    floor: 0.642,
    published: 0.603,
    trainRecords: 1_500,
    records: mmlu,
  };
  const gsm8k = recordsOf(rowsOf('routing/routellm_gsm8k'), MIXTRAL, GPT_4);
  yield { name: 'RouteLLM GSM8K', costShare: 0.023, floor: 0.613, published: 0.622, records: gsm8k };
  const zeroeval = rowsOf('routing/zeroeval');
  for (const [name, cheap, strong, costShare, floor] of [
    ['ZeroEval Haiku 3 > Sonnet 3.5', HAIKU_3, SONNET, 0.099, 0.665],
    ['ZeroEval Haiku 3.5 > Sonnet 3.5', HAIKU_3_5, SONNET, 0.371, 0.717],
    ['ZeroEval Llama 8B > 70B', LLAMA_8B, LLAMA_70B, 0.389, 0.584],
    ['ZeroEval Llama 8B > Sonnet 3.5', LLAMA_8B, SONNET, 0.04, 0.647],
    ['ZeroEval Mistral Large 2 > Sonnet 3.5', MISTRAL_LARGE, SONNET, 0.5, undefined],
    ['ZeroEval GPT-4o mini > GPT-4o', 'gpt-4o-mini-2024-07-18', 'gpt-4o-2024-08-06', 0.063, 0.652],
  ] as const) {
    yield { name, costShare, floor, records: recordsOf(zeroeval, cheap, strong) };
  }
  const pro = rowsOf('routing/mmlupro');
  for (const [name, cheap, strong, costShare, floor] of [
    ['MMLU-Pro Llama 8B > 70B', LLAMA_8B, LLAMA_70B, 0.425, 0.527],
    ['MMLU-Pro Mistral 7B > Mixtral', MISTRAL_7B, 'Mixtral-8x7B-Instruct-v0.1', 0.326, 0.512],
    ['MMLU-Pro Mistral 7B > Llama 70B', MISTRAL_7B, LLAMA_70B, 0.207, 0.542],
  ] as const) {
    yield { name, costShare, floor, records: recordsOf(pro, cheap, strong) };
  }
}

/** Too small to be trained on: what was learned of the same two models on exams is tried on open questions. */
export function transferSet(): RoutingSet & { readonly train: readonly RouterRecord[] } {
  const exams = [...rowsOf('routing/routellm_mmlu'), ...rowsOf('routing/routellm_gsm8k')];
  return {
    name: 'RouteLLM MT-bench, trained on its exams',
    costShare: 0.023,
    published: 0.802,
    train: recordsOf(exams, MIXTRAL, GPT_4),
    records: recordsOf(rowsOf('judge/routellm_mtbench'), MIXTRAL, GPT_4),
  };
}

/** How often two cheap models disagree: what a cascade that checks by agreement escalates. */
export function agreements(): Agreement[] {
  return (
    [
      ['routing/zeroeval', HAIKU_3, LLAMA_8B],
      ['routing/zeroeval', HAIKU_3_5, LLAMA_70B],
      ['routing/zeroeval', HAIKU_3_5, 'gpt-4o-mini-2024-07-18'],
      ['routing/mmlupro', LLAMA_8B, MISTRAL_7B],
      ['routing/mmlupro', LLAMA_8B, 'Mixtral-8x7B-Instruct-v0.1'],
    ] as const
  ).map(([file, one, other]) => {
    const answers = rowsOf(file).flatMap(({ m }) => {
      const [first, second] = [m[one]?.a, m[other]?.a];
      return first === undefined || second === undefined ? [] : [first !== null && first === second];
    });
    const agreed = answers.filter(Boolean).length;
    return {
      name: `${one} and ${other}`,
      records: answers.length,
      disagreement: 1 - agreed / answers.length,
    };
  });
}

/** Sets for scorers that have seen the cheap answer. */
export function* cascadeSets(): Generator<CascadeSet> {
  const automix = recordsOf(rowsOf('cascade/anlp_automix'), LLAMA_8B, 'gpt-5');
  for (const [task, floor] of [
    ['cnli', 0.68],
    ['coqa', 0.736],
    ['narrative_qa', 0.639],
    ['qasper', 0.71],
  ] as const) {
    const records = automix.filter((record) => record.task === task);
    yield { name: `AutoMix ${task}`, costShare: 0.4, floor, records };
  }
  yield {
    name: 'RouteLLM GSM8K, answer seen',
    costShare: 0.023,
    floor: 0.649,
    records: recordsOf(rowsOf('routing/routellm_gsm8k'), MIXTRAL, GPT_4),
  };
  const zeroeval = rowsOf('routing/zeroeval');
  for (const [name, costShare, second] of [
    ['ZeroEval Haiku 3 > Sonnet 3.5, answer seen', 0.099, undefined],
    ['ZeroEval Haiku 3 > Sonnet 3.5, second answer of Llama 8B', 0.139, LLAMA_8B],
  ] as const) {
    yield { name, costShare, floor: 0.692, records: recordsOf(zeroeval, HAIKU_3, SONNET, second) };
  }
}
