import type { LibraryWords } from '../in-flags.js';

/** The batch package in the words of `costkit batch`. */
export const BATCH_WORDS: LibraryWords = {
  prefix: 'costkit batch: ',
  flags: {
    model: '--model',
    bucket: '--bucket',
    roleArn: '--role',
    prefix: '--prefix',
    maxUsd: '--max-usd',
    deadline: '--deadline',
    retries: '--retries',
    pollMs: '--poll-seconds',
    onDemand: '--on-demand',
  },
  phrases: [['give a runtime client as "onDemand"', 'say --on-demand']],
};
