import { describe, expect, it } from 'vitest';
import { aCall, aView } from '../tests/a-call.js';
import { writeMetadata } from './metadata-tags.js';
import type { Tags } from './receipt.js';
import { type CoreSettings, DEFAULT_SETTINGS } from './settings.js';
import { viewRequest } from './view-request.js';

async function written(
  tags: Tags,
  settings: Partial<Pick<CoreSettings, 'metadataTags' | 'hashedTags'>>,
  own: Tags = {},
  view = aView(Object.keys(own).length === 0 ? {} : { requestMetadata: own }),
) {
  const call = await aCall(view, { tags });
  const edited = writeMetadata(view, call, { ...DEFAULT_SETTINGS, ...settings });
  return { edited, view, tags: edited.tags, said: call.decisions.map(({ action }) => action) };
}

describe('writeMetadata', () => {
  it('writes only what is allowed, beside the own entries of the request', async () => {
    const { tags, said } = await written(
      { team: 'care', secret: 'x' },
      { metadataTags: ['team'] },
      { app: 'shop' },
    );
    expect(tags).toEqual({ app: 'shop', team: 'care' });
    expect(said).toEqual([]);
  });

  it('leaves the request alone when it has nothing to write', async () => {
    const { edited, view } = await written({ team: 'care' }, { metadataTags: ['tenant'] });
    expect(edited).toBe(view);
  });

  it('never overwrites an entry of the request', async () => {
    const { tags } = await written({ team: 'care' }, { metadataTags: ['team'] }, { team: 'own' });
    expect(tags).toEqual({ team: 'own' });
  });

  it('replaces foreign characters, cuts what is long, and says which', async () => {
    const { tags, said } = await written(
      { team: 'Käse & Brot', long: 'x'.repeat(300), plain: 'a-Z 0.9:_@$#=/+,' },
      { metadataTags: ['team', 'long', 'plain'] },
    );
    expect(tags).toEqual({ team: 'K_se _ Brot', long: 'x'.repeat(256), plain: 'a-Z 0.9:_@$#=/+,' });
    expect(said).toEqual(['shortened metadata tags: team, long']);
  });

  it('replaces white space that headers cannot hold', async () => {
    const { tags } = await written({ team: 'a\u2028b\u00a0c d' }, { metadataTags: ['team'] });
    expect(tags).toEqual({ team: 'a_b_c d' });
  });

  it('takes what is no text for the text of it', async () => {
    const tags = { user: 42, none: null, tenant: 7 } as unknown as Tags;
    const settings = { metadataTags: ['user', 'none', 'tenant'], hashedTags: ['tenant'] };
    const hashed = await written({ tenant: '7' }, settings);
    expect((await written(tags, settings)).tags).toEqual({ user: '42', ...hashed.tags });
  });

  it('hashes, so that equal tenants stay equal and none can be read', async () => {
    const settings = { metadataTags: ['tenant'], hashedTags: ['tenant'] };
    const [one, again, other] = await Promise.all(
      ['acme', 'acme', 'globex'].map((tenant) => written({ tenant }, settings)),
    );
    expect(one?.tags['tenant']).toMatch(/^[0-9a-f]{32}$/);
    expect(again?.tags).toEqual(one?.tags);
    expect(other?.tags).not.toEqual(one?.tags);
  });

  it('fills up to 16 entries, the own ones counted, and names what is left out', async () => {
    const names = Array.from({ length: 18 }, (_, index) => `tag${index}`);
    const { tags, said } = await written(
      Object.fromEntries(names.map((name) => [name, 'x'])),
      { metadataTags: names },
      { app: 'shop' },
    );
    expect(Object.keys(tags)).toHaveLength(16);
    expect(said).toEqual(['left out metadata tags: tag15, tag16, tag17']);
  });

  it('does not drop silently a tag whose name becomes that of another', async () => {
    const { tags, said } = await written({ tä: 'one', tö: 'two' }, { metadataTags: ['tä', 'tö'] });
    expect(tags).toEqual({ t_: 'one' });
    expect(said).toEqual(['shortened metadata tags: tä', 'left out metadata tags: tö']);
  });

  it('writes JSON for InvokeModel', async () => {
    const view = viewRequest('InvokeModel', {
      modelId: 'amazon.nova-lite-v1:0',
      body: '{"messages":[]}',
      requestMetadata: '{"app":"shop"}',
    });
    const { edited } = await written({ team: 'care' }, { metadataTags: ['team'] }, {}, view);
    expect(JSON.parse((edited.input as { requestMetadata: string }).requestMetadata)).toEqual({
      app: 'shop',
      team: 'care',
    });
  });

  it('says so where no view knows the request', async () => {
    const view = viewRequest('InvokeModel', { modelId: 'acme.unheard-of-v1', body: '{}' });
    const { edited, said } = await written({ team: 'care' }, { metadataTags: ['team'] }, {}, view);
    expect(edited).toBe(view);
    expect(said).toEqual(['left out metadata tags: team']);
  });
});
