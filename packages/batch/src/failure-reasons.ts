import type { FailureReason } from './owners.js';
import { type JobEnd, STOPPED_FOR_DEADLINE } from './wait-for-job.js';

/**
 * What is worth another job, and what is not. By a record's own error code, or by how the job ended without it. What
 * stands in neither is not repeated: it may have been paid.
 */
const REASONS: Readonly<Record<string, 'again' | 'final'>> = {
  // A record's own codes (HTTP statuses; Bedrock user guide, batch inference results).
  '400': 'final',
  '401': 'final',
  '403': 'final',
  '404': 'final',
  '408': 'again',
  '413': 'final',
  '424': 'again',
  '429': 'again',
  '500': 'again',
  '502': 'again',
  '503': 'again',
  '504': 'again',
  // Of a job: its records were not processed, or only in part.
  Expired: 'again',
  Failed: 'again',
  PartiallyCompleted: 'again',
  Deadline: 'again',
  // Somebody wanted it so.
  Stopped: 'final',
  // Left out by a job that says it has answered all: it may have been paid.
  Completed: 'final',
};

/** The end of what no job answers. */
export const NOT_SENT = 'NotSent';

/** Whether a record that failed for this reason is worth another attempt. */
export const isWorthRetrying = ({ errorCode }: FailureReason): boolean => REASONS[errorCode] === 'again';

/** Why a record has no answer after its job has ended. */
export function reasonOfEnd({ status, message }: JobEnd): FailureReason {
  if (message === STOPPED_FOR_DEADLINE) {
    return { errorCode: 'Deadline', errorMessage: 'The job was stopped because the deadline was near.' };
  }
  if (status === NOT_SENT) {
    return { errorCode: status, errorMessage: 'It is to be sent one by one. Give "onDemand" for that.' };
  }
  return { errorCode: status, errorMessage: `The job ended as ${status} without an answer to this record.` };
}
