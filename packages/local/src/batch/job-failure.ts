/** Ends a job as Failed; the message becomes the job's. */
export class JobFailure extends Error {
  override readonly name: string = 'JobFailure';
}
