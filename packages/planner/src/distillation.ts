/**
 * Making a student: the data set from what the teacher has answered, the job, and its deployment. The payback is
 * `distillationPayback` of the main entry; the evaluation is `evaluateTiers` of `@costkit/router`.
 * @module
 */
export { DistillationError, type DistillationErrorCode } from './distillation/distillation-error.js';
export { type DistillationStatus, distillationStatus } from './distillation/distillation-status.js';
export { examplesFromBatch } from './distillation/examples-from-batch.js';
export { examplesFromLines } from './distillation/examples-from-lines.js';
export {
  examplesFromLogs,
  type LeftOut,
  type LogExamplesOptions,
  type LoggedCall,
} from './distillation/examples-from-logs.js';
export { examplesFromSource } from './distillation/examples-from-source.js';
export {
  type DistillationForecast,
  type DistillationForecastOptions,
  forecastDistillation,
} from './distillation/forecast-distillation.js';
export { type RecordExamplesOptions, recordExamples } from './distillation/record-examples.js';
export {
  type DistillationOptions,
  type DistillationProgress,
  type DistilledStudent,
  runDistillation,
} from './distillation/run-distillation.js';
export {
  selectTrainingData,
  type TaskSelection,
  type TrainingData,
  type TrainingDataOptions,
} from './distillation/select-training-data.js';
export type { SendingClient } from './distillation/sending-client.js';
export {
  exampleOf,
  isUnsuitable,
  type TrainingExample,
  type TrainingTurn,
  type Unsuitable,
} from './distillation/training-example.js';
export { exampleLine, type HoldOutCase, holdOutCases, trainingLines } from './distillation/training-files.js';
