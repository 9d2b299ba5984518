import type { Ladder, Lever } from '@costkit/core';
import { createCallHistory } from './call-history.js';
import { createCascadeEconomics } from './cascade-economics.js';
import type { Surroundings } from './choose-tier.js';
import type { CompiledOptions } from './compile-options.js';
import { createConversationAuthors } from './conversation-authors.js';
import { type CurrentPolicy, createCurrentPolicy } from './current-policy.js';
import { createHealth } from './health.js';
import { namesShapes, taskRecogniser } from './recognise-task.js';
import { createRefusals } from './refusals.js';
import { createRollbacks } from './rollbacks.js';
import { routeLadder } from './route-ladder.js';
import { routerLever } from './router-lever.js';

/** What chooses models, and what it has learned. */
export interface Routing {
  readonly lever: Lever;
  readonly ladder: Ladder;
}

/** What a router knows before its first call. */
export function createSurroundings(options: CompiledOptions, policies: CurrentPolicy): Surroundings {
  const { policy, policySource, cascade, learned, systemPrompts } = options;
  // Shapes are read where something may depend on them.
  const readsShapes =
    policySource !== undefined || cascade !== undefined || namesShapes(policy?.tasks.keys() ?? []);
  const recognise = taskRecogniser(systemPrompts, readsShapes);
  return {
    allowedScopes: options.allowedScopes,
    authors: createConversationAuthors(learned !== undefined),
    economics: createCascadeEconomics(cascade?.escalationShare),
    health: createHealth(),
    history: createCallHistory(recognise),
    policy: policies.current,
    profiles: options.profiles,
    recognise,
    refusals: createRefusals(),
    rollbacks: createRollbacks(),
  };
}

/** Who is told of something while calls run can fail none of them. */
const quietly =
  ({ warn }: CompiledOptions): CompiledOptions['warn'] =>
  (warning) => {
    try {
      warn(warning);
    } catch {
      // It was told.
    }
  };

/** Makes what chooses models, for options that were checked when the router was built. */
export function createRouting(given: CompiledOptions): Routing {
  const options: CompiledOptions = { ...given, warn: quietly(given) };
  const policies = createCurrentPolicy(options);
  const surroundings = createSurroundings(options, policies);
  return {
    lever: routerLever(options, surroundings, policies),
    ladder: routeLadder(options, surroundings),
  };
}
