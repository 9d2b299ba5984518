const MEMBER = '"modelInput":';

/** A line of an input file. */
export const writeLine = (id: string, modelInput: string): string =>
  `{"recordId":"${id}",${MEMBER}${modelInput}}\n`;

/** The request of such a line, letter for letter, with or without its line break. */
export const modelInputOf = (line: string): string =>
  line.slice(line.indexOf(MEMBER) + MEMBER.length, line.endsWith('\n') ? -2 : -1);

const BEFORE_ID = '{"recordId":"'.length;

/** The id of such a line. */
export const idOf = (line: string): string => line.slice(BEFORE_ID, line.indexOf('"', BEFORE_ID));
