import Table from 'cli-table3';
import pc from 'picocolors';

/**
 * A table for the terminal; without colours where there is none to show them.
 *
 * @param colWidths - of the first columns, whose texts are wrapped; the others are as wide as they must be
 */
export function textTable(
  head: readonly string[],
  colAligns: ('left' | 'right')[] = [],
  colWidths: number[] = [],
): Table.Table {
  return new Table({
    head: head.map((title) => pc.bold(title)),
    colAligns,
    colWidths,
    wordWrap: true,
    style: { head: [], border: pc.isColorSupported ? ['gray'] : [], compact: true },
  });
}
