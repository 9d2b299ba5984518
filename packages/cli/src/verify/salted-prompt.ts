const WORDS = ['clerk', 'shelf', 'ledger', 'parcel', 'counter', 'invoice', 'receipt', 'warehouse'];

/** More than any tokenizer makes one token of in plain English. */
const CHARACTERS_PER_TOKEN = 6;

/** A text of at least so many tokens that begins with the salt; the same for the same arguments. */
export function saltedPrompt(salt: string, tokens: number): string {
  let text = `Record ${salt}.`;
  for (let index = 0; text.length < tokens * CHARACTERS_PER_TOKEN; index += 1) text += ` ${sentence(index)}`;
  return text;
}

function sentence(index: number): string {
  const at = (offset: number): string => WORDS[(index * 3 + offset) % WORDS.length] as string;
  return `Item ${index}: the ${at(0)} beside the ${at(1)} was noted in the ${at(2)}.`;
}
