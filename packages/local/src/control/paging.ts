import { validation } from '../wire/bedrock-fault.js';
import { createConstraints } from './constraints.js';

/** One page of a list, and the token of the next. */
export interface Page<Entry> {
  readonly entries: readonly Entry[];
  readonly nextToken?: string;
}

const MAX_RESULTS = 1000;

/**
 * Takes the page that a request asks for. Tokens name the last entry that was given, so that a list may grow
 * between two pages.
 *
 * @param idOf - What names an entry for as long as it exists.
 * @throws BedrockFault `ValidationException`
 */
export const pageOf = <Entry>(
  entries: readonly Entry[],
  query: URLSearchParams,
  idOf: (entry: Entry) => string,
  defaultSize = 100,
): Page<Entry> => {
  const constraints = createConstraints();
  const asked = query.get('maxResults');
  const size = constraints.integer('maxResults', asked === null ? undefined : Number(asked), {
    min: 1,
    max: MAX_RESULTS,
  });
  constraints.done();
  const token = query.get('nextToken');
  const start = token === null ? 0 : entries.findIndex((entry) => encodeToken(idOf(entry)) === token) + 1;
  if (token !== null && start === 0) throw validation('The provided pagination token is invalid.');
  const page = entries.slice(start, start + (size ?? defaultSize));
  const last = page.at(-1);
  if (last === undefined || start + page.length >= entries.length) return { entries: page };
  return { entries: page, nextToken: encodeToken(idOf(last)) };
};

const encodeToken = (id: string): string => Buffer.from(id).toString('base64url');
