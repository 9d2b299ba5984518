/** The second-level headings of every package's README, in order. */
export const README_HEADINGS: readonly string[] = [
  'Example',
  'Install',
  'What it does',
  'Options',
  'Recipes',
  'Limits',
  'Testing your code',
  'More',
];
