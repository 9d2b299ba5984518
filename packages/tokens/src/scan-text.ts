import { Buffer } from 'node:buffer';
import { fillTables, SIGNS_SHIFT, TABLE_SIZE, UNITS_PER_TOKEN } from './automaton.js';
import { CJK_SCRIPTS, CLASS, CLASS_OF, FIRST_SCRIPT, fillClasses, SCRIPTS } from './character-classes.js';
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
const COSTS = /* @__PURE__ */ new Float64Array(TABLE_SIZE);
const SCRIPT_RUN_COSTS = /* @__PURE__ */ new Float64Array(SCRIPTS.length);
const SCRIPT_UNIT_COSTS = /* @__PURE__ */ new Float64Array(SCRIPTS.length);
let loaded = false;

/** Makes the scan use other coefficients: for fitting them and for tests. @internal */
export function loadCoefficients(coefficients: Float64Array): void {
  if (!loaded) fillClasses();
  fillTables(coefficients, { next: NEXT, costs: COSTS });
  SCRIPT_RUN_COSTS.set(coefficients.subarray(SCRIPT_RUN_OFFSET, SCRIPT_RUN_OFFSET + SCRIPTS.length));
  SCRIPT_UNIT_COSTS.set(coefficients.subarray(SCRIPT_UNIT_OFFSET, SCRIPT_UNIT_OFFSET + SCRIPTS.length));
  loaded = true;
}

// The run of the automaton, between calls of `readUntilScript`.
let cost = 0;
let row = 0;
let secondRow = 0;

/** Runs the automaton up to the first code unit of a script, or to the end. Small, so that it stays in registers. */
function readUntilScript(start: number, length: number): number {
  let index = start;
  let sum = 0;
  let state = row;
  for (; index < length; index++) {
    const kind = CLASS_OF[UNITS[index] as number] as number;
    if (kind >= FIRST_SCRIPT) break;
    const at = state + kind;
    sum += COSTS[at] as number;
    state = NEXT[at] as number;
  }
  cost += sum;
  row = state;
  return index;
}

/** Ends the run that is being read. */
function endRun(): void {
  cost += COSTS[row + CLASS.border] as number;
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

/** Reads a range of the chunk. */
function readRange(start: number, end: number, groups: Float64Array): void {
  let index = readUntilScript(start, end);
  while (index < end) {
    endRun();
    index = readUntilScript(readScripts(index, end, groups), end);
  }
}

/** A chunk of fewer code units is not worth dividing. */
const LEAST_TO_DIVIDE = 1024;

/** A single blank in the middle third of the chunk: there the text can be cut without changing a run. */
function findCut(length: number): number {
  const end = Math.floor((length * 2) / 3);
  for (let index = length >> 1; index < end; index++) {
    if (
      CLASS_OF[UNITS[index] as number] === CLASS.blank &&
      CLASS_OF[UNITS[index - 1] as number] !== CLASS.blank
    ) {
      return index;
    }
  }
  return 0;
}

/**
 * Runs the automaton on both sides of the cut at once, until one of them meets a script or the first is done:
 * each step waits for the one before it, so two chains side by side take hardly longer than one.
 *
 * @returns how many steps both sides took; the state of the second is in `secondRow`
 */
function readBothSides(cut: number, length: number): number {
  const steps = Math.min(cut, length - cut);
  let sum = 0;
  let state = row;
  let secondState = 0;
  let index = 0;
  for (; index < steps; index++) {
    const kind = CLASS_OF[UNITS[index] as number] as number;
    const secondKind = CLASS_OF[UNITS[cut + index] as number] as number;
    if (kind >= FIRST_SCRIPT || secondKind >= FIRST_SCRIPT) break;
    const at = state + kind;
    const secondAt = secondState + secondKind;
    sum += (COSTS[at] as number) + (COSTS[secondAt] as number);
    state = NEXT[at] as number;
    secondState = NEXT[secondAt] as number;
  }
  cost += sum;
  row = state;
  secondRow = secondState;
  return index;
}

function readChunk(length: number, groups: Float64Array): void {
  const cut = length < LEAST_TO_DIVIDE ? 0 : findCut(length);
  if (cut === 0) {
    readRange(0, length, groups);
    return;
  }
  const steps = readBothSides(cut, length);
  readRange(steps, cut, groups);
  // The blank at the cut ends the first side's last run; the second side began with it.
  cost += COSTS[row + CLASS.blank] as number;
  row = secondRow;
  readRange(cut + steps, length, groups);
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
  row = 0;
  for (let offset = 0; offset < text.length; offset += CHUNK) {
    const length = Math.min(CHUNK, text.length - offset);
    BYTES.write(length === text.length ? text : text.slice(offset, offset + length), 0, 'utf16le');
    cost = 0;
    readChunk(length, groups);
    if (offset + length === text.length) endRun();
    const signs = Math.floor(cost / SIGNS_SHIFT);
    groups[GROUP.words] = (groups[GROUP.words] as number) + (cost - signs * SIGNS_SHIFT) / UNITS_PER_TOKEN;
    groups[GROUP.signs] = (groups[GROUP.signs] as number) + signs / UNITS_PER_TOKEN;
  }
}
