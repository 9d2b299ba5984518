import type { Media } from './request-view.js';

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** Places of each piece that are looked at: its head, its tail and as many between. */
const LOOKED_AT = 256;

/** FNV-1a over some of the units. */
function sample(length: number, unitAt: (index: number) => number): number {
  let state = OFFSET ^ length;
  const take = (index: number): void => {
    state = Math.imul(state ^ unitAt(index), PRIME);
  };
  const head = Math.min(length, LOOKED_AT);
  for (let index = 0; index < head; index += 1) take(index);
  for (let index = Math.max(head, length - LOOKED_AT); index < length; index += 1) take(index);
  const step = Math.floor((length - 2 * LOOKED_AT) / LOOKED_AT);
  for (let index = head; step > 0 && index < length - LOOKED_AT; index += step) take(index);
  return state >>> 0;
}

function keyOf(value: unknown): number {
  if (typeof value === 'string') return sample(value.length, (index) => value.charCodeAt(index));
  if (value instanceof Uint8Array) return sample(value.length, (index) => value[index] as number);
  let state = OFFSET;
  for (const [name, member] of Object.entries(value ?? {})) {
    state = Math.imul(state ^ keyOf(name), PRIME);
    state = Math.imul(state ^ keyOf(member), PRIME);
  }
  return state >>> 0;
}

/**
 * A short text that tells media of one block from media of another: `''` where there are none. Of large ones some of
 * the bytes are looked at, so that it costs microseconds; equal media have equal keys.
 *
 * @param media - the `media` of a block.
 *
 * @example
 * ```ts
 * const same = a.text === b.text && mediaKey(a.media) === mediaKey(b.media);
 * ```
 */
export function mediaKey(media: readonly Media[] | undefined): string {
  return media === undefined ? '' : media.map(({ kind, source }) => `${kind}:${keyOf(source)}`).join();
}
