/** Characters on each side that decide. */
const REACH = 32;
const OFFSET_BASIS = 0x81_1c_9d_c5;
const PRIME = 0x01_00_01_93;

/** A number from 0 up to, not including, 1 that depends on the text around a place and on nothing else (FNV-1a). */
export function hashAround(text: string, offset: number): number {
  let hash = OFFSET_BASIS;
  const end = Math.min(text.length, offset + REACH);
  for (let at = Math.max(0, offset - REACH); at < end; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), PRIME);
  }
  // The last characters would hardly reach the high bits.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c_1b_3c_6d);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
