import type { Handler, HandlerContext, Middleware, MiddlewareStackLike } from './sdk.js';

/**
 * The SDK copies and sorts a client's whole stack for every command it sends, which costs about as much as all levers
 * together. The order depends on steps, priorities and names alone, and those are the same for every command of a
 * kind: a derived client asks the SDK once, and remembers.
 */

/** Where a middleware stands: what `add` and `addRelativeTo` are told. */
interface Position {
  readonly name?: string;
  readonly step?: string;
  readonly priority?: string;
  readonly relation?: string;
  readonly toMiddleware?: string;
  readonly override?: boolean;
  readonly aliases?: readonly string[];
}

interface Entry {
  readonly middleware: Middleware;
  readonly position: Position;
}

/** All that the SDK's stacks can do and costkit's own code has no use for. */
interface WholeStack extends MiddlewareStackLike {
  addRelativeTo(middleware: Middleware, position: object): void;
  applyToStack(target: object): void;
  concat(from: WholeStack): WholeStack;
  identifyOnResolve(toggle?: boolean): boolean;
  remove(toRemove: string | Middleware): boolean;
  removeByTag(tag: string): boolean;
  resolve(handler: Handler, context: HandlerContext): Handler;
}

// The newest of its methods; a stack that has it has all others.
const isWhole = (stack: MiddlewareStackLike): stack is WholeStack =>
  typeof (stack as WholeStack).identifyOnResolve === 'function';

/** The entries of a stack, as it hands them on to another. */
function entriesOf(stack: WholeStack): readonly Entry[] {
  const entries: Entry[] = [];
  const take = (middleware: Middleware, position: Position): void => {
    entries.push({ middleware, position });
  };
  stack.applyToStack({ add: take, addRelativeTo: take });
  return entries;
}

function samePosition(one: Position, other: Position): boolean {
  return (
    one.name === other.name &&
    one.step === other.step &&
    one.priority === other.priority &&
    one.relation === other.relation &&
    one.toMiddleware === other.toMiddleware &&
    one.override === other.override &&
    String(one.aliases) === String(other.aliases)
  );
}

const samePositions = (some: readonly Entry[], others: readonly Entry[]): boolean =>
  some.length === others.length &&
  some.every(({ position }, index) => samePosition(position, (others[index] as Entry).position));

/** An order that the SDK worked out: which of a client's and a command's entries run, innermost first. */
interface Order {
  readonly command: readonly Entry[];
  readonly innermostFirst: readonly number[];
}

/**
 * Asks the SDK itself: entries that only note when they are resolved, at the positions of the real ones.
 *
 * @throws what the SDK throws where entries do not fit together.
 */
function workOut(stack: WholeStack, client: readonly Entry[], command: readonly Entry[]): Order {
  const empty = stack.clone() as WholeStack;
  for (const { middleware } of client) empty.remove(middleware);
  const innermostFirst: number[] = [];
  for (const [index, { position }] of [...client, ...command].entries()) {
    const note: Middleware = (next) => {
      innermostFirst.push(index);
      return next;
    };
    // The SDK hands the middleware on with its position, where it would win over the note.
    const noted = { ...position, middleware: note };
    if (position.toMiddleware === undefined) empty.add(note, noted);
    else empty.addRelativeTo(note, noted);
  }
  // Only put together, never called.
  empty.resolve(() => Promise.reject(), {});
  return { command, innermostFirst };
}

/** Kinds of commands whose order is remembered: an application sends a handful. */
const MAX_ORDERS = 16;

/**
 * Makes a stack remember the order of its middleware. It behaves as the stack it is given, which nobody else may
 * hold; what is not a stack of the SDK is returned as it is.
 */
export function orderedStack(stack: MiddlewareStackLike): MiddlewareStackLike {
  if (!isWhole(stack)) return stack;
  let client: readonly Entry[] | undefined;
  let orders: Order[] = [];

  const changed = <Arguments extends unknown[], Result>(
    method: (...args: Arguments) => Result,
  ): ((...args: Arguments) => Result) => {
    return (...args) => {
      client = undefined;
      orders = [];
      return method(...args);
    };
  };

  const orderFor = (command: readonly Entry[]): Order => {
    for (const order of orders) if (samePositions(order.command, command)) return order;
    client ??= entriesOf(stack);
    const order = workOut(stack, client, command);
    orders = [order, ...orders].slice(0, MAX_ORDERS);
    return order;
  };

  const concat = (from: WholeStack): WholeStack => {
    // Where the SDK prints the order it must work it out; the stack of a command is one of the SDK's.
    if (!isWhole(from) || stack.identifyOnResolve() || from.identifyOnResolve()) return stack.concat(from);
    const command = entriesOf(from);
    const { innermostFirst } = orderFor(command);
    const own = client as readonly Entry[];
    const resolve: WholeStack['resolve'] = (handler, context) => {
      let resolved = handler;
      for (const index of innermostFirst) {
        const entry = own[index] ?? (command[index - own.length] as Entry);
        resolved = entry.middleware(resolved, context);
      }
      return resolved;
    };
    return withWhole(resolve, () => stack.concat(from));
  };

  const ordered: WholeStack = {
    ...stack,
    add: changed(stack.add),
    addRelativeTo: changed(stack.addRelativeTo),
    remove: changed(stack.remove),
    removeByTag: changed(stack.removeByTag),
    use: (plugin) => plugin.applyToStack(ordered),
    clone: () => orderedStack(stack.clone()),
    concat,
  };
  return ordered;
}

/** What the SDK resolves for a send; whoever wants more of it gets the SDK's own. */
function withWhole(resolve: WholeStack['resolve'], makeWhole: () => WholeStack): WholeStack {
  return new Proxy({ resolve } as WholeStack, {
    get: (target, member) => Reflect.get(member === 'resolve' ? target : makeWhole(), member),
  });
}
