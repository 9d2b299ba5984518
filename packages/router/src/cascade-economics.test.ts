import { describe, expect, it } from 'vitest';
import { createCascadeEconomics } from './cascade-economics.js';

const accepted = { accepted: true, paidUsd: 0.001, strongUsd: 0.01 };
const escalated = { accepted: false, paidUsd: 0.001, strongUsd: 0.01 };

function after(...outcomes: readonly (typeof accepted)[]) {
  const economics = createCascadeEconomics();
  for (const outcome of outcomes) economics.learn('faq', outcome);
  return economics;
}

describe('createCascadeEconomics', () => {
  it('says nothing before twenty drafts', () => {
    expect(after(...Array(19).fill(escalated)).reasonToStop('faq')).toBeUndefined();
  });

  it('stops where drafts cost more than they save, and says by how much', () => {
    const economics = after(...Array(20).fill(escalated));
    expect(economics.reasonToStop('faq')).toBe(
      'drafts do not pay here: 0 % of the drafts are accepted, and each costs $0.001000 more than it saves',
    );
    expect(economics.expectedSaving('faq')?.usd).toBeCloseTo(-0.001, 9);
    expect(economics.reasonToStop('other')).toBeUndefined();
  });

  it('goes on where one draft in nine is enough', () => {
    const outcomes = Array.from({ length: 45 }, (_, at) => (at % 5 === 0 ? accepted : escalated));
    const economics = after(...outcomes);
    expect(economics.reasonToStop('faq')).toBeUndefined();
    expect(economics.expectedSaving('faq')?.usd).toBeGreaterThan(0);
  });

  it('tries one call in fifty all the same, and begins again when drafts pay', () => {
    const economics = after(...Array(20).fill(escalated));
    const asked = Array.from({ length: 100 }, () => economics.reasonToStop('faq') === undefined);
    expect(asked.filter(Boolean)).toHaveLength(2);
    for (let draft = 0; draft < 10; draft += 1) economics.learn('faq', accepted);
    expect(economics.reasonToStop('faq')).toBeUndefined();
  });

  it('learns nothing where the price of the strong model is unknown', () => {
    const economics = createCascadeEconomics();
    economics.learn('faq', { accepted: false, paidUsd: 1, strongUsd: undefined });
    expect(economics.expectedSaving('faq')).toBeUndefined();
  });
});
