/**
 * Checks for the drafts of a cascade: by schema, by a learned scorer, by asking a model.
 * @module
 */
export {
  judgeCheck,
  type SecondModelCheckOptions,
  secondModelCheck,
  selfCheck,
} from './checks/model-checks.js';
export { schemaCheck } from './checks/schema-check.js';
export { type ScorerCheckOptions, scorerCheck } from './checks/scorer-check.js';
