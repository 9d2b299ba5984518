import type { Block, RequestView } from '@costkit/core';
import { mediaKey } from '@costkit/core/views';
import { mix, sample } from './request-fingerprint.js';
import { type SlidingSum, slidingSum } from './sliding-sum.js';

/** Counts how often a request came again with something added to its end. */
export interface RequestGrowth {
  /** Looks at a request; says how often it has grown within the window, this time included. */
  add(view: RequestView, nowMs: number): number;
}

/** The end of a request that may be continued. */
interface Chain {
  blocks: number;
  /** Of the last block. */
  textLength: number;
  sample: number;
  readonly growths: SlidingSum;
}

const MAX_HEADS = 64;
/** Requests with the same beginning that grow beside each other. */
const MAX_CHAINS = 8;
/** Characters that make a beginning: they are there before anything is added. */
const HEAD_LENGTH = 64;

/** Media count with what tells them apart, before the text, which may go on. */
const textOf = (block: Block | undefined): string => mediaKey(block?.media) + (block?.text ?? '');

/**
 * An agent that goes in circles sends its whole conversation again, with one step more; a retry that appends the last
 * error to its prompt, the same text with a little more. Both are the earlier request, continued: what stood at its
 * end still stands there. That is looked at, and no more than a part of the text. Different requests from one template
 * do not continue one another.
 */
export function requestGrowth(windowMs: number): RequestGrowth {
  const heads = new Map<number, Chain[]>();

  const continues = (chain: Chain, blocks: readonly Block[]): boolean => {
    if (blocks.length < chain.blocks) return false;
    const text = textOf(blocks[chain.blocks - 1]);
    if (blocks.length > chain.blocks)
      return text.length === chain.textLength && sample(text) === chain.sample;
    return text.length > chain.textLength && sample(text.slice(0, chain.textLength)) === chain.sample;
  };

  const chainsOf = (head: number): Chain[] => {
    const chains = heads.get(head) ?? [];
    heads.delete(head);
    heads.set(head, chains);
    if (heads.size > MAX_HEADS) heads.delete(heads.keys().next().value as number);
    return chains;
  };

  return {
    add: ({ modelId, blocks }, nowMs) => {
      const first = blocks.find(({ section }) => section === 'messages');
      const chains = chainsOf(mix(sample(textOf(first).slice(0, HEAD_LENGTH)), modelId));
      const last = textOf(blocks.at(-1));
      const end = { blocks: blocks.length, textLength: last.length, sample: sample(last) };
      const known = chains.find((chain) => continues(chain, blocks));
      if (known !== undefined) {
        Object.assign(known, end);
        known.growths.add(1, nowMs);
        return known.growths.total(nowMs);
      }
      const same = chains.some((chain) => chain.blocks === end.blocks && chain.sample === end.sample);
      if (!same) {
        chains.push({ ...end, growths: slidingSum(windowMs) });
        if (chains.length > MAX_CHAINS) chains.shift();
      }
      return 0;
    },
  };
}
