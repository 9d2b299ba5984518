// `pnpm demo --json` prints JSON and nothing else: without this, pnpm writes the name of the script above it.
const { argv } = process;
const wantsJson = argv.includes('demo') && argv.includes('--json');

module.exports = {
  hooks: {
    updateConfig: (config) => (wantsJson ? { ...config, reporter: 'silent' } : config),
  },
};
