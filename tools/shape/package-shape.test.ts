import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packagesIn, ROOT } from '../workspace.js';
import { filesBelow } from './files-below.js';
import { allowedDependencies, LAYERS, LOCAL_IMPORTS, packageName } from './layers.js';
import { README_HEADINGS } from './readme-headings.js';
import { undocumentedOptions } from './undocumented-options.js';

const MAX_LINES = 300;
const MANIFEST_FIELDS = [
  'name',
  'version',
  'description',
  'license',
  'type',
  'sideEffects',
  'repository',
  'bin',
  'exports',
  'types',
  'main',
  'files',
  'engines',
  'scripts',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'devDependencies',
  'publishConfig',
];
const OPTIONAL_FIELDS = [
  'bin',
  'scripts',
  'dependencies',
  'peerDependencies',
  'peerDependenciesMeta',
  'devDependencies',
];

const packages = packagesIn('packages');
const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');
const readJson = (...path: string[]): Record<string, unknown> =>
  JSON.parse(read(...path)) as Record<string, unknown>;
const internal = (dependencies: Readonly<Record<string, string>> = {}): string[] =>
  Object.keys(dependencies).filter((name) => name === 'costkit' || name.startsWith('@costkit/'));
const headingsOf = (markdown: string): string[] =>
  markdown
    .replaceAll(/^(`{3,})[\s\S]*?^\1$/gm, '')
    .split('\n')
    .filter((line) => /^##? /.test(line));

describe('the workspace', () => {
  it('gives every package a layer', () => {
    const known = new Set(Object.values(LAYERS).flat());
    expect(packages.filter(({ folder }) => !known.has(folder)).map(({ folder }) => folder)).toEqual([]);
  });

  it('builds every package', () => {
    const { references } = readJson(ROOT, 'tsconfig.json') as { references: { path: string }[] };
    expect(references.map(({ path }) => path).sort()).toEqual(
      packages.map(({ folder }) => `packages/${folder}`).sort(),
    );
  });

  it('tells contributors the headings of a README', () => {
    const listed = read(ROOT, 'CONTRIBUTING.md')
      .split('<!-- readme-headings:begin -->')[1]
      ?.split('<!-- readme-headings:end -->')[0];
    expect(listed?.trim().split('\n')).toEqual(
      README_HEADINGS.map((heading, index) => `${index + 1}. \`## ${heading}\``),
    );
  });
});

