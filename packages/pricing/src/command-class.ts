/** A command class of an AWS SDK client that takes `Input`. */
// biome-ignore lint/suspicious/noExplicitAny: the SDK's own parameter and result types are not imported here.
export type CommandClass<Input> = new (input: Input) => any;
