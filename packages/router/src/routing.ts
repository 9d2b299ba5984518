import type { Ladder, Lever } from '@costkit/core';
import { createCallHistory } from './call-history.js';
import type { Surroundings } from './choose-tier.js';
import type { CompiledOptions } from './compile-options.js';
import { createConversationAuthors } from './conversation-authors.js';
import { createRefusals } from './refusals.js';
import { routeLadder } from './route-ladder.js';
import { routerLever } from './router-lever.js';

/** What chooses models, and what it has learned. */
export interface Routing {
  readonly lever: Lever;
  readonly ladder: Ladder;
}

/** Makes what chooses models, for options that were checked when the router was built. */
export function createRouting(options: CompiledOptions): Routing {
  const surroundings: Surroundings = {
    allowedScopes: options.allowedScopes,
    authors: createConversationAuthors(),
    history: createCallHistory(),
    profiles: options.profiles,
    refusals: createRefusals(),
  };
  return { lever: routerLever(options, surroundings), ladder: routeLadder(options, surroundings) };
}
