import type { Journal, JournalEntry } from './journal.js';

/** A job as far as the journal knows it. */
export interface JournalledJob {
  readonly staged: Extract<JournalEntry, { step: 'staged' }>;
  readonly jobArn: string | undefined;
  readonly status: string | undefined;
}

/** What the journal knows of every job, in the order in which they were staged. */
export async function journalledJobs(journal: Journal): Promise<readonly JournalledJob[]> {
  const jobs = new Map<string, JournalledJob>();
  for (const entry of await journal.entries()) {
    const known = jobs.get(entry.token);
    if (entry.step === 'staged') {
      jobs.set(entry.token, { staged: entry, jobArn: undefined, status: undefined });
    } else if (known !== undefined && entry.step === 'created') {
      jobs.set(entry.token, { ...known, jobArn: entry.jobArn });
    } else if (known !== undefined && entry.step === 'ended') {
      jobs.set(entry.token, { ...known, status: entry.status });
    }
  }
  return [...jobs.values()];
}
