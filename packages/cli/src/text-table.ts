import Table from 'cli-table3';
import pc from 'picocolors';

/** A table for the terminal; without colours where there is none to show them. */
export function textTable(head: readonly string[], colAligns?: ('left' | 'right')[]): Table.Table {
  return new Table({
    head: head.map((title) => pc.bold(title)),
    ...(colAligns === undefined ? {} : { colAligns }),
    style: { head: [], border: pc.isColorSupported ? ['gray'] : [], compact: true },
  });
}
