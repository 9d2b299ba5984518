import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import {
  converseResponse,
  fakeBedrockClientConfig,
  fakeRequestHandler,
  jsonResponse,
} from '@costkit/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderedStack } from '../src/ordered-stack.js';
import type { MiddlewareStackLike } from '../src/sdk.js';

/** The parts of a stack of the SDK that these tests use. */
interface Stack extends MiddlewareStackLike {
  addRelativeTo(middleware: unknown, options: object): void;
  concat(from: Stack): Stack;
  removeByTag(tag: string): boolean;
  identifyOnResolve(toggle?: boolean): boolean;
  resolve(handler: () => unknown, context: object): (args: object) => unknown;
}

const emptyStack = (): Stack => new ConverseCommand({ modelId: 'any' }).middlewareStack as unknown as Stack;
const ordered = (stack: Stack): Stack => orderedStack(stack) as Stack;

/** A middleware that says its label when a call passes it. */
const saying =
  (label: string, said: string[]) =>
  (next: (args: object) => unknown) =>
  (args: object): unknown => {
    said.push(label);
    return next(args);
  };

interface Addition {
  readonly step: string | undefined;
  readonly priority: string | undefined;
  readonly relation: string | undefined;
  readonly anchor: string | undefined;
  readonly override: boolean;
  readonly name: string | undefined;
}

const NAMES = ['one', 'two', 'three', 'four'];
const additions = fc.array(
  fc.record<Addition>({
    step: fc.constantFrom(undefined, 'initialize', 'serialize', 'build', 'finalizeRequest', 'deserialize'),
    priority: fc.constantFrom(undefined, 'high', 'normal', 'low'),
    relation: fc.constantFrom(undefined, undefined, 'before', 'after'),
    anchor: fc.constantFrom(...NAMES),
    override: fc.boolean(),
    name: fc.option(fc.constantFrom(...NAMES), { nil: undefined }),
  }),
  { maxLength: 6 },
);

function addAll(stack: Stack, some: readonly Addition[], said: string[], from: string): void {
  for (const [index, { relation, anchor, step, priority, override, name }] of some.entries()) {
    const middleware = saying(`${from}${index}`, said);
    const named = { ...(name === undefined ? {} : { name }), override };
    if (relation !== undefined) stack.addRelativeTo(middleware, { ...named, relation, toMiddleware: anchor });
    else
      stack.add(middleware, {
        ...named,
        ...(step === undefined ? {} : { step }),
        ...(priority === undefined ? {} : { priority }),
      });
  }
}

/** What a call through both stacks passes, or why it cannot be made. */
function outcome(make: (said: string[]) => Stack): string[] | string {
  const said: string[] = [];
  try {
    make(said).resolve(() => said.push('end'), {})({});
    return said;
  } catch (error) {
    return String(error);
  }
}

describe('orderedStack', () => {
  it("runs what the SDK's own stack runs, in its order, and fails where that fails", () => {
    fc.assert(
      fc.property(additions, additions, (client, command) => {
        const concat = (wrap: (stack: Stack) => Stack, sends: number) => (said: string[]) => {
          const stack = wrap(emptyStack());
          addAll(stack, client, said, 'client');
          let merged = stack;
          for (let send = 0; send < sends; send += 1) {
            const from = emptyStack();
            addAll(from, command, said, 'command');
            merged = stack.concat(from);
          }
          return merged;
        };
        const expected = outcome(concat((stack) => stack, 1));
        expect(outcome(concat(ordered, 1))).toEqual(expected);
        // The second send goes by what the first one taught.
        expect(outcome(concat(ordered, 2))).toEqual(expected);
      }),
    );
  });

  it('sees what is added, replaced and removed between two sends', () => {
    const said: string[] = [];
    const stack = ordered(emptyStack());
    const send = (): string[] => {
      said.length = 0;
      stack.concat(emptyStack()).resolve(() => undefined, {})({});
      return [...said];
    };
    stack.add(saying('a', said), { step: 'build', name: 'a' });
    expect(send()).toEqual(['a']);
    stack.add(saying('b', said), { step: 'initialize', tags: ['B'] });
    expect(send()).toEqual(['b', 'a']);
    stack.addRelativeTo(saying('c', said), { relation: 'after', toMiddleware: 'a' });
    expect(send()).toEqual(['b', 'a', 'c']);
    stack.add(saying('a2', said), { step: 'build', name: 'a', override: true });
    expect(send()).toEqual(['b', 'a2', 'c']);
    stack.removeByTag('B');
    expect(send()).toEqual(['a2', 'c']);
    stack.use({ applyToStack: (target) => target.add(saying('d', said), { step: 'deserialize' }) });
    expect(send()).toEqual(['a2', 'c', 'd']);
  });

  it('keeps a clone and its original apart', () => {
    const said: string[] = [];
    const stack = ordered(emptyStack());
    stack.add(saying('both', said), { step: 'build' });
    const clone = stack.clone() as Stack;
    clone.add(saying('clone', said), { step: 'build' });
    stack.concat(emptyStack()).resolve(() => undefined, {})({});
    expect(said).toEqual(['both']);
    said.length = 0;
    clone.concat(emptyStack()).resolve(() => undefined, {})({});
    expect(said).toEqual(['both', 'clone']);
  });

  it("hands on the SDK's own stack to whoever asks for more than a handler", () => {
    const stack = ordered(emptyStack());
    stack.add(saying('a', []), { step: 'build', name: 'a' });
    const from = emptyStack();
    from.add(saying('b', []), { step: 'initialize', name: 'b' });
    expect(stack.concat(from).identify()).toEqual(['b - initialize', 'a - build']);
    expect(stack.identify()).toEqual(['a - build']);
  });

  it('leaves the order to the SDK where that is to print it', () => {
    const stack = ordered(emptyStack());
    stack.identifyOnResolve(true);
    expect(stack.concat(emptyStack()).identifyOnResolve()).toBe(true);
  });

  it('returns what is no stack of the SDK as it is', () => {
    const other: MiddlewareStackLike = {
      add: () => undefined,
      use: () => undefined,
      clone: () => other,
      identify: () => [],
      remove: () => false,
    };
    expect(orderedStack(other)).toBe(other);
  });

  it("costs a send no sort: the client's middleware is asked for once", async () => {
    const handler = fakeRequestHandler({ handler: () => jsonResponse(converseResponse({ text: 'Hi' })) });
    const client = new BedrockRuntimeClient(fakeBedrockClientConfig(handler));
    const stack = client.middlewareStack.clone() as unknown as Stack;
    let asked = 0;
    const watched = {
      ...stack,
      applyToStack: (target: object): void => {
        asked += 1;
        (stack as unknown as { applyToStack(target: object): void }).applyToStack(target);
      },
    };
    const derived = Object.create(client, { middlewareStack: { value: ordered(watched as Stack) } });
    for (let send = 0; send < 3; send += 1) {
      const input = {
        modelId: 'any.model',
        messages: [{ role: 'user' as const, content: [{ text: 'Hi' }] }],
      };
      await (derived as BedrockRuntimeClient).send(new ConverseCommand(input));
    }
    expect(asked).toBe(1);
  });
});
