import { describe, expect, it } from 'vitest';
import { joinAnswers } from './join-answers.js';

describe('joinAnswers', () => {
  it('puts the second part behind the first', () => {
    expect(joinAnswers('One, two, th', 'ree, four.')).toBe('One, two, three, four.');
  });

  it('leaves out what was repeated', () => {
    expect(joinAnswers('The refund takes five working days', 'takes five working days and is free.')).toBe(
      'The refund takes five working days and is free.',
    );
  });

  it('keeps what repeats by chance', () => {
    expect(joinAnswers('ha ha ha', 'ha ha!')).toBe('ha ha haha ha!');
    expect(joinAnswers('', 'All of it.')).toBe('All of it.');
    expect(joinAnswers('All of it.', '')).toBe('All of it.');
  });
});
