import type { Scenario } from '../scenario.js';
import { answerCustomer, enrichReview } from './support-assistant.js';
import type { Assumptions } from './support-assumptions.js';
import { DEMO_MODELS, demoModels, topicAnswer } from './support-models.js';
import { SUPPORT_STEPS } from './support-steps.js';
import { drawsFrom } from './workload/draw.js';
import { REVIEW_DOCUMENTS } from './workload/nightly-documents.js';
import { SUPPORT_QUESTIONS } from './workload/support-questions.js';

/** Monday morning. */
const START_MS = Date.parse('2026-11-16T09:00:00Z');

/** The support assistant: 200 customers by day, 300 reviews by night. */
export function supportScenario(assumptions: Assumptions): Scenario {
  return {
    startMs: START_MS,
    bedrock: {
      models: demoModels(assumptions),
      seed: assumptions.seed,
      implicitCacheHitRate: assumptions.implicitCacheHitRate,
    },
    waitingFeature: 'nightly',
    steps: SUPPORT_STEPS,
    run: async ({ client, clock, whileTimePasses }) => {
      const draw = drawsFrom(1);
      let right = 0;
      for (const question of SUPPORT_QUESTIONS) {
        // Poisson arrivals: exponential gaps.
        await clock.advance(Math.round(-Math.log(1 - draw()) * assumptions.secondsBetweenQuestions * 1_000));
        const answer = await answerCustomer(client, DEMO_MODELS.frontier, question);
        if (answer.includes(question.answer)) right += 1;
      }
      // All reviews at once: the application does not wait for one before it sends the next.
      const texts = await whileTimePasses(
        Promise.all(REVIEW_DOCUMENTS.map((document) => enrichReview(client, DEMO_MODELS.frontier, document))),
      );
      const bulk = {
        right: REVIEW_DOCUMENTS.filter(({ topic }, index) => texts[index]?.includes(topicAnswer(topic)))
          .length,
        of: REVIEW_DOCUMENTS.length,
      };
      return { right, of: SUPPORT_QUESTIONS.length, bulk };
    },
  };
}
