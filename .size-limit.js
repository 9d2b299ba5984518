import { readdirSync, readFileSync } from 'node:fs';

const GROUND = ['@costkit/pricing', '@costkit/tokens', '@costkit/core'];
const SDK = ['@aws-sdk/*', '@smithy/*'];
const LEVERS = ['router', 'prompt-cache', 'output-limiter', 'batch', 'meter', 'embeddings'];

const packages = readdirSync(new URL('packages', import.meta.url));

/**
 * What loads when the entry is imported: Node's own modules and whatever is imported only when first used
 * stay outside.
 */
function staticPart(config) {
  return {
    ...config,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    plugins: [
      {
        name: 'leave-dynamic-imports-out',
        setup(build) {
          build.onResolve({ filter: /.*/ }, ({ kind, path }) =>
            kind === 'dynamic-import' ? { path, external: true } : undefined,
          );
        },
      },
    ],
  };
}

const common = { gzip: true, modifyEsbuildConfig: staticPart };
const entry = (folder) => `packages/${folder}/dist/bundle/index.js`;
const subpaths = (name) => {
  const folder = name.replace('@costkit/', '');
  const { exports } = JSON.parse(
    readFileSync(new URL(`packages/${folder}/package.json`, import.meta.url), 'utf8'),
  );
  return Object.keys(exports)
    .filter((subpath) => subpath !== './package.json')
    .map((subpath) => (subpath === '.' ? name : `${name}/${subpath.slice(2)}`));
};
const ground = GROUND.flatMap(subpaths);

export default [
  {
    ...common,
    name: 'the ground: pricing + tokens + core',
    path: GROUND.map((name) => entry(name.replace('@costkit/', ''))),
    limit: '25 kB',
    ignore: SDK,
    // One bundle: what the three share counts once.
    modifyEsbuildConfig: (config) => ({
      ...staticPart(config),
      entryPoints: undefined,
      stdin: {
        contents: GROUND.map(
          (name) => `export * from ${JSON.stringify(`./${entry(name.replace('@costkit/', ''))}`)};`,
        ).join('\n'),
        resolveDir: new URL('.', import.meta.url).pathname,
      },
    }),
  },
  ...LEVERS.filter((folder) => packages.includes(folder)).map((folder) => ({
    ...common,
    name: `${folder}, beside the ground`,
    path: entry(folder),
    limit: '10 kB',
    ignore: [...SDK, ...ground],
  })),
  { ...common, name: 'costkit: everything it loads', path: entry('costkit'), limit: '40 kB', ignore: SDK },
];
