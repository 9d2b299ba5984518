import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { BudgetAccount } from '../budget.js';
import type { BudgetEntry } from '../budget-store.js';
import type { DynamoDbTable, Item, Update } from './dynamodb-table.js';

/** What one account's item says. */
export interface AccountFigures {
  /** Spent and held. */
  readonly committedPicoUsd: bigint;
  readonly heldPicoUsd: bigint;
}

/** What becomes of a reservation in one account. */
type AccountOutcome =
  | { readonly granted: true; readonly figures: AccountFigures | undefined }
  | { readonly granted: false; readonly figures: AccountFigures };

/** What became of a booking in one account. */
interface AccountBooking {
  readonly figures: AccountFigures | undefined;
  /** The item has many marks that can go. */
  readonly untidy: boolean;
}

/** What an item's attributes are called, besides its key, one for every entry, and one for every process that books. */
const COMMITTED = 'committed';
const HELD = 'held';
const EXPIRES_AT = 'expiresAt';
/** An entry that is held: amount, and when it ends. */
const HELD_ENTRY = 'held:';
/** An entry that has ended unsettled: amount, and when it is forgotten. */
const ENDED_ENTRY = 'ended:';
/** The mark of what a process booked last: marks grow, and are about the milliseconds at which it was. */
const BOOKED_MARK = 'booked:';

/** So long the answer to a booking may be lost before it is booked again. */
const REMEMBER_MARK_MS = 86_400_000;
/** Marks of other processes than the last so many are remembered for less time: each makes every update larger. */
const MOST_MARKS = 100;
const REMEMBER_CROWDED_MARK_MS = 60_000;
/** Marks that are worth a request of their own to forget. */
const WORTH_TIDYING = 25;
const REMEMBER_ENDED_MS = 7 * 86_400_000;
/** Attributes that one update removes; an expression may hold 4 kB. */
const FORGOTTEN_AT_ONCE = 50;
/** Largest number of pico-dollars that DynamoDB is asked to compare with; it counts 38 digits. */
const MOST_PICO_USD = 10n ** 37n;

/** The item of one account, in updates that are atomic each. */
export interface AccountItem {
  reserve(entry: BudgetEntry, nowMs: number): Promise<AccountOutcome>;
  settle(entry: BudgetEntry, spentPicoUsd: bigint): Promise<AccountFigures | undefined>;
  /** Adds an amount, unless the item has this mark of the process or a larger one. */
  book(picoUsd: bigint, mark: number, nowMs: number): Promise<AccountBooking>;
  /** Ends what was held too long, and forgets what was remembered long enough. */
  tidy(nowMs: number): Promise<AccountFigures>;
}

/** How accounts are written. */
export interface AccountItemOptions {
  readonly table: DynamoDbTable;
  readonly key: Item;
  /** Names this process. */
  readonly writer: string;
  readonly leaseMs: number;
  readonly graceMs: number;
}

function figuresOf(item: Item): AccountFigures {
  return {
    committedPicoUsd: BigInt(item[COMMITTED]?.N ?? '0'),
    heldPicoUsd: BigInt(item[HELD]?.N ?? '0'),
  };
}

/** Marks that can go, and what each was when it was seen. */
function oldMarksOf(item: Item, nowMs: number): [string, AttributeValue][] {
  const ageMs = ([, { N: mark = '0' }]: [string, AttributeValue]): number => nowMs - Number(mark);
  return Object.entries(item)
    .filter(([name]) => name.startsWith(BOOKED_MARK))
    .sort((one, other) => ageMs(one) - ageMs(other))
    .filter(
      (mark, place) => ageMs(mark) >= (place < MOST_MARKS ? REMEMBER_MARK_MS : REMEMBER_CROWDED_MARK_MS),
    );
}

