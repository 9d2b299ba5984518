import { describe, expect, it } from 'vitest';
import { createCascadeEconomics } from './cascade-economics.js';

const accepted = { accepted: true, savedUsd: 0.009 };
const escalated = { accepted: false, savedUsd: -0.001 };
const prices = { draftUsd: 0.001, requestedUsd: 0.01, escalationUsd: 0.01 };
/** Two models whose prices are close together. */
const close = { draftUsd: 0.006, requestedUsd: 0.01, escalationUsd: 0.01 };

function after(...outcomes: readonly (typeof accepted)[]) {
  const economics = createCascadeEconomics();
  for (const outcome of outcomes) economics.learn('faq', outcome);
  return economics;
}

describe('createCascadeEconomics', () => {
  it('goes on through drafts that lose, as long as more is expected of them', () => {
    const economics = after(...Array(15).fill(escalated));
    expect(economics.reasonToStop('faq')).toBeUndefined();
    expect(economics.reasonNotToBegin('faq', prices)).toBeUndefined();
    expect(after(...Array(17).fill(escalated)).reasonNotToBegin('faq', prices)).toBe(
      'drafts are not expected to pay here: 93 % of them would be escalated, by what is expected and by 17 that were tried, and each would cost $0.0002500 more than it saves',
    );
  });

  it('stops where drafts cost more than they save, and says by how much', () => {
    const economics = after(...Array(20).fill(escalated));
    expect(economics.reasonToStop('faq')).toBe(
      'drafts do not pay here: 0 % of the drafts are accepted, and each costs $0.001000 more than it saves',
    );
    expect(economics.reasonNotToBegin('faq', prices)).toBeUndefined();
    expect(economics.expectedSaving('faq', prices)?.usd).toBeCloseTo(-0.001, 9);
    expect(economics.reasonToStop('other')).toBeUndefined();
  });

  it('does not begin where half of the drafts would cost more than the other half saves', () => {
    const economics = createCascadeEconomics();
    expect(economics.reasonNotToBegin('faq', close)).toBe(
      'drafts are not expected to pay here: 50 % of them would be escalated, by what is expected, and each would cost $0.001000 more than it saves',
    );
    expect(economics.reasonNotToBegin('faq', prices)).toBeUndefined();
    expect(economics.expectedSaving('faq', prices)?.usd).toBeCloseTo(0.004, 9);
  });

  it('goes by the share that an evaluation showed, and by half for tasks that it did not have', () => {
    const economics = createCascadeEconomics({ faq: 0.1 });
    expect(economics.reasonNotToBegin('faq', close)).toBeUndefined();
    expect(economics.expectedSaving('faq', close)?.usd).toBeCloseTo(0.003, 9);
    expect(economics.reasonNotToBegin('constructor', close)).toContain('50 %');
    expect(createCascadeEconomics(1).reasonNotToBegin('faq', prices)).toContain('100 %');
  });

  it('weighs what it sees against what was expected, draft by draft', () => {
    const economics = after(...Array(5).fill(escalated));
    expect(economics.expectedSaving('faq', prices)?.usd).toBeCloseTo(0.75 * 0.004 - 0.25 * 0.001, 9);
  });

  it('goes on where one draft in nine is enough', () => {
    const outcomes = Array.from({ length: 45 }, (_, at) => (at % 5 === 0 ? accepted : escalated));
    const economics = after(...outcomes);
    expect(economics.reasonToStop('faq')).toBeUndefined();
    expect(economics.expectedSaving('faq', prices)?.usd).toBeGreaterThan(0);
  });

  it('tries one call in fifty all the same, and begins again when drafts pay', () => {
    const economics = after(...Array(20).fill(escalated));
    const asked = Array.from({ length: 100 }, () => economics.reasonToStop('faq') === undefined);
    expect(asked.filter(Boolean)).toHaveLength(2);
    for (let draft = 0; draft < 10; draft += 1) economics.learn('faq', accepted);
    expect(economics.reasonToStop('faq')).toBeUndefined();
    const begun = Array.from({ length: 100 }, () => economics.reasonNotToBegin('new', close) === undefined);
    expect(begun.filter(Boolean)).toHaveLength(2);
  });

  it('says nothing where a price is unknown and too few drafts were seen', () => {
    const economics = createCascadeEconomics();
    expect(economics.expectedSaving('faq', undefined)).toBeUndefined();
    expect(economics.reasonNotToBegin('faq', undefined)).toBeUndefined();
  });

  it('takes over what another process has seen, where that is more', () => {
    const economics = after(escalated);
    for (const [task, balance] of after(...Array(20).fill(escalated)).balances())
      economics.absorb(task, balance);
    expect(economics.reasonToStop('faq')).toContain('0 % of the drafts');
    economics.absorb('faq', { drafts: 2, meanSavedUsd: 1, acceptedShare: 1 });
    expect(economics.reasonToStop('faq')).toContain('0 % of the drafts');
  });
});
