import type { RequestView } from '@costkit/core';
import type { DraftPrices } from './cascade-economics.js';
import type { ChosenTier } from './choose-tier.js';

/** What the router does with one request. Reasons are sentences. */
export type RoutePlan =
  | {
      readonly kind: 'stay';
      readonly reason: string;
      /**
       * Set where the conversation holds signed reasoning: which tier may have written it, should the model asked
       * for refuse it. Another process may have moved the turn before.
       */
      readonly likelyAuthor?: () => ChosenTier | undefined;
    }
  | {
      readonly kind: 'route';
      readonly chosen: ChosenTier;
      readonly reason: string;
      /** Tokens of the model asked for per token of the chosen one, where an evaluation measured it. */
      readonly tokenRatio: number | undefined;
      /** The task whose policy entry moved the request down; `undefined`: something else did. */
      readonly task: string | undefined;
    }
  | {
      readonly kind: 'cascade';
      readonly draft: ChosenTier;
      /** The request for the escalation. */
      readonly strong: RequestView;
      /** What the call is about, by tag, system prompt or shape; empty: unknown. */
      readonly task: string;
      /** What the calls are expected to cost; `undefined`: a rate is unknown. */
      readonly prices: DraftPrices | undefined;
      readonly reason: string;
    };

/** The plan to leave a request where it is. */
export type StayPlan = Extract<RoutePlan, { kind: 'stay' }>;

/** The plan to leave a request where it is, for a reason. */
export const stay = (reason: string): StayPlan => ({ kind: 'stay', reason });

/** The tier and what is called; of a profile also the model, because its ARN says nothing to people. */
export const modelText = ({ tier, modelId, view }: ChosenTier): string =>
  `tier "${tier.name}" (${view.modelId === modelId ? modelId : `${modelId} through ${view.modelId}`})`;
