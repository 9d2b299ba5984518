import type { ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { describe, expectTypeOf, it } from 'vitest';
import { prompt } from './prompt.js';

describe('prompt', () => {
  it('builds parts of a Converse input', () => {
    const built = prompt().stable('Be brief.').volatile('Hello?').build();
    expectTypeOf({ modelId: 'm', ...built }).toExtend<ConverseCommandInput>();
  });

  it('does not compile in an order that cannot be cached', () => {
    // @ts-expect-error stable text behind documents
    prompt().document({ name: 'a', text: 'b' }).stable;
    // @ts-expect-error tools behind stable text
    prompt().stable('Be brief.').tools;
    // @ts-expect-error examples behind the history
    prompt().history([]).examples;
    // @ts-expect-error nothing follows what is volatile
    prompt().volatile('Hello?').history;
    // @ts-expect-error a prompt without a turn
    prompt().stable('Be brief.').build;
  });
});