export function accountItem(
  { action, limitPicoUsd, endsAt }: BudgetAccount,
  { table, key, writer, leaseMs, graceMs }: AccountItemOptions,
): AccountItem {
  const expires = Number.isFinite(endsAt) ? Math.ceil((endsAt + leaseMs + graceMs) / 1_000) : undefined;

  /** Adds amounts, and sets or removes an entry, where a condition holds. */
  const change = (
    condition: string,
    names: Readonly<Record<string, string>>,
    amounts: { readonly committed: bigint; readonly held: bigint },
    entry: { readonly set?: string; readonly remove?: string; readonly value?: AttributeValue },
    values: Item = {},
    returned: 'UPDATED_NEW' | 'ALL_NEW' = 'UPDATED_NEW',
  ): Promise<Update> => {
    const { set, remove, value } = entry;
    const sets = [
      ...(set === undefined ? [] : [`${set} = :entry`]),
      ...(expires === undefined ? [] : ['#expires = :expires']),
    ];
    const { committed, held } = amounts;
    return table.update({
      Key: key,
      UpdateExpression: [
        ...(sets.length === 0 ? [] : [`SET ${sets.join(', ')}`]),
        ...(remove === undefined ? [] : [`REMOVE ${remove}`]),
        'ADD #committed :committed, #held :held',
      ].join(' '),
      ConditionExpression: condition,
      ReturnValues: returned,
      ExpressionAttributeNames: {
        '#committed': COMMITTED,
        '#held': HELD,
        ...(expires === undefined ? {} : { '#expires': EXPIRES_AT }),
        ...names,
      },
      ExpressionAttributeValues: {
        ':committed': { N: `${committed}` },
        ':held': { N: `${held}` },
        ...(expires === undefined ? {} : { ':expires': { N: `${expires}` } }),
        ...(value === undefined ? {} : { ':entry': value }),
        ...values,
      },
    });
  };

  return {
    reserve: async ({ id, picoUsd }, nowMs) => {
      const room = limitPicoUsd - picoUsd;
      const unknown = 'attribute_not_exists(#entry) AND attribute_not_exists(#ended)';
      // An account that does not exist yet has spent nothing: there is room for what the limit holds.
      const empty = room >= 0n ? 'attribute_not_exists(#committed) OR ' : '';
      const free = action === 'alert';
      const update = await change(
        free ? unknown : `${unknown} AND (${empty}#committed <= :room)`,
        { '#entry': `${HELD_ENTRY}${id}`, '#ended': `${ENDED_ENTRY}${id}` },
        { committed: picoUsd, held: picoUsd },
        { set: '#entry', value: { S: `${picoUsd} ${nowMs + leaseMs}` } },
        free ? {} : { ':room': { N: `${room > MOST_PICO_USD ? MOST_PICO_USD : room}` } },
      );
      if (update.done) return { granted: true, figures: figuresOf(update.values) };
      const item = update.item ?? (await table.get(key));
      const known = item[`${HELD_ENTRY}${id}`] ?? item[`${ENDED_ENTRY}${id}`];
      return { granted: known !== undefined, figures: figuresOf(item) };
    },
    settle: async ({ id, picoUsd }, spentPicoUsd) => {
      const committed = spentPicoUsd - picoUsd;
      const settleAs = (name: string, held: bigint): Promise<Update> =>
        change(
          'attribute_exists(#entry)',
          { '#entry': `${name}${id}` },
          { committed, held },
          { remove: '#entry' },
        );
      const inTime = await settleAs(HELD_ENTRY, -picoUsd);
      if (inTime.done) return figuresOf(inTime.values);
      // Adding nothing to what is held brings its value back.
      const late = await settleAs(ENDED_ENTRY, 0n);
      return late.done ? figuresOf(late.values) : undefined;
    },
    book: async (picoUsd, mark, nowMs) => {
      const update = await change(
        'attribute_not_exists(#mark) OR #mark < :entry',
        { '#mark': `${BOOKED_MARK}${writer}` },
        { committed: picoUsd, held: 0n },
        { set: '#mark', value: { N: `${mark}` } },
        {},
        'ALL_NEW',
      );
      if (!update.done) return { figures: undefined, untidy: false };
      return {
        figures: figuresOf(update.values),
        untidy: oldMarksOf(update.values, nowMs).length >= WORTH_TIDYING,
      };
    },
    tidy: async (nowMs) => {
      const item = await table.get(key);
      const forgotten = oldMarksOf(item, nowMs);
      let ended = 0n;
      for (const [name, value] of Object.entries(item)) {
        if (value.S === undefined) continue;
        const [amount = '', untilMs = amount] = value.S.split(' ');
        if (Number(untilMs) > nowMs) continue;
        if (name.startsWith(ENDED_ENTRY)) forgotten.push([name, value]);
        if (!name.startsWith(HELD_ENTRY)) continue;
        const update = await change(
          'attribute_exists(#entry)',
          { '#entry': name, '#ended': name.replace(HELD_ENTRY, ENDED_ENTRY) },
          { committed: 0n, held: -BigInt(amount) },
          { set: '#ended', remove: '#entry', value: { S: `${amount} ${nowMs + REMEMBER_ENDED_MS}` } },
        );
        if (update.done) ended += BigInt(amount);
      }
      for (let index = 0; index < forgotten.length; index += FORGOTTEN_AT_ONCE) {
        const some = forgotten.slice(index, index + FORGOTTEN_AT_ONCE);
        // What has changed since it was seen is in use: then these stay until the next time.
        await table.update({
          Key: key,
          UpdateExpression: `REMOVE ${some.map((_, place) => `#n${place}`).join(', ')}`,
          ConditionExpression: some.map((_, place) => `#n${place} = :v${place}`).join(' AND '),
          ExpressionAttributeNames: Object.fromEntries(some.map(([name], place) => [`#n${place}`, name])),
          ExpressionAttributeValues: Object.fromEntries(
            some.map(([, value], place) => [`:v${place}`, value]),
          ),
        });
      }
      const { committedPicoUsd, heldPicoUsd } = figuresOf(item);
      return { committedPicoUsd, heldPicoUsd: heldPicoUsd - ended };
    },
  };
}
