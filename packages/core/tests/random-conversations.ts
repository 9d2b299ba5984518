import type { CatalogueModel } from '@costkit/pricing';
import fc from 'fast-check';

type Json = Record<string, unknown>;

/** Messages of a request, the user's question last, and whether they use the tools that the request must then define. */
export interface Conversation {
  readonly messages: readonly Json[];
  readonly usesTools: boolean;
}

/** The tool that conversations use. */
export const LOOKUP: string = 'lookup';

/** How one request format writes content. */
interface Format {
  readonly text: (text: string) => Json;
  readonly image: (bytes: Uint8Array) => Json;
  readonly document: (bytes: Uint8Array) => Json;
  readonly toolUse: (id: string, input: Json) => Json;
  readonly toolResult: (id: string, content: readonly Json[]) => Json;
  /** What a tool may answer besides text and images. */
  readonly data: ((value: Json) => Json) | undefined;
}

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

export const CONVERSE: Format = {
  text: (text) => ({ text }),
  image: (bytes) => ({ image: { format: 'png', source: { bytes } } }),
  document: (bytes) => ({ document: { format: 'txt', name: 'notes', source: { bytes } } }),
  toolUse: (toolUseId, input) => ({ toolUse: { toolUseId, name: LOOKUP, input } }),
  toolResult: (toolUseId, content) => ({ toolResult: { toolUseId, content } }),
  data: (json) => ({ json }),
};

export const ANTHROPIC: Format = {
  text: (text) => ({ type: 'text', text }),
  image: (bytes) => ({
    type: 'image',
    source: { type: 'base64', media_type: 'image/png', data: base64(bytes) },
  }),
  document: (bytes) => ({
    type: 'document',
    source: { type: 'text', media_type: 'text/plain', data: `Notes of ${bytes.length} lines.` },
  }),
  toolUse: (id, input) => ({ type: 'tool_use', id, name: LOOKUP, input }),
  toolResult: (id, content) => ({ type: 'tool_result', tool_use_id: id, content }),
  data: undefined,
};

/** Pictures of a few pixels to small screenshots, all of them different. */
const bytes = fc
  .tuple(fc.constantFrom(40, 3_000, 20_000), fc.nat(255))
  .map(([length, seed]) => Uint8Array.from({ length }, (_, index) => (index * 7 + seed) % 256));
const notes = fc
  .constantFrom(1, 9, 90)
  .map((lines) => new TextEncoder().encode('The parcel was sent on Monday.\n'.repeat(lines)));

/** What a user shows beside a question; nothing for most questions. */
function shown(format: Format, { images, documents }: CatalogueModel['capabilities']): fc.Arbitrary<Json[]> {
  const kinds = [
    ...(images ? [bytes.map(format.image)] : []),
    ...(documents ? [notes.map(format.document)] : []),
  ];
  return kinds.length === 0
    ? fc.constant([])
    : fc.oneof(
        { weight: 3, arbitrary: fc.constant<Json[]>([]) },
        { weight: 1, arbitrary: fc.array(fc.oneof(...kinds), { minLength: 1, maxLength: 2 }) },
      );
}

type ToolRound = (round: number) => readonly Json[];

/** A call of the tool with its result, as an agent does on its way. */
function toolRound(
  format: Format,
  { images }: CatalogueModel['capabilities'],
  text: fc.Arbitrary<string>,
): fc.Arbitrary<ToolRound> {
  const { data } = format;
  const parts = fc.oneof(
    text.map(format.text),
    ...(data === undefined ? [] : [text.map((note) => data({ note, orders: [1, 2, 3] }))]),
    ...(images ? [bytes.map(format.image)] : []),
  );
  return fc
    .array(fc.tuple(text, fc.array(parts, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 2 })
    .map((calls) => (round) => [
      {
        role: 'assistant',
        content: calls.map(([query], index) => format.toolUse(`${round}-${index}`, { query })),
      },
      {
        role: 'user',
        content: calls.map(([, content], index) => format.toolResult(`${round}-${index}`, content)),
      },
    ]);
}

/** Conversations as chats and agents have them, of what a model takes. */
export function anyConversation(
  format: Format,
  { capabilities, contextWindow = 0 }: CatalogueModel,
  text: fc.Arbitrary<string>,
): fc.Arbitrary<Conversation> {
  const isRoomy = contextWindow >= 32_000;
  const user = (content: readonly Json[]): Json => ({ role: 'user', content });
  const assistant = (words: string): Json => ({ role: 'assistant', content: [format.text(words)] });
  return fc
    .record({
      earlier: fc.array(fc.tuple(text, text), { maxLength: isRoomy ? 2 : 1 }),
      media: isRoomy ? shown(format, capabilities) : fc.constant([]),
      question: text,
      rounds:
        isRoomy && capabilities.tools
          ? fc.oneof(
              { weight: 2, arbitrary: fc.constant<ToolRound[]>([]) },
              { weight: 1, arbitrary: fc.array(toolRound(format, capabilities, text), { maxLength: 3 }) },
            )
          : fc.constant<ToolRound[]>([]),
      followUp: fc.option(fc.tuple(text, text), { nil: undefined }),
    })
    .map(({ earlier, media, question, rounds, followUp }) => ({
      messages: [
        ...earlier.flatMap(([asked, answered]) => [user([format.text(asked)]), assistant(answered)]),
        user([...media, format.text(question)]),
        ...rounds.flatMap((round, index) => round(index)),
        ...(followUp === undefined ? [] : [assistant(followUp[0]), user([format.text(followUp[1])])]),
      ],
      usesTools: rounds.length > 0,
    }));
}
