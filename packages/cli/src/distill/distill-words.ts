import type { LibraryWords } from '../in-flags.js';

/** The planner in the words of `costkit distill`. */
export const DISTILL_WORDS: LibraryWords = {
  prefix: 'costkit planner: ',
  flags: {
    teacher: '--teacher',
    student: '--student',
    prompts: '--prompts',
    holdOutShare: '--hold-out-share',
    balance: '--balance',
    seed: '--seed',
    bucket: '--bucket',
    prefix: '--prefix',
    roleArn: '--role',
    customModelName: '--name',
    maxAnswerTokens: '--max-answer-tokens',
    maxUsd: '--max-usd',
    usdPerMillionTokens: '--training-usd',
    region: '--region',
    pollMs: '--poll-seconds',
    examples: 'the file',
  },
  phrases: [
    ['with holdOutShare', 'with --hold-out-share'],
    ['another customModelName', 'another --name'],
    ['maxUsd is', '--max-usd is'],
    ['Give usdPerMillionTokens', 'Give --training-usd'],
    ['a smaller maxAnswerTokens', 'a smaller --max-answer-tokens'],
  ],
};
