import { describe, expect, it } from 'vitest';
import { creditProgrammesFor } from './credit-programmes.js';

describe('creditProgrammesFor', () => {
  it('asks for institutional funding where the programme does', () => {
    const names = (...given: Parameters<typeof creditProgrammesFor>) =>
      creditProgrammesFor(...given).map(({ name }) => name);
    expect(names('seed', 'none')).not.toContain('Activate Portfolio');
    expect(names('seed', 'institutional')).toContain('Activate Portfolio');
    expect(names('later', 'institutional')).toEqual([
      'Activate Builders',
      'Activate Founders',
      'Bedrock proof of concept',
    ]);
  });
});
