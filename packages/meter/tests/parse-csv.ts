/** Reads CSV by RFC 4180: records end with CRLF, fields may be quoted. */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at += 1; text[at] !== '"' || text[at + 1] === '"'; at += 1) {
        if (at >= text.length) throw new Error('a quoted field does not end');
        if (text[at] === '"') at += 1;
        field += text[at];
      }
      at += 1;
    } else {
      while (at < text.length && text[at] !== ',' && text[at] !== '\r') {
        if (text[at] === '"' || text[at] === '\n')
          throw new Error('a bare field holds a quote or a line break');
        field += text[at];
        at += 1;
      }
    }
    record.push(field);
    if (text[at] === ',') at += 1;
    else if (text.startsWith('\r\n', at)) {
      records.push(record);
      record = [];
      at += 2;
    } else throw new Error('a record does not end with CRLF');
  }
  return records;
}

/** The records of a CSV text by the names of its columns. */
export function csvRows(text: string): Record<string, string>[] {
  const [head = [], ...records] = parseCsv(text);
  return records.map((record) => Object.fromEntries(head.map((name, index) => [name, record[index] ?? ''])));
}
