const SAMPLE_LENGTH = 64;
/** Where a chain of fingerprints begins (the offset basis of FNV-1a). */
export const FINGERPRINT_SEED = 2_166_136_261;

/**
 * A fingerprint of a text from its length, beginning and end (FNV-1a), continuing that of the texts before it. It
 * lets the router recognise a prompt that it does not keep.
 */
export function fingerprint(text: string, seed: number): number {
  let hash = (seed ^ text.length) >>> 0;
  const step = (index: number): void => {
    hash = Math.imul(hash ^ text.charCodeAt(index), 16_777_619) >>> 0;
  };
  const head = Math.min(text.length, SAMPLE_LENGTH);
  for (let index = 0; index < head; index += 1) step(index);
  for (let index = Math.max(head, text.length - SAMPLE_LENGTH); index < text.length; index += 1) step(index);
  return hash;
}
