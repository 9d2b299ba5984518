import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { cutLongRuns } from './cut-long-runs.js';

/**
 * Counts tokens as the emulated service does. Providers do not publish their tokenizers, so the count of
 * OpenAI's `o200k_base` stands for all of them: an assumption that shifts every count by the same factor on
 * both sides of a comparison, and that an option replaces.
 */
export interface Tokenizer {
  /** Tokens in `text` for the model with that foundation-model id. */
  count(text: string, modelId: string): number;
  /**
   * The text cut into one piece per token, which stream frames and `max_tokens` are made of.
   * @defaultValue words with the blanks before them, each weighing what `count` says
   */
  pieces?(text: string, modelId: string): string[];
}

interface Encoding {
  encode_ordinary(text: string): Uint32Array;
  decode_single_token_bytes(token: number): Uint8Array;
}

const MEMO_ENTRIES = 50_000;
/** Texts up to this length are their own memo key; hashing them would cost more than storing them. */
const SHORT_TEXT_LENGTH = 64;

let encoding: Encoding | undefined;

/** Loads the WASM on the first count: about 0.2 s and 70 MB that a server which is never called should not pay. */
function loadEncoding(): Encoding {
  encoding ??= (createRequire(import.meta.url)('tiktoken') as typeof import('tiktoken')).get_encoding(
    'o200k_base',
  );
  return encoding;
}

const encode = (text: string): readonly Uint32Array[] =>
  cutLongRuns(text).map((piece) => loadEncoding().encode_ordinary(piece));

// One memo for all servers of a process: what a text counts is the same for each.
const counts = new Map<string, number>();

/** Answers of simulated models come again and again; one of 600 tokens takes 5 kB. */
const MEMO_ANSWERS = 1_000;
const pieces = new Map<string, string[]>();

/** Tokens that have occurred, as text where they are whole characters, else as bytes; a vocabulary has 200,000 at most. */
const tokenTexts = new Map<number, string | Uint8Array>();
const WHOLE_CHARACTERS = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function textOf(token: number): string | Uint8Array {
  let text = tokenTexts.get(token);
  if (text === undefined) {
    const bytes = loadEncoding().decode_single_token_bytes(token);
    try {
      text = WHOLE_CHARACTERS.decode(bytes);
    } catch {
      text = bytes;
    }
    tokenTexts.set(token, text);
  }
  return text;
}

function piecesOf(text: string): string[] {
  const pieces = encode(text).flatMap((tokens) => Array.from(tokens, textOf));
  if (pieces.every((piece) => typeof piece === 'string')) return pieces;
  // A token may end inside a character; the decoder holds its bytes back until the next piece completes it.
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return pieces.map((piece, index) =>
    decoder.decode(typeof piece === 'string' ? Buffer.from(piece) : piece, {
      stream: index < pieces.length - 1,
    }),
  );
}

/** The default tokenizer: `o200k_base`, with counts remembered by text. */
export function createO200kTokenizer(): Required<Tokenizer> {
  return {
    count(text) {
      if (text === '') return 0;
      const key =
        text.length <= SHORT_TEXT_LENGTH ? text : createHash('sha256').update(text).digest('base64');
      const known = counts.get(key);
      if (known !== undefined) return known;
      const tokens = encode(text).reduce((sum, { length }) => sum + length, 0);
      // Insertion order is age: the oldest entry goes first.
      if (counts.size >= MEMO_ENTRIES) counts.delete(counts.keys().next().value as string);
      counts.set(key, tokens);
      return tokens;
    },
    pieces(text) {
      const known = pieces.get(text);
      if (known !== undefined) return known;
      const cut = piecesOf(text);
      if (pieces.size >= MEMO_ANSWERS) pieces.delete(pieces.keys().next().value as string);
      pieces.set(text, cut);
      return cut;
    },
  };
}

/** A piece of output text with the tokens it is billed as. */
export interface WeightedPiece {
  readonly text: string;
  readonly tokens: number;
}

/** Cuts output into pieces whose tokens add up to what is billed. */
export function weightedPieces(tokenizer: Tokenizer, text: string, modelId: string): WeightedPiece[] {
  if (tokenizer.pieces !== undefined) {
    return tokenizer.pieces(text, modelId).map((piece) => ({ text: piece, tokens: 1 }));
  }
  return (text.match(/\s*\S+\s*$|\s*\S+|\s+$/g) ?? []).map((piece) => ({
    text: piece,
    tokens: tokenizer.count(piece, modelId),
  }));
}

/** Spreads a known total over pieces, in whole tokens, for answers whose count was recorded. */
export function reweigh(pieces: readonly WeightedPiece[], totalTokens: number): WeightedPiece[] {
  const weight = pieces.reduce((sum, piece) => sum + piece.tokens, 0);
  let before = 0;
  let given = 0;
  return pieces.map((piece) => {
    before += piece.tokens;
    const upTo = Math.round((totalTokens * before) / Math.max(1, weight));
    const tokens = upTo - given;
    given = upTo;
    return { text: piece.text, tokens };
  });
}
