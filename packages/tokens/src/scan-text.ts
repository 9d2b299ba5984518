import { Buffer } from 'node:buffer';
import { fillTables, TABLE_SIZE } from './automaton.js';
import { CJK_SCRIPTS, CLASS, CLASS_OF, FIRST_SCRIPT, SCRIPTS } from './character-classes.js';
import { COEFFICIENTS } from './coefficients.generated.js';
import { SCRIPT_RUN_OFFSET, SCRIPT_UNIT_OFFSET } from './features.js';

/**
 * Parts of a text whose token counts differ between tokenizers by different factors: words in Latin script;
 * digits, signs and blanks; Chinese, Japanese and Korean; everything else.
 *
 * @internal
 */
export const GROUP = { words: 0, signs: 1, cjk: 2, scripts: 3 } as const;

/** @internal */
export const GROUP_COUNT = 4;

const GROUP_OF_SCRIPT: Uint8Array = /* @__PURE__ */ Uint8Array.from(SCRIPTS, (script) =>
  CJK_SCRIPTS.includes(script) ? GROUP.cjk : GROUP.scripts,
);

// Reading code units from an array is several times faster than charCodeAt, and the copy is nearly free.
const CHUNK = 32_768;
const BYTES: Buffer = /* @__PURE__ */ Buffer.allocUnsafeSlow(CHUNK * 2);
const UNITS: Uint16Array = /* @__PURE__ */ new Uint16Array(BYTES.buffer, BYTES.byteOffset, CHUNK);

// Constants of the module, so that the compiled loop has their addresses built in; filled when first used.
const NEXT = /* @__PURE__ */ new Uint16Array(TABLE_SIZE);
const WORD_COSTS = /* @__PURE__ */ new Float64Array(TABLE_SIZE);
const SIGN_COSTS = /* @__PURE__ */ new Float64Array(TABLE_SIZE);
const SCRIPT_RUN_COSTS = /* @__PURE__ */ new Float64Array(SCRIPTS.length);
const SCRIPT_UNIT_COSTS = /* @__PURE__ */ new Float64Array(SCRIPTS.length);
let loaded = false;

/** Makes the scan use other coefficients: for fitting them and for tests. @internal */
export function loadCoefficients(coefficients: Float64Array): void {
  fillTables(coefficients, { next: NEXT, words: WORD_COSTS, signs: SIGN_COSTS });
  SCRIPT_RUN_COSTS.set(coefficients.subarray(SCRIPT_RUN_OFFSET, SCRIPT_RUN_OFFSET + SCRIPTS.length));
  SCRIPT_UNIT_COSTS.set(coefficients.subarray(SCRIPT_UNIT_OFFSET, SCRIPT_UNIT_OFFSET + SCRIPTS.length));
  loaded = true;
}

// The run of the automaton, between calls of `readUntilScript`.
let words = 0;
let signs = 0;
let row = 0;

/** Runs the automaton up to the first code unit of a script, or to the end. Small, so that it stays in registers. */
function readUntilScript(start: number, length: number): number {
  let index = start;
  let wordSum = 0;
  let signSum = 0;
  let state = row;
  for (; index < length; index++) {
    const kind = CLASS_OF[UNITS[index] as number] as number;
    if (kind >= FIRST_SCRIPT) break;
    const at = state + kind;
    wordSum += WORD_COSTS[at] as number;
    signSum += SIGN_COSTS[at] as number;
    state = NEXT[at] as number;
  }
  words += wordSum;
  signs += signSum;
  row = state;
  return index;
}

/** Ends the run that is being read. */
function endRun(): void {
  words += WORD_COSTS[row + CLASS.border] as number;
  signs += SIGN_COSTS[row + CLASS.border] as number;
  row = 0;
}

/** Reads runs of scripts up to the next character of the automaton, or to the end. */
function readScripts(start: number, length: number, groups: Float64Array): number {
  let index = start;
  let kind = CLASS_OF[UNITS[index] as number] as number;
  while (kind >= FIRST_SCRIPT) {
    const runStart = index;
    const script = kind - FIRST_SCRIPT;
    // Both halves of a surrogate pair count, so a lone one is no special case.
    do {
      kind = ++index < length ? (CLASS_OF[UNITS[index] as number] as number) : CLASS.border;
    } while (kind === script + FIRST_SCRIPT);
    const group = GROUP_OF_SCRIPT[script] as number;
    groups[group] =
      (groups[group] as number) +
      (SCRIPT_RUN_COSTS[script] as number) +
      (index - runStart) * (SCRIPT_UNIT_COSTS[script] as number);
  }
  return index;
}

/**
 * Adds up, in one pass over the code units, what every feature of a text costs, per group. The result is
 * linear in the coefficients, so a vector of zeros with a single one counts that feature: that is how the
 * coefficients were fitted.
 *
 * @param groups - receives the sums, on top of what it holds
 * @internal
 */
export function scanText(text: string, groups: Float64Array): void {
  if (!loaded) loadCoefficients(COEFFICIENTS);
  words = 0;
  signs = 0;
  row = 0;
  for (let offset = 0; offset < text.length; offset += CHUNK) {
    const length = Math.min(CHUNK, text.length - offset);
    BYTES.write(length === text.length ? text : text.slice(offset, offset + length), 0, 'utf16le');
    let index = readUntilScript(0, length);
    while (index < length) {
      endRun();
      index = readUntilScript(readScripts(index, length, groups), length);
    }
  }
  endRun();
  groups[GROUP.words] = (groups[GROUP.words] as number) + words;
  groups[GROUP.signs] = (groups[GROUP.signs] as number) + signs;
}
