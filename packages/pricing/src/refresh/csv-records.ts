/**
 * Reads CSV (RFC 4180) piece by piece: quoted fields, doubled quotes, line breaks inside quotes, CRLF or LF.
 */
export class CsvRecords {
  #field = '';
  #record: string[] = [];
  #inQuotes = false;
  /** A quote inside quotes has been read: the next sign says whether it was doubled or the end. */
  #maybeEnd = false;
  #isEmpty = true;

  /** The records that end in this piece. */
  *push(piece: string): Generator<readonly string[]> {
    for (const sign of piece) {
      if (this.#maybeEnd) {
        this.#maybeEnd = false;
        if (sign === '"') {
          this.#field += '"';
          continue;
        }
        this.#inQuotes = false;
      }
      if (sign === '"' && (this.#inQuotes || this.#field === '')) {
        if (this.#inQuotes) this.#maybeEnd = true;
        else this.#inQuotes = true;
        this.#isEmpty = false;
      } else if (this.#inQuotes) this.#field += sign;
      else if (sign === ',') this.#endField();
      else if (sign === '\n') yield* this.#endRecord();
      else if (sign !== '\r') {
        this.#field += sign;
        this.#isEmpty = false;
      }
    }
  }

  /** The last record, where no line break ends it. @throws SyntaxError when the text ends inside quotes. */
  *end(): Generator<readonly string[]> {
    if (this.#inQuotes && !this.#maybeEnd) throw new SyntaxError('the text ends inside quotes');
    this.#inQuotes = false;
    this.#maybeEnd = false;
    yield* this.#endRecord();
  }

  #endField(): void {
    this.#record.push(this.#field);
    this.#field = '';
    this.#isEmpty = false;
  }

  *#endRecord(): Generator<readonly string[]> {
    if (this.#isEmpty) return;
    this.#endField();
    const record = this.#record;
    this.#record = [];
    this.#isEmpty = true;
    yield record;
  }
}
