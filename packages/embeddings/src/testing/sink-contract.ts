import { strict as assert } from 'node:assert';
import { spaceKey } from '../embedding-space.js';
import type { SinkEntry, SinkRecord, VectorSink } from '../types.js';
import type { ContractCase } from './contract-case.js';

/** What the suite needs to know of a sink. */
export interface SinkContractOptions {
  /** Opens a sink that holds nothing. */
  readonly open: () => VectorSink | Promise<VectorSink>;
  /** Whether it can hold vectors of several lengths beside each other. @defaultValue `true` */
  readonly mixedDimensions?: boolean;
}

const SPACE = spaceKey({ model: 'test.model', dimensions: 4 });

function aRecord(id: string, vector: readonly number[], more: Partial<SinkRecord> = {}): SinkRecord {
  return {
    id,
    space: SPACE,
    document: `${id}.md`,
    position: 0,
    start: 0,
    hash: `hash of ${id}`,
    revision: 'first',
    text: `Text of ${id}: “quoted”, 漢字, 🙂`,
    vector: Float32Array.from(vector),
    ...more,
  };
}

const [NORTH, EAST, BETWEEN] = [
  [1, 0, 0, 0],
  [0, 1, 0, 0],
  [0.8, 0.6, 0, 0],
] as const;

async function entriesOf(sink: VectorSink): Promise<SinkEntry[]> {
  const entries: SinkEntry[] = [];
  for await (const { id, space, hash, revision } of sink.list()) entries.push({ id, space, hash, revision });
  return entries.sort((one, other) => (one.id < other.id ? -1 : 1));
}

const idsOf = (entries: readonly Pick<SinkEntry, 'id'>[]): string[] => entries.map(({ id }) => id);

const CASES: Readonly<Record<string, (sink: VectorSink) => Promise<void>>> = {
  'begins empty, and can be opened again': async (sink) => {
    await sink.open({ model: 'test.model', dimensions: 4 });
    assert.deepEqual(await entriesOf(sink), []);
    assert.deepEqual(await sink.query(Float32Array.from(NORTH), { space: SPACE, limit: 3 }), []);
  },
  'lists what was written': async (sink) => {
    await sink.upsert([aRecord('a', NORTH), aRecord('b', EAST)]);
    assert.deepEqual(await entriesOf(sink), [
      { id: 'a', space: SPACE, hash: 'hash of a', revision: 'first' },
      { id: 'b', space: SPACE, hash: 'hash of b', revision: 'first' },
    ]);
  },
  'replaces a record of the same id': async (sink) => {
    await sink.upsert([aRecord('a', NORTH)]);
    await sink.upsert([aRecord('a', NORTH, { position: 7, start: 90, revision: 'second' })]);
    assert.deepEqual(idsOf(await entriesOf(sink)), ['a']);
    const [match] = await sink.query(Float32Array.from(NORTH), { space: SPACE, limit: 5 });
    assert.deepEqual([match?.position, match?.start], [7, 90]);
    assert.equal((await entriesOf(sink))[0]?.revision, 'second');
  },
  'finds the nearest first, with text, place and metadata': async (sink) => {
    const metadata = { chapter: 3, draft: false, title: 'Über “alles”' };
    await sink.upsert([
      aRecord('a', NORTH, { metadata, start: 5, position: 2 }),
      aRecord('b', EAST),
      aRecord('c', BETWEEN),
    ]);
    const found = await sink.query(Float32Array.from(NORTH), { space: SPACE, limit: 2 });
    assert.deepEqual(idsOf(found), ['a', 'c']);
    const [{ score, ...match } = { score: 0 }, second] = found;
    const {
      vector: _,
      revision: __,
      space: ___,
      ...whole
    } = aRecord('a', NORTH, { metadata, start: 5, position: 2 });
    assert.deepEqual(match, whole);
    assert.ok(
      Math.abs(score - 1) < 1e-3 && Math.abs((second?.score ?? 0) - 0.8) < 1e-3,
      'scores are cosines',
    );
  },
  'finds every record that shares a vector': async (sink) => {
    const shared = { hash: 'shared' };
    await sink.upsert([aRecord('a', NORTH, shared), aRecord('b', NORTH, shared), aRecord('c', EAST)]);
    const found = await sink.query(Float32Array.from(NORTH), { space: SPACE, limit: 2 });
    assert.deepEqual(idsOf(found).sort(), ['a', 'b']);
  },
  'deletes what is named, and takes names that are not there': async (sink) => {
    await sink.upsert([aRecord('a', NORTH), aRecord('b', EAST)]);
    await sink.delete(['a', 'never there']);
    await sink.delete(['a']);
    assert.deepEqual(idsOf(await entriesOf(sink)), ['b']);
    assert.deepEqual(idsOf(await sink.query(Float32Array.from(NORTH), { space: SPACE, limit: 5 })), ['b']);
  },
  'takes nothing to write and nothing to delete': async (sink) => {
    await sink.upsert([]);
    await sink.delete([]);
    assert.deepEqual(await entriesOf(sink), []);
  },
  'compares within a space only': async (sink) => {
    await sink.upsert([aRecord('a', NORTH), aRecord('b', NORTH, { space: 'other.model/4' })]);
    const found = await sink.query(Float32Array.from(NORTH), { space: 'other.model/4', limit: 5 });
    assert.deepEqual(idsOf(found), ['b']);
    assert.deepEqual(idsOf(await entriesOf(sink)), ['a', 'b']);
  },
  'lists more records than a page holds': async (sink) => {
    const records = Array.from({ length: 620 }, (_, index) =>
      aRecord(`r${String(index).padStart(4, '0')}`, [1, index / 620, 0, 0]),
    );
    for (let from = 0; from < records.length; from += 100) await sink.upsert(records.slice(from, from + 100));
    assert.deepEqual(idsOf(await entriesOf(sink)), idsOf(records));
  },
};

/**
 * What every sink does, ours or yours.
 *
 * @example
 * ```ts
 * describe('mySink', () => {
 *   it.each(sinkContract({ open: () => mySink() }))('$name', ({ run }) => run());
 * });
 * ```
 */
export function sinkContract({ open, mixedDimensions = true }: SinkContractOptions): readonly ContractCase[] {
  const run = (work: (sink: VectorSink) => Promise<void>) => async (): Promise<void> => {
    const sink = await open();
    await sink.open({ model: 'test.model', dimensions: 4 });
    await work(sink);
  };
  const cases = Object.entries(CASES).map(([name, work]) => ({ name, run: run(work) }));
  if (!mixedDimensions) return cases;
  const twoLengths = async (sink: VectorSink): Promise<void> => {
    const longer = spaceKey({ model: 'test.model', dimensions: 5 });
    await sink.open({ model: 'test.model', dimensions: 5 });
    await sink.upsert([aRecord('a', NORTH), aRecord('b', [...EAST, 1], { space: longer })]);
    const found = await sink.query(Float32Array.from([...EAST, 1]), { space: longer, limit: 5 });
    assert.deepEqual(idsOf(found), ['b']);
  };
  return [...cases, { name: 'holds vectors of two lengths', run: run(twoLengths) }];
}
