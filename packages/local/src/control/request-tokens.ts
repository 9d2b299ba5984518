import { BedrockFault } from '../wire/bedrock-fault.js';

/** What was created under which client request token. */
export interface RequestTokens {
  /**
   * Creates a resource, unless an equal request with the same token has: then that one is meant.
   *
   * @param request - everything of it but its token.
   * @returns the id of the resource.
   * @throws ConflictException where the token came with another request.
   */
  once(token: string | undefined, request: unknown, create: () => string): string;
}

/** Makes the memory of one kind of resource. @param kind - as `job`: what a new token is for. */
export function createRequestTokens(kind: string): RequestTokens {
  const created = new Map<string, { readonly fingerprint: string; readonly id: string }>();
  return {
    once: (token, request, create) => {
      if (token === undefined) return create();
      const fingerprint = JSON.stringify(request);
      const earlier = created.get(token);
      if (earlier === undefined) {
        const id = create();
        created.set(token, { fingerprint, id });
        return id;
      }
      if (earlier.fingerprint === fingerprint) return earlier.id;
      throw new BedrockFault(
        'ConflictException',
        `The client request token was used before with other parameters. Use a new token for a new ${kind}.`,
      );
    },
  };
}
