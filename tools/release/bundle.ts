import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { type OutputChunk, type Plugin, rolldown } from 'rolldown';
import { publicPackages, type WorkspacePackage } from '../workspace.js';

/** Packages of ours that become part of another one: each file and each import between packages costs its users. */
const TAKEN_IN: Readonly<Record<string, readonly string[]>> = {
  core: ['@costkit/tokens'],
  costkit: [
    '@costkit/batch',
    '@costkit/meter',
    '@costkit/output-limiter',
    '@costkit/prompt-cache',
    '@costkit/router',
    '@costkit/tokens',
  ],
};

// The second half of `pnpm build`: joins the modules of each package, because an application pays for every file
// that it loads. What is imported only when first used stays a file of its own, and so do other packages, the ground
// above all, so that what they know exists once in a process.
const packages = publicPackages();
await Promise.all(packages.map(bundle));

async function bundle({ folder, path, manifest }: WorkspacePackage): Promise<void> {
  const entries = Object.values(manifest.exports ?? {})
    .map((target) => (typeof target === 'string' ? target : (target['default'] ?? '')))
    .filter((file) => file.startsWith('./dist/bundle/'))
    .map((file) => join(path, file.replace('/bundle/', '/')));
  if (manifest.bin !== undefined) entries.push(join(path, 'dist/bin.js'));
  const outputFolder = join(path, 'dist/bundle');
  mkdirSync(outputFolder, { recursive: true });
  const build = await rolldown({
    input: entries,
    platform: 'node',
    // What the main entry shares with files that are loaded later stands in the main entry, exported under one letter:
    // a third file would cost more than it holds.
    preserveEntrySignatures: 'allow-extension',
    plugins: [ownModules(join(path, 'dist/index.js'), entries, TAKEN_IN[folder] ?? [])],
  });
  const { output } = await build.write({
    dir: outputFolder,
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    comments: false,
    polyfillRequire: false,
    sourcemap: true,
    sourcemapExcludeSources: true,
    // Where packages are installed, those with a scope lie one folder deeper than in the workspace.
    sourcemapPathTransform: (source) =>
      folder === 'costkit' ? source.replace(/^(?:\.\.\/){3}/, '$&@costkit/') : source,
  });
  await build.close();
  const parts = loadable(output.filter((part) => part.type === 'chunk'));
  const declared = new Set([manifest.name, ...dependenciesOf(manifest)]);
  for (const part of parts) {
    refuseNamelessClasses(part, path);
    refuseUndeclaredImports(part, declared);
  }
  // What nothing loads any more would be published for ever.
  const published = new Set([...parts].flatMap(({ fileName }) => [fileName, `${fileName}.map`]));
  for (const name of readdirSync(outputFolder)) {
    if (!published.has(name)) rmSync(join(outputFolder, name), { recursive: true });
  }
}

/** The entries and what they load, at once or later; also written is what only unused code would have loaded. */
function loadable(parts: readonly OutputChunk[]): ReadonlySet<OutputChunk> {
  const byName = new Map(parts.map((part) => [part.fileName, part]));
  const loaded = new Set(parts.filter((part) => part.isEntry && !part.isDynamicEntry));
  for (const { imports, dynamicImports } of loaded) {
    for (const name of [...imports, ...dynamicImports]) {
      const part = byName.get(name);
      if (part !== undefined) loaded.add(part);
    }
  }
  return loaded;
}

/** Leaves every import as it is, but for relative ones and those of packages that are taken in. */
function ownModules(main: string, entries: readonly string[], takenIn: readonly string[]): Plugin {
  const taken = new Map(
    packages
      .filter(({ manifest }) => takenIn.includes(manifest.name))
      .flatMap(({ manifest, path }) =>
        Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) => {
          const file = typeof target === 'string' ? target : (target['default'] ?? '');
          return file.startsWith('./dist/bundle/')
            ? [[join(manifest.name, subpath), join(path, file.replace('/bundle/', '/'))] as const]
            : [];
        }),
      ),
  );
  const loadedBesideMain = new Set(entries.filter((file) => file !== main));
  return {
    name: 'own-modules',
    resolveId(specifier, importer, { kind }) {
      if (importer === undefined) return null;
      if (specifier === 'costkit:main') return { id: main, moduleSideEffects: false };
      const file = specifier.startsWith('.') ? join(dirname(importer), specifier) : taken.get(specifier);
      if (kind === 'dynamic-import' && file !== undefined) loadedBesideMain.add(file);
      return { id: file ?? specifier, external: file === undefined, moduleSideEffects: false };
    },
    load(file) {
      const code = readFileSync(file, 'utf8');
      const map = readFileSync(`${file}.map`, 'utf8');
      // Whatever else is loaded of a package, its main entry is there already or soon will be. Said to the bundler, so
      // that the main entry stays one file instead of one for each set of entries that share modules.
      return { code: loadedBesideMain.has(file) ? `${code}\nimport 'costkit:main';` : code, map };
    },
  };
}

/** A class that is taken in exists twice where its own package is loaded, too: `instanceof` must go by its name. */
function refuseNamelessClasses({ modules }: OutputChunk, path: string): void {
  for (const [id, { code }] of Object.entries(modules)) {
    const classes = code?.match(/\bclass\b/g) ?? [];
    const named = code?.match(/\bstatic instanceName\b/g) ?? [];
    if (!id.startsWith(path + sep) && classes.length > named.length) {
      throw new Error(`${id}: a class would exist twice, and has no instanceName.`);
    }
  }
}

function dependenciesOf(manifest: WorkspacePackage['manifest']): readonly string[] {
  return [manifest.dependencies, manifest.peerDependencies].flatMap((some) => Object.keys(some ?? {}));
}

/** What is taken in brings imports of its own, which only its own package may have declared. */
function refuseUndeclaredImports(part: OutputChunk, declared: ReadonlySet<string>): void {
  for (const specifier of [...part.imports, ...part.dynamicImports]) {
    const [name] = /^(?:@[^/]+\/)?[^/]+/.exec(specifier) ?? [];
    const isFile = /\.js$/.test(specifier) && !specifier.includes('/');
    if (isFile || name === undefined || isBuiltin(specifier) || declared.has(name)) continue;
    throw new Error(`${part.fileName} imports ${specifier}, which its package does not depend on.`);
  }
}
