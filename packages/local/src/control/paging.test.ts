import { describe, expect, it } from 'vitest';
import { pageOf } from './paging.js';

const query = (more: Record<string, string> = {}): URLSearchParams => new URLSearchParams(more);
const id = (entry: string): string => entry;

describe('pageOf', () => {
  it('walks through a list that grows meanwhile', () => {
    const list = ['a', 'b', 'c'];
    const first = pageOf(list, query({ maxResults: '2' }), id);
    expect(first.entries).toEqual(['a', 'b']);
    list.unshift('0');
    list.push('d');
    const second = pageOf(list, query({ maxResults: '2', nextToken: first.nextToken ?? '' }), id);
    expect(second).toEqual({ entries: ['c', 'd'] });
  });

  it('has no token when the last page is full', () => {
    expect(pageOf(['a', 'b'], query({ maxResults: '2' }), id)).toEqual({ entries: ['a', 'b'] });
    expect(pageOf([], query(), id)).toEqual({ entries: [] });
  });

  it.each([
    { maxResults: '0' },
    { maxResults: 'many' },
    { maxResults: '1001' },
    { nextToken: 'unknown' },
    { nextToken: '' },
  ])('refuses %j', (more) => {
    expect(() => pageOf(['a'], query(more as Record<string, string>), id)).toThrow(
      expect.objectContaining({ code: 'ValidationException' }),
    );
  });
});
