/**
 * The parts of the AWS SDK that costkit touches, by structure: class types of two SDK versions do not fit each
 * other, these fit every version since 3.587.
 * @module
 */

/** A middleware stack of the AWS SDK. */
export interface MiddlewareStackLike {
  /** Adds a middleware at a step and priority. */
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's overloads differ between versions; only `any` fits all.
  add(middleware: any, options?: any): void;
  /** Lets a plugin add what it needs. */
  use(plugin: BedrockPlugin): void;
  /** A stack of its own with the same middleware. */
  clone(): MiddlewareStackLike;
  /** Names of the middleware, outermost first. */
  identify(): string[];
  /** Removes the middleware of a name. */
  remove(name: string): boolean;
}

/** A Smithy plugin: what every costkit lever is, usable with `client.middlewareStack.use`. */
export interface BedrockPlugin {
  /** Puts the lever on a stack; throws `AlreadyAppliedError` where it is already. */
  applyToStack(stack: MiddlewareStackLike): void;
}

/** A `BedrockRuntimeClient` or `BedrockRuntime` of any SDK copy. */
export interface BedrockClientLike {
  /** The client's own middleware. */
  readonly middlewareStack: MiddlewareStackLike;
  /** Sends a command. */
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between versions.
  send(command: any, ...rest: any[]): any;
}

/** Arguments of a middleware; a symbol key on them is never serialised and travels with one call. */
export interface HandlerArguments {
  /** The command's input; the caller's own object, so it is never changed. */
  readonly input: object;
  readonly [key: symbol]: unknown;
}

/** What a middleware returns. */
export interface HandlerResult {
  /** What `send` returns. */
  readonly output: object;
  /** The HTTP response behind it. */
  readonly response?: unknown;
}

/** The next middleware, or the SDK itself. */
export type Handler = (args: HandlerArguments) => Promise<HandlerResult>;

/** The SDK's per-command context; with `cacheMiddleware` one object serves every call, so nothing is kept on it. */
export interface HandlerContext {
  /** Name of the command's class, e.g. `ConverseCommand`. */
  readonly commandName?: string;
  /** What the SDK keeps of a call. */
  readonly __smithy_context?: {
    readonly abortSignal?: AbortSignal;
    readonly selectedHttpAuthScheme?: { readonly signingProperties?: { readonly signingRegion?: string } };
  };
}

/** A middleware of the AWS SDK. */
export type Middleware = (next: Handler, context: HandlerContext) => Handler;
