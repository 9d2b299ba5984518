/** Text that steers no terminal, for what comes from logs. */
export const plainText = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what steers it
  text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
