import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type OwnedRecord, ownedLine, type RefusedRecord, refusedLine } from '../src/owners.js';
import { wireId } from '../src/record-id.js';
import { ownersOf } from '../src/shard-owners.js';

const reason = fc.record({ errorCode: fc.string(), errorMessage: fc.string() });
const name = fc.option(fc.string({ unit: 'binary' }), { nil: undefined });
/** Records at their places in the source: some go into the input file, some are refused. */
const places = fc.uniqueArray(
  fc.record({
    ordinal: fc.nat(36 ** 5),
    recordId: name,
    hash: fc.stringMatching(/^[0-9a-f]{12}$/),
    reason: fc.option(reason, { nil: undefined }),
    isRefused: fc.boolean(),
  }),
  { selector: ({ ordinal }) => ordinal },
);

describe('ownersOf', () => {
  it('says of every record whose it is, once', () => {
    fc.assert(
      fc.property(places, fc.infiniteStream(fc.boolean()), (all, draws) => {
        const records: OwnedRecord[] = [];
        const refused: RefusedRecord[] = [];
        const lines = all.map(({ ordinal, recordId, hash, reason: why, isRefused }) => {
          if (isRefused) {
            const record = { ordinal, recordId, ...(why ?? { errorCode: 'X', errorMessage: '' }) };
            refused.push(record);
            return refusedLine(record);
          }
          const record = { id: wireId(ordinal, hash), owner: { ordinal, recordId }, reason: why };
          records.push(record);
          return ownedLine(record);
        });
        const owners = ownersOf(Buffer.from(lines.join('')));
        expect(owners.refused).toEqual(refused);
        const left = records.filter((record) => {
          const isTaken = draws.next().value === true;
          expect(owners.get(record.id)).toEqual(record);
          if (isTaken) expect(owners.take(record.id)).toEqual(record);
          expect(owners.take(`${record.id}0`)).toBeUndefined();
          if (isTaken) expect(owners.take(record.id)).toBeUndefined();
          return !isTaken;
        });
        expect([...owners.left()]).toEqual(left);
      }),
    );
  });

  it.each(['', 'mail-1', 'zzzzzzzz', '[0'])('knows no record by the id "%s"', (id) => {
    expect(
      ownersOf(
        Buffer.from(
          ownedLine({ id: wireId(7, 'ab'), owner: { ordinal: 7, recordId: 'a' }, reason: undefined }),
        ),
      ).get(id),
    ).toBeUndefined();
  });
});
