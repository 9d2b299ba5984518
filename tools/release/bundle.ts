import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { publicPackages, type WorkspacePackage } from '../workspace.js';

// The second half of `pnpm build`: joins the modules of each package, because an application pays for every file
// that it loads. Other packages stay imports, so that every module exists once in a process; what is imported
// only when first used stays a file of its own.
await Promise.all(publicPackages().map(bundle));

async function bundle({ path, manifest }: WorkspacePackage): Promise<void> {
  const files = Object.values(manifest.exports ?? {})
    .map((target) => (typeof target === 'string' ? target : (target['default'] ?? '')))
    .filter((file) => file.startsWith('./dist/bundle/'))
    .map((file) => file.slice('./dist/bundle/'.length));
  if (manifest.bin !== undefined) files.push('bin.js');
  const folder = join(path, 'dist/bundle');
  mkdirSync(folder, { recursive: true });
  const { metafile } = await build({
    entryPoints: files.map((file) => join(path, 'dist', file)),
    outdir: folder,
    outbase: join(path, 'dist'),
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    absWorkingDir: path,
    plugins: [mainEntryInOnePart(path, files)],
    // The import that the plugin adds is there for its place in the graph only.
    logOverride: { 'ignored-bare-import': 'silent' },
  });
  // Parts that are no longer written would be published for ever.
  const written = new Set(Object.keys(metafile.outputs).map((file) => join(path, file)));
  for (const name of readdirSync(folder)) {
    if (!written.has(join(folder, name))) rmSync(join(folder, name), { recursive: true });
  }
}

/**
 * Whatever else is loaded of a package, the main entry is there already or soon will be. Said to esbuild, so that
 * the main entry stays in one part instead of one for each set of entries that share modules.
 */
function mainEntryInOnePart(path: string, entries: readonly string[]): Plugin {
  const main = join(path, 'dist/index.js');
  const others = new Set(entries.map((file) => join(path, 'dist', file)));
  others.delete(main);
  return {
    name: 'main-entry-in-one-part',
    setup: ({ onResolve, onLoad }) => {
      onResolve({ filter: /^\./ }, ({ kind, path: specifier, resolveDir }) => {
        if (kind === 'dynamic-import') others.add(join(resolveDir, specifier));
        return undefined;
      });
      onResolve({ filter: /^costkit:main$/ }, () => ({ path: main, sideEffects: true }));
      onLoad({ filter: /\.js$/ }, ({ path: file }) =>
        others.has(file) ? { contents: `${readFileSync(file, 'utf8')}\nimport 'costkit:main';` } : undefined,
      );
    },
  };
}
