import type { Facts } from './probe.js';

/** A fact in which two Bedrocks differ. */
export interface Difference {
  readonly fact: string;
  /** What the local Bedrock does; absent where it says nothing of it. */
  readonly local?: string | number | boolean;
  /** What the service does. */
  readonly live?: string | number | boolean;
  /** Only the words of an error: no bill depends on them. */
  readonly wordingOnly: boolean;
}

/** In what two observations of the same probe differ. */
export function compareFacts(local: Facts, live: Facts): readonly Difference[] {
  return [...new Set([...Object.keys(local), ...Object.keys(live)])]
    .filter((fact) => local[fact] !== live[fact])
    .map((fact) => ({
      fact,
      ...(local[fact] === undefined ? {} : { local: local[fact] }),
      ...(live[fact] === undefined ? {} : { live: live[fact] }),
      wordingOnly: fact === 'wording' && local['outcome'] === live['outcome'],
    }));
}
