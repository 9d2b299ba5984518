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

/** What an item's attributes are called, besides its key and one attribute for every entry. */
const COMMITTED = 'committed';
const HELD = 'held';
const EXPIRES_AT = 'expiresAt';
/** An entry that is held: amount, and when it ends. */
const HELD_ENTRY = 'held:';
/** An entry that has ended unsettled: amount, and when it is forgotten. */
const ENDED_ENTRY = 'ended:';
/** A booking: when it is forgotten. */
const BOOKED_ENTRY = 'booked:';

const REMEMBER_BOOKED_MS = 60_000;
const REMEMBER_ENDED_MS = 7 * 86_400_000;
/** Attributes that one update removes; an expression may hold 4 kB. */
const FORGOTTEN_AT_ONCE = 50;
/** Largest number of pico-dollars that DynamoDB is asked to compare with; it counts 38 digits. */
const MOST_PICO_USD = 10n ** 37n;

/** The item of one account, in updates that are atomic each. */
export interface AccountItem {
  reserve(entry: BudgetEntry, nowMs: number): Promise<AccountOutcome>;
  settle(entry: BudgetEntry, spentPicoUsd: bigint): Promise<AccountFigures | undefined>;
  book(entry: BudgetEntry, nowMs: number): Promise<AccountFigures | undefined>;
  /** Ends what was held too long, and forgets what was remembered long enough. */
  tidy(nowMs: number): Promise<AccountFigures>;
}

/** How accounts are written. */
export interface AccountItemOptions {
  readonly table: DynamoDbTable;
  readonly key: Item;
  readonly leaseMs: number;
  readonly graceMs: number;
}

function figuresOf(item: Item): AccountFigures {
  return {
    committedPicoUsd: BigInt(item[COMMITTED]?.N ?? '0'),
    heldPicoUsd: BigInt(item[HELD]?.N ?? '0'),
  };
}

export function accountItem(
  { action, limitPicoUsd, endsAt }: BudgetAccount,
  { table, key, leaseMs, graceMs }: AccountItemOptions,
): AccountItem {
  const expires = Number.isFinite(endsAt) ? Math.ceil((endsAt + leaseMs + graceMs) / 1_000) : undefined;

  /** Adds amounts, and sets or removes an entry, where a condition holds. */
  const change = (
    condition: string,
    names: Readonly<Record<string, string>>,
    amounts: { readonly committed: bigint; readonly held: bigint },
    entry: { readonly set?: string; readonly remove?: string; readonly value?: string },
    values: Item = {},
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
        ...(value === undefined ? {} : { ':entry': { S: value } }),
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
        { set: '#entry', value: `${picoUsd} ${nowMs + leaseMs}` },
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
    book: async ({ id, picoUsd }, nowMs) => {
      const update = await change(
        'attribute_not_exists(#entry)',
        { '#entry': `${BOOKED_ENTRY}${id}` },
        { committed: picoUsd, held: 0n },
        { set: '#entry', value: `${nowMs + REMEMBER_BOOKED_MS}` },
      );
      return update.done ? figuresOf(update.values) : undefined;
    },
    tidy: async (nowMs) => {
      const item = await table.get(key);
      const forgotten: string[] = [];
      let ended = 0n;
      for (const [name, { S: state = '' }] of Object.entries(item)) {
        const [amount = '', untilMs = amount] = state.split(' ');
        if (Number(untilMs) > nowMs) continue;
        if (name.startsWith(BOOKED_ENTRY) || name.startsWith(ENDED_ENTRY)) forgotten.push(name);
        if (!name.startsWith(HELD_ENTRY)) continue;
        const update = await change(
          'attribute_exists(#entry)',
          { '#entry': name, '#ended': name.replace(HELD_ENTRY, ENDED_ENTRY) },
          { committed: 0n, held: -BigInt(amount) },
          { set: '#ended', remove: '#entry', value: `${amount} ${nowMs + REMEMBER_ENDED_MS}` },
        );
        if (update.done) ended += BigInt(amount);
      }
      for (let index = 0; index < forgotten.length; index += FORGOTTEN_AT_ONCE) {
        const names = forgotten.slice(index, index + FORGOTTEN_AT_ONCE);
        await table.update({
          Key: key,
          UpdateExpression: `REMOVE ${names.map((_, place) => `#n${place}`).join(', ')}`,
          ExpressionAttributeNames: Object.fromEntries(names.map((name, place) => [`#n${place}`, name])),
        });
      }
      const { committedPicoUsd, heldPicoUsd } = figuresOf(item);
      return { committedPicoUsd, heldPicoUsd: heldPicoUsd - ended };
    },
  };
}
