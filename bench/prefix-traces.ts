import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const FOLDER = new URL('../../shared/data/', import.meta.url);
const TOKENS_OF_BLOCK = 512;
/** Share of the requests that must begin with a block, for it to be taken for the system prompt. */
const SYSTEM_SHARE = 0.5;

/** A piece of a prompt: two are the same text where their keys and all before them are. */
export interface Piece {
  readonly section: 'system' | 'messages';
  readonly role: 'system' | 'user' | 'assistant';
  readonly message: number;
  readonly key: string;
  readonly tokens: number;
}

/** One request of a trace. */
export interface TracedPrompt {
  readonly atMs: number;
  readonly pieces: readonly Piece[];
}

/** Requests in the order of their arrival. */
export interface PrefixTrace {
  readonly name: string;
  readonly prompts: readonly TracedPrompt[];
}

/** Whether the traces are beside the repository. */
export const hasPrefixTraces = (): boolean => existsSync(new URL('traces/', FOLDER));

function rowsOf<T>(path: string): T[] {
  return gunzipSync(readFileSync(new URL(path, FOLDER)))
    .toString('utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
}

interface MooncakeRow {
  readonly timestamp: number;
  readonly input_length: number;
  readonly output_length: number;
  readonly hash_ids: readonly number[];
}

interface Known {
  readonly row: MooncakeRow;
  readonly pieces: readonly Piece[];
}

/**
 * Mooncake names blocks of 512 tokens and nothing else. A request that begins with all whole blocks of an earlier one is
 * taken to continue it: the earlier prompt, its answer, a new turn. Every block is a content block of its own, because
 * the trace does not say where an application would part them.
 */
function mooncake(name: string): PrefixTrace {
  const rows = rowsOf<MooncakeRow>(`traces/${name}.jsonl.gz`);
  const first = rows[0]?.hash_ids[0];
  const hasSystem = rows.filter(({ hash_ids }) => hash_ids[0] === first).length >= rows.length * SYSTEM_SHARE;
  const byLastBlock = new Map<number, Known[]>();
  const prompts = rows.map((row): TracedPrompt => {
    const pieces = piecesOf(row, earlierOf(row, byLastBlock), hasSystem);
    const whole = Math.floor(row.input_length / TOKENS_OF_BLOCK);
    const last = row.hash_ids[whole - 1];
    if (whole >= 2 && last !== undefined)
      byLastBlock.set(last, [{ row, pieces }, ...(byLastBlock.get(last) ?? [])]);
    return { atMs: row.timestamp, pieces };
  });
  return { name, prompts };
}

function earlierOf(row: MooncakeRow, byLastBlock: ReadonlyMap<number, readonly Known[]>): Known | undefined {
  for (let whole = Math.floor(row.input_length / TOKENS_OF_BLOCK); whole >= 2; whole -= 1) {
    const found = byLastBlock
      .get(row.hash_ids[whole - 1] as number)
      ?.find(
        ({ row: { input_length, hash_ids } }) =>
          input_length < row.input_length ||
          (input_length === row.input_length && hash_ids.at(-1) === row.hash_ids.at(-1)),
      );
    if (found !== undefined) return found;
  }
  return undefined;
}

function piecesOf(row: MooncakeRow, earlier: Known | undefined, hasSystem: boolean): readonly Piece[] {
  const cut = (from: number, to: number, of: Pick<Piece, 'section' | 'role' | 'message'>): Piece[] => {
    const pieces: Piece[] = [];
    for (let at = from; at < to; ) {
      const block = Math.floor(at / TOKENS_OF_BLOCK);
      const end = Math.min(to, (block + 1) * TOKENS_OF_BLOCK);
      pieces.push({ ...of, key: `${row.hash_ids[block]}:${at}-${end}`, tokens: end - at });
      at = end;
    }
    return pieces;
  };
  const length = row.input_length;
  if (earlier === undefined) {
    const systemEnd = hasSystem ? Math.min(TOKENS_OF_BLOCK, length - 1) : 0;
    return [
      ...cut(0, systemEnd, { section: 'system', role: 'system', message: 0 }),
      ...cut(systemEnd, length, { section: 'messages', role: 'user', message: 0 }),
    ];
  }
  const before = earlier.row.input_length;
  if (before === length) return earlier.pieces;
  const answerEnd = Math.min(before + earlier.row.output_length, length - 1);
  const message = (earlier.pieces.at(-1)?.message ?? 0) + 1;
  return [
    ...earlier.pieces,
    ...cut(before, answerEnd, { section: 'messages', role: 'assistant', message }),
    ...cut(answerEnd, length, { section: 'messages', role: 'user', message: message + 1 }),
  ];
}

interface TauRow {
  readonly id: string;
  readonly traj: readonly { readonly role: 'user' | 'assistant' | 'tool'; readonly tok: number }[];
}

/** Tokens of the system prompt that all tau-bench airline conversations share, as its description says. */
const TAU_SYSTEM_TOKENS = 1_248;
/** The conversations say nothing of time; these are assumptions. */
const TAU_START_EVERY_MS = 90_000;
const TAU_USER_THINKS_MS = 40_000;
const TAU_TOOL_TAKES_MS = 3_000;

/** Every call of an agent's loop is a request with all that came before. */
function tauAirline(): PrefixTrace {
  const prompts: TracedPrompt[] = [];
  for (const [number, { id, traj }] of rowsOf<TauRow>('agent/tau_airline_gpt4o.jsonl.gz').entries()) {
    let atMs = number * TAU_START_EVERY_MS;
    const pieces: Piece[] = [
      { section: 'system', role: 'system', message: 0, key: 'system', tokens: TAU_SYSTEM_TOKENS },
    ];
    for (const [message, { role, tok }] of traj.entries()) {
      if (role === 'assistant' && message > 0) prompts.push({ atMs, pieces: [...pieces] });
      else atMs += role === 'tool' ? TAU_TOOL_TAKES_MS : TAU_USER_THINKS_MS;
      const side = role === 'assistant' ? 'assistant' : 'user';
      pieces.push({ section: 'messages', role: side, message, key: `${id}:${message}`, tokens: tok });
    }
  }
  prompts.sort((one, other) => one.atMs - other.atMs);
  return { name: 'tau_airline (times assumed)', prompts };
}

/** Every trace that says which prompts share a prefix. */
export function prefixTraces(): readonly PrefixTrace[] {
  return [mooncake('mooncake_conversation'), mooncake('mooncake_synthetic'), tauAirline()];
}
