import type { Database } from './database.js';
import { IS_SINGLE } from './sources/calls-table.js';
import type { MisdatedCalls } from './sources/drop-misdated.js';
import { accountsBeside } from './sources/logged-accounts.js';

/** What the notes are about, besides the calls. */
interface NotedFacts {
  /** Days that the logs cover. */
  readonly days: number;
  /** Calls without a price. */
  readonly unpriced: number;
  /** Calls of metrics that a log or ledger has, too. */
  readonly coveredCalls: number;
  readonly misdated: MisdatedCalls;
  /** Files of gzip without their end. */
  readonly cutOffFiles: readonly string[];
}

const MOST_FILES = 5;

const someOf = (names: readonly string[]): string =>
  names.length > MOST_FILES
    ? `${names.slice(0, MOST_FILES).join(', ')} and ${names.length - MOST_FILES} more`
    : names.join(', ');

/** What is in no figure, although a source had it. */
function missingNotes({ misdated, cutOffFiles }: NotedFacts): readonly string[] {
  const { calls, days, requestIds } = misdated;
  return [
    ...(cutOffFiles.length === 0
      ? []
      : [
          `${cutOffFiles.length} gzip files end too early; nobody knows how many records they have lost: ${someOf(cutOffFiles)}. Copy them anew.`,
        ]),
    ...(calls === 0
      ? []
      : [
          `Left out: calls that lie more than a year from all others, ${calls} of ${days.join(' to ')}. A clock was wrong${requestIds.length === 0 ? '' : `: ${requestIds.join(', ')}${calls > requestIds.length ? ', …' : ''}`}.`,
        ]),
  ];
}

async function unpricedNotes(database: Database): Promise<readonly string[]> {
  const rows = await database.all<{ model_id: string; is_counted: boolean; calls: bigint }>(
    `SELECT model_id, is_counted, sum(call_count)::HUGEINT AS calls FROM priced WHERE cost IS NULL GROUP BY ALL
     ORDER BY calls DESC, model_id`,
  );
  return [true, false].flatMap((isCounted) => {
    const found = rows.filter(({ is_counted }) => is_counted === isCounted);
    if (found.length === 0) return [];
    const calls = found.reduce((sum, row) => sum + row.calls, 0n);
    const models = found.slice(0, 5).map(({ model_id }) => model_id);
    return [
      isCounted
        ? `${calls} calls have no price and are in no amount: ${models.join(', ')}. The option models names what stands behind an ARN.`
        : `${calls} calls are in no amount, because what they read or wrote was not counted: ${models.join(', ')}.`,
    ];
  });
}

async function manyInOneNotes(database: Database, coveredCalls: number): Promise<readonly string[]> {
  const rows = await database.all<{ source: string; calls: bigint }>(
    `SELECT source, sum(call_count)::HUGEINT AS calls FROM priced WHERE NOT (${IS_SINGLE}) GROUP BY source`,
  );
  const callsOf = (source: string): number => Number(rows.find((row) => row.source === source)?.calls ?? 0);
  const [calls, aggregated] = [callsOf('metrics'), callsOf('aggregates')];
  return [
    ...(calls === 0
      ? []
      : [
          `${calls} calls are known from CloudWatch metrics alone, by hour, model and tier: who made them, for which task, with which prompts and how fast is unknown, and so is what repeats itself, could be cached, capped or retrieved, can wait, or needs a smaller model. Their cache writes are priced as those of 5 minutes, and their prompts by the average length of the hour. Invocation logging shows the rest.`,
        ]),
    ...(aggregated === 0
      ? []
      : [
          `${aggregated} calls come from Athena by the hour, not one by one: what prompts, answers and requests show is not looked for in them.`,
        ]),
    ...(coveredCalls === 0
      ? []
      : [`${coveredCalls} calls of the metrics are in a log or ledger, too, and count there.`]),
  ];
}

/** What the reader must know of the figures. */
export async function notesOf(database: Database, facts: NotedFacts): Promise<readonly string[]> {
  const { days, unpriced, coveredCalls } = facts;
  const beside = await accountsBeside(database);
  return [
    'Costs are the logged tokens at published prices: private pricing, credits and taxes are not in them.',
    'A recommendation is an estimate until it is measured. Savings of several levers in one task multiply, and are counted once.',
    ...(days < 7 ? ['The logs cover less than a week: a month that looks like them may not come.'] : []),
    ...missingNotes(facts),
    ...(unpriced > 0 ? await unpricedNotes(database) : []),
    ...(beside > 0
      ? [`The bill has ${beside} accounts more than the calls: their lines are compared with nothing.`]
      : []),
    ...(await manyInOneNotes(database, coveredCalls)),
  ];
}
