/** A value in a JSON text, with the names that lead to it. */
export interface JsonMember {
  readonly path: readonly string[];
  readonly value: unknown;
}

const WORD_END = /[,}\]\s]/g;
const QUOTE_END = /["\\]/g;
const MARK = /["{}[\]]/g;

type Expected = 'value' | 'first name' | 'name' | 'colon' | 'comma' | 'nothing';

/**
 * Reads a JSON object piece by piece. Objects that `enters` accepts are entered, so that one of their members at a
 * time is in memory; every other value is handed out whole. (A file of the price list has tens of megabytes.)
 */
export class JsonMembers {
  readonly #enters: (path: readonly string[]) => boolean;
  readonly #path: string[] = [];
  #expected: Expected = 'value';
  /** The name or value that is being read: a text in quotes, an object or a list; or a number or a word. */
  #reading: 'marked' | 'word' | undefined;
  #text = '';
  #depth = 0;
  #inQuotes = false;
  #isEscaped = false;

  constructor(enters: (path: readonly string[]) => boolean) {
    this.#enters = enters;
  }

  /** The members that end in this piece. @throws SyntaxError when the text is no JSON object. */
  *push(piece: string): Generator<JsonMember> {
    let at = 0;
    while (at < piece.length) {
      if (this.#reading === undefined) {
        at += this.#step(piece.charAt(at));
        continue;
      }
      const from = at;
      at = this.#reading === 'word' ? this.#endOfWord(piece, from) : this.#endOfMarked(piece, from);
      this.#text += piece.slice(from, at);
      if (this.#reading === undefined) yield* this.#take();
    }
  }

  /** @throws SyntaxError when the text has ended before its object. */
  end(): void {
    if (this.#expected !== 'nothing') throw new SyntaxError('the text ends before the object does');
  }

  /** Takes one sign between names and values; 0 when a name or value begins with it. */
  #step(sign: string): 0 | 1 {
    const path = this.#path;
    if (/\s/.test(sign)) return 1;
    const isName = this.#expected === 'first name' || this.#expected === 'name';
    if (this.#expected === 'value' && sign === '{' && (path.length === 0 || this.#enters(path))) {
      path.push('');
      this.#expected = 'first name';
    } else if ((this.#expected === 'value' && path.length > 0) || (isName && sign === '"')) {
      this.#reading = /["{[]/.test(sign) ? 'marked' : 'word';
      return 0;
    } else if (this.#expected === 'colon' && sign === ':') this.#expected = 'value';
    else if (this.#expected === 'comma' && sign === ',') this.#expected = 'name';
    else if ((this.#expected === 'comma' || this.#expected === 'first name') && sign === '}') {
      path.pop();
      this.#expected = path.length === 0 ? 'nothing' : 'comma';
    } else throw new SyntaxError(`"${sign}" stands where ${this.#expected} is expected`);
    return 1;
  }

  #endOfWord(piece: string, from: number): number {
    const end = indexOf(WORD_END, piece, from);
    if (end < piece.length) this.#reading = undefined;
    return end;
  }

  #endOfMarked(piece: string, from: number): number {
    let at = from;
    while (at < piece.length) {
      if (this.#isEscaped) {
        this.#isEscaped = false;
        at += 1;
        continue;
      }
      at = indexOf(this.#inQuotes ? QUOTE_END : MARK, piece, at) + 1;
      const mark = piece.charAt(at - 1);
      if (mark === '\\') this.#isEscaped = true;
      else if (mark === '"') this.#inQuotes = !this.#inQuotes;
      else if (mark !== '') this.#depth += mark === '{' || mark === '[' ? 1 : -1;
      if (mark !== '' && this.#depth === 0 && !this.#inQuotes) {
        this.#reading = undefined;
        return at;
      }
    }
    return piece.length;
  }

  /** What has been read is a name, or a value of the object that was entered last. */
  *#take(): Generator<JsonMember> {
    const value: unknown = JSON.parse(this.#text);
    this.#text = '';
    if (this.#expected === 'value') {
      this.#expected = 'comma';
      yield { path: [...this.#path], value };
    } else {
      this.#path[this.#path.length - 1] = value as string;
      this.#expected = 'colon';
    }
  }
}

/** Where a sign of `pattern` stands, from `from` on; the length of the text when nowhere. */
function indexOf(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.exec(text)?.index ?? text.length;
}
