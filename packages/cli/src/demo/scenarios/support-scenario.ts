import type { Scenario } from '../scenario.js';
import { answerCustomer, enrichReview } from './support-assistant.js';
import type { Assumptions } from './support-assumptions.js';
import { DEMO_MODELS, demoModels, topicAnswer } from './support-models.js';
import { SUPPORT_START_MS, SUPPORT_STEPS } from './support-steps.js';
import { drawsFrom } from './workload/draw.js';
import { REVIEW_DOCUMENTS, type ReviewDocument } from './workload/nightly-documents.js';
import { SUPPORT_QUESTIONS, type SupportQuestion } from './workload/support-questions.js';

/** What the support assistant has to do. */
interface SupportWorkload {
  /** By day, one after another. */
  readonly questions: readonly SupportQuestion[];
  /** By night, all at once. */
  readonly documents: readonly ReviewDocument[];
}

const WHOLE_DAY: SupportWorkload = { questions: SUPPORT_QUESTIONS, documents: REVIEW_DOCUMENTS };

/** The support assistant: 200 customers by day, 300 reviews by night. */
export function supportScenario(
  assumptions: Assumptions,
  { questions, documents }: SupportWorkload = WHOLE_DAY,
): Scenario {
  return {
    startMs: SUPPORT_START_MS,
    bedrock: {
      models: demoModels(assumptions),
      seed: assumptions.seed,
      implicitCacheHitRate: assumptions.implicitCacheHitRate,
    },
    waitingFeature: 'nightly',
    steps: SUPPORT_STEPS,
    run: async ({ client, clock, atOnce }) => {
      const draw = drawsFrom(1);
      let right = 0;
      for (const question of questions) {
        // Poisson arrivals: exponential gaps.
        await clock.advance(Math.round(-Math.log(1 - draw()) * assumptions.secondsBetweenQuestions * 1_000));
        const answer = await answerCustomer(client, DEMO_MODELS.frontier, question);
        if (answer.includes(question.answer)) right += 1;
      }
      // All reviews at once: the application does not wait for one before it sends the next.
      const texts = await atOnce(
        documents.map((document) => () => enrichReview(client, DEMO_MODELS.frontier, document)),
      );
      const bulk = {
        right: documents.filter(({ topic }, index) => texts[index]?.includes(topicAnswer(topic))).length,
        of: documents.length,
      };
      return { right, of: questions.length, bulk };
    },
  };
}
