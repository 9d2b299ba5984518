import { describe, expect, it } from 'vitest';
import { MAX_OPEN_JOBS } from './constants.js';
import type { Job, OpenJob } from './job.js';
import { memoryJournal } from './journal.js';
import { type JobEvent, runJobs } from './run-jobs.js';

/** A service whose jobs have ended before anybody looks; each has one line of output. */
function service(statusOf: (id: string) => string = () => 'Completed') {
  const opened: string[] = [];
  let mostOpen = 0;
  let open = 0;
  const job: Job = {
    model: 'm',
    recordType: 'Converse',
    journal: memoryJournal(),
    onProgress: () => undefined,
    options: {
      bucket: 'bucket',
      roleArn: 'role',
      clock: { now: () => 0, sleep: () => Promise.resolve() },
      bedrock: {
        send: ({ input }: { input: { jobIdentifier: string } }) => {
          open -= 1;
          return Promise.resolve({ status: statusOf(input.jobIdentifier), message: 'a reason.' });
        },
      },
      s3: {
        config: {},
        send: ({ input }: { input: { Prefix?: string; Key?: string } }) =>
          Promise.resolve(
            input.Key === undefined
              ? {
                  Contents: [
                    { Key: `${input.Prefix}x.jsonl.out` },
                    { Key: `${input.Prefix}manifest.json.out` },
                  ],
                }
              : { Body: [`{"recordId":"${input.Key}","modelOutput":{}}\n`] },
          ),
      },
    },
  };
  const openJob = (id: string): Promise<OpenJob> => {
    if (id.startsWith('refused')) return Promise.reject(new Error(id));
    opened.push(id);
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    return Promise.resolve({ jobArn: id, token: id, key: id, records: 1, status: undefined });
  };
  return { job, openJob, opened, mostOpen: () => mostOpen };
}

async function outcome(events: AsyncIterable<JobEvent<string>>) {
  const lines: string[] = [];
  const ends: string[] = [];
  let error: unknown;
  try {
    for await (const event of events) {
      if ('line' in event) lines.push(event.from);
      else ends.push(`${event.from} ${event.ended}`);
    }
  } catch (thrown) {
    error = thrown;
  }
  return { lines, ends, error };
}

describe('runJobs', () => {
  it('opens jobs beside each other, but not more than an account should have', async () => {
    const { job, openJob, opened, mostOpen } = service();
    const ids = Array.from({ length: 50 }, (_, index) => `job${index}`);
    const { lines, ends, error } = await outcome(runJobs(job, ids, openJob));
    expect(error).toBeUndefined();
    expect(opened).toEqual(ids);
    expect(lines).toEqual(ids);
    expect(ends).toHaveLength(50);
    expect(mostOpen()).toBe(MAX_OPEN_JOBS);
  });

  it('hands on the answers of all jobs that were begun before it throws what one met', async () => {
    const { job, openJob } = service((id) => (id === 'two' ? 'Failed' : 'Completed'));
    const { lines, ends, error } = await outcome(runJobs(job, ['one', 'two', 'three'], openJob));
    expect(lines).toEqual(['one', 'two', 'three']);
    expect(ends).toEqual(['one Completed', 'two Failed', 'three Completed']);
    expect(error).toMatchObject({
      code: 'COSTKIT_BATCH_JOB_FAILED',
      message:
        'costkit batch: the job two ended as Failed: a reason. What it had answered was handed on; mend the cause and run the other records again.',
    });
  });

  it('begins no further job once one could not be opened', async () => {
    const { job, openJob, opened } = service();
    const { lines, error } = await outcome(runJobs(job, ['one', 'refused', 'three'], openJob));
    expect(opened).toEqual(['one']);
    expect(lines).toEqual(['one']);
    expect(error).toMatchObject({ message: 'refused' });
  });

  it('writes down how each job ended', async () => {
    const { job, openJob } = service();
    await outcome(runJobs(job, ['one'], openJob));
    expect(await job.journal.entries()).toEqual([{ step: 'ended', token: 'one', status: 'Completed' }]);
  });

  it('does nothing for nothing', async () => {
    const { job, openJob } = service();
    expect(await outcome(runJobs(job, [], openJob))).toEqual({ lines: [], ends: [], error: undefined });
  });
});
