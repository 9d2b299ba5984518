import {
  type CustomizationJob,
  type CustomizationStage,
  hasEnded,
  type StageState,
} from './customization-job.js';

/** The current state of one job. */
export interface CustomizationState {
  readonly job: CustomizationJob;
  /** Moves a stage on. */
  stage(name: CustomizationStage, status: StageState['status'], atMs: number): void;
  /** The user wants it to stop. */
  stopping(atMs: number): void;
  /** Ends the job, once; a stage that was under way ends with it. */
  end(
    status: 'Completed' | 'Failed' | 'Stopped',
    atMs: number,
    result?: Pick<CustomizationJob, 'failureMessage' | 'outputModelArn'>,
  ): void;
}

/** Starts with a job that was just created. */
export function createCustomizationState(created: CustomizationJob): CustomizationState {
  let job = created;
  const withStage = (name: CustomizationStage, status: StageState['status'], atMs: number): void => {
    const { creationTimeMs = atMs } = job.stages[name];
    const state: StageState = { status, creationTimeMs, lastModifiedTimeMs: atMs };
    job = { ...job, lastModifiedTimeMs: atMs, stages: { ...job.stages, [name]: state } };
  };
  return {
    get job() {
      return job;
    },
    stage: withStage,
    stopping: (atMs) => {
      job = { ...job, status: 'Stopping', lastModifiedTimeMs: atMs };
    },
    end: (status, atMs, result = {}) => {
      if (hasEnded(job.status)) return;
      for (const [name, { status: stage }] of Object.entries(job.stages)) {
        if (stage === 'InProgress') withStage(name as CustomizationStage, status, atMs);
      }
      job = { ...job, ...result, status, lastModifiedTimeMs: atMs, endTimeMs: atMs };
    },
  };
}
