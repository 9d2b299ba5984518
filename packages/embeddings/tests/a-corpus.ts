import type { SourceDocument } from '../src/index.js';

const WORDS =
  'order return refund parcel courier invoice warranty account password customer address delivery voucher store payment'.split(
    ' ',
  );

/** A sentence that no other number makes. */
const sentence = (number: number): string =>
  `Rule ${number} says that a ${WORDS[number % 15]} with a ${WORDS[(number * 7) % 15]} takes ${number % 30} days.`;

/** Documents of a heading and paragraphs of sentences, about 1,000 tokens each. */
export function aCorpus(documents: number, sentences = 60): SourceDocument[] {
  return Array.from({ length: documents }, (_, document) => ({
    id: `handbook/${document}.md`,
    text: `# Chapter ${document}\n\n${Array.from({ length: sentences }, (_, index) => {
      const text = sentence(document * sentences + index);
      return index % 5 === 4 ? `${text}\n\n` : `${text} `;
    }).join('')}`,
    metadata: { chapter: document },
  }));
}