describe.each(packages.map((entry) => [entry.folder, entry] as const))(
  'packages/%s',
  (folder, { path, manifest }) => {
    const sources = filesBelow(join(path, 'src'), '.ts');
    const productive = sources.filter((file) => !/\.test(-d)?\.ts$|\.generated\.ts$/.test(file));

    it('has a package.json of the common shape', () => {
      const fields = Object.keys(manifest);
      expect(fields).toEqual(MANIFEST_FIELDS.filter((field) => fields.includes(field)));
      expect(
        MANIFEST_FIELDS.filter((field) => !fields.includes(field) && !OPTIONAL_FIELDS.includes(field)),
      ).toEqual([]);
      expect(manifest).toMatchObject({
        name: packageName(folder),
        license: 'Apache-2.0',
        type: 'module',
        sideEffects: false,
        repository: {
          type: 'git',
          url: 'git+https://github.com/costkit/costkit.git',
          directory: `packages/${folder}`,
        },
        types: './dist/index.d.ts',
        main: './dist/bundle/index.js',
        files: [
          ...(manifest.bin === undefined ? [] : ['bin.js']),
          'dist/bundle',
          'dist/**/*.d.ts',
          'dist/**/*.d.ts.map',
          'src',
          '!src/**/*.test.ts',
          '!src/**/*.test-d.ts',
          'README.md',
          'CHANGELOG.md',
          'LICENSE',
        ],
        engines: { node: '>=20.19' },
        publishConfig: { access: 'public', provenance: true },
      });
    });

    it('exports sources, types and code of every entry point', () => {
      const { './package.json': ownManifest, ...entries } = manifest.exports ?? {};
      expect(ownManifest).toBe('./package.json');
      expect(Object.keys(entries)).toContain('.');
      for (const target of Object.values(entries)) {
        const source = (target as Record<string, string>)['@costkit/source'] ?? '';
        const name = source.replace('./src/', '').replace(/\.ts$/, '');
        expect(Object.entries(target)).toEqual([
          ['@costkit/source', source],
          ['types', `./dist/${name}.d.ts`],
          ['default', `./dist/bundle/${name}.js`],
        ]);
        expect(existsSync(join(path, source)), `${source} exists`).toBe(true);
      }
    });

    it('depends on lower layers only', () => {
      const allowed = allowedDependencies(folder).map(packageName);
      const used = [...internal(manifest.dependencies), ...internal(manifest.peerDependencies)];
      expect(used.filter((name) => !allowed.includes(name))).toEqual([]);
    });

    it('takes our packages from the workspace, the SDK as a peer from the floor on, and all else at one version', () => {
      const { dependencies = {}, peerDependencies = {}, devDependencies = {} } = manifest;
      for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies })) {
        if (name === 'costkit' || name.startsWith('@costkit/')) expect(range, name).toBe('workspace:^');
        else if (range !== 'catalog:') expect(range, name).toMatch(/^\d+\.\d+\.\d+(-r\.\d+)?$/);
      }
      for (const [name, range] of Object.entries(peerDependencies)) {
        if (name.startsWith('@aws-sdk/')) {
          expect(range, name).toBe('^3.1101.0');
          expect(devDependencies[name], `${name} for the tests`).toBe('catalog:');
        }
      }
    });

    it('has a tsconfig.json of the common shape that refers to what it depends on', () => {
      const { references = [], ...tsconfig } = readJson(path, 'tsconfig.json') as {
        references?: { path: string }[];
      };
      expect(tsconfig).toEqual({
        extends: '../../tsconfig.base.json',
        compilerOptions: { rootDir: 'src', outDir: 'dist', tsBuildInfoFile: 'dist/.tsbuildinfo' },
        include: ['src'],
        exclude: ['src/**/*.test.ts', 'src/**/*.test-d.ts'],
      });
      expect(references.map(({ path: reference }) => packageName(basename(reference))).sort()).toEqual(
        internal(manifest.dependencies).sort(),
      );
    });

    it('carries the licence of the repository', () => {
      expect(read(path, 'LICENSE')).toBe(read(ROOT, 'LICENSE'));
    });

    it('has a changelog', () => {
      expect(read(path, 'CHANGELOG.md').split('\n')[0]).toBe(`# ${packageName(folder)}`);
    });

    it('has a README with the common headings, a sentence under its name, and the line that installs it', () => {
      const readme = read(path, 'README.md');
      expect(headingsOf(readme)).toEqual([
        `# ${packageName(folder)}`,
        ...README_HEADINGS.map((heading) => `## ${heading}`),
      ]);
      expect(readme.split('\n\n')[1]).toMatch(/^[A-Z`][^#]*\.$/);
      expect(readme).toMatch(new RegExp(`npm install (\\S+ )*${packageName(folder)}\\b`));
    });

    it('exports by name only', () => {
      const index = read(path, 'src/index.ts')
        .replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
        .trim();
      const statements = index
        .split(';')
        .map((statement) => statement.trim())
        .filter((statement) => statement !== '');
      const named = /^export (type )?\{[^}*]+\} from '(\.\/[\w/.-]+\.js|@costkit\/[\w-]+)'$/;
      expect(statements.filter((statement) => !named.test(statement))).toEqual([]);
      expect(statements).not.toEqual([]);
      expect(index).not.toMatch(/\bdefault\b/);
    });

    it('keeps one concept per file, in files named after it', () => {
      const long = productive.filter((file) => read(file).split('\n').length - 1 > MAX_LINES);
      const misnamed = sources.filter(
        (file) => !/^_?[a-z0-9]+(-[a-z0-9]+)*(\.(test|test-d|generated))?\.ts$/.test(basename(file)),
      );
      const withDefault = productive.filter((file) => /^export default\b/m.test(read(file)));
      const shown = (files: readonly string[]): string[] => files.map((file) => relative(path, file));
      expect({ long: shown(long), misnamed: shown(misnamed), withDefault: shown(withDefault) }).toEqual({
        long: [],
        misnamed: [],
        withDefault: [],
      });
    });

    it('says what every option is', () => {
      const exported = new Set(read(path, 'src/index.ts').match(/\w+/g));
      const undocumented = productive.flatMap(undocumentedOptions);
      expect(
        undocumented.filter(({ type }) => exported.has(type)).map(({ type, field }) => `${type}.${field}`),
      ).toEqual([]);
    });

    it('is tested', () => {
      const tests = [
        ...filesBelow(join(path, 'tests'), '.test.ts'),
        ...sources.filter((file) => file.endsWith('.test.ts')),
      ];
      expect(tests.length).toBeGreaterThan(0);
      const isPlugin = LAYERS['levers']?.includes(folder) && /\w+Plugin\b/.test(read(path, 'src/index.ts'));
      if (isPlugin)
        expect(existsSync(join(path, 'tests/contract.test.ts')), 'tests/contract.test.ts exists').toBe(true);
    });
  },
);

describe('packages/local', () => {
  it('imports the catalogue and nothing else of ours', () => {
    const path = join(ROOT, 'packages/local/src');
    const imported = filesBelow(path, '.ts')
      .filter((file) => !/\.test(-d)?\.ts$/.test(file))
      .flatMap((file) =>
        [...read(file).matchAll(/from '((?:@costkit\/|costkit)[^']*)'/g)].map((match) => match[1] ?? ''),
      );
    expect([...new Set(imported)].filter((name) => !LOCAL_IMPORTS.includes(name))).toEqual([]);
  });
});
