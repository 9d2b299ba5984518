/**
 * The parts of the AWS SDK that costkit touches, by structure: class types of two SDK versions do not fit each
 * other, these fit every version since 3.587.
 * @module
 */

/** A middleware stack of the AWS SDK. */
export interface MiddlewareStackLike {
  // biome-ignore lint/suspicious/noExplicitAny: the SDK's overloads differ between versions; only `any` fits all.
  add(middleware: any, options?: any): void;
  use(plugin: BedrockPlugin): void;
  clone(): MiddlewareStackLike;
  identify(): string[];
  remove(name: string): boolean;
}

/** A Smithy plugin: what every costkit lever is, usable with `client.middlewareStack.use`. */
export interface BedrockPlugin {
  applyToStack(stack: MiddlewareStackLike): void;
}

/** A `BedrockRuntimeClient` or `BedrockRuntime` of any SDK copy. */
export interface BedrockClientLike {
  readonly middlewareStack: MiddlewareStackLike;
  // biome-ignore lint/suspicious/noExplicitAny: the overloads of `send` differ between versions.
  send(command: any, ...rest: any[]): any;
}

/** Arguments of a middleware; a symbol key on them is never serialised and travels with one call. */
export interface HandlerArguments {
  readonly input: object;
  readonly [key: symbol]: unknown;
}

/** What a middleware returns. */
export interface HandlerResult {
  readonly output: object;
  readonly response?: unknown;
}

export type Handler = (args: HandlerArguments) => Promise<HandlerResult>;

/** The SDK's per-command context; with `cacheMiddleware` one object serves every call, so nothing is kept on it. */
export interface HandlerContext {
  readonly commandName?: string;
  readonly __smithy_context?: {
    readonly abortSignal?: AbortSignal;
    readonly selectedHttpAuthScheme?: { readonly signingProperties?: { readonly signingRegion?: string } };
  };
}

export type Middleware = (next: Handler, context: HandlerContext) => Handler;
