// Bundles the command line into dist/, so that starting it does not load hundreds of module files.
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { tsImport } from 'tsx/esm/api';

/** Where to: the benchmark builds to a folder of its own. */
const outdir = process.argv[2] ?? 'dist';

/** The built-in templates are part of the bundle, compiled, so that Handlebars' compiler is loaded for a user's own only. */
const compiledTemplates = {
	name: 'compiled-templates',
	setup: ({ onLoad }) =>
		onLoad({ filter: /\/src\/cli\/built-in-templates\.ts$/ }, async () => {
			const { builtInFolder, readTemplates } = await tsImport('./src/host/templates.ts', import.meta.url);
			const { templatesCode } = await tsImport('./src/render/compile-templates.ts', import.meta.url);
			const code = templatesCode(await readTemplates(builtInFolder()));
			return { contents: `const templates = ${code};\nexport const builtInTemplates = async () => templates;` };
		}),
};

/**
 * What is loaded late loads the whole program as well, which is there already. All files of the program are then needed by all that is
 * loaded late, and are bundled into one file; otherwise they would be as many as there are ways to share them. Of packages that are
 * loaded late there is the default export only.
 */
const oneProgram = {
	name: 'one-program',
	setup: ({ onResolve, onLoad }) => {
		onResolve({ filter: /./ }, ({ kind, path, resolveDir }) => {
			if (kind !== 'dynamic-import' || resolveDir.includes('node_modules')) return undefined;
			return { path: path.startsWith('.') ? join(resolveDir, path) : path, namespace: 'late' };
		});
		onLoad({ filter: /./, namespace: 'late' }, ({ path }) => {
			const what = path.startsWith('/') ? '*' : '{ default }';
			return {
				contents: `import ${JSON.stringify(PROGRAM)}; export ${what} from ${JSON.stringify(path)};`,
				resolveDir: process.cwd(),
			};
		});
	},
};

const PROGRAM = './src/cli/program.ts';

const shared = {
	outdir,
	bundle: true,
	platform: 'node',
	mainFields: ['module', 'main'],
	target: 'node20',
	format: 'esm',
	alias: {
		handlebars: 'handlebars/dist/cjs/handlebars.js',
		'handlebars/runtime.js': 'handlebars/dist/cjs/handlebars.runtime.js',
	},
	banner: {
		js: "import { createRequire as nodeCreateRequire } from 'node:module';\nconst require = nodeCreateRequire(import.meta.url);",
	},
	// Node reads every byte of it at each start. Names stay as they are: stack traces hold them.
	minifyWhitespace: true,
	minifySyntax: true,
	logLevel: 'warning',
};

await rm(outdir, { recursive: true, force: true });
await build({
	...shared,
	entryPoints: { 'nft-gen': 'src/cli/main.ts' },
	splitting: true,
	chunkNames: 'chunks/[name]-[hash]',
	plugins: [compiledTemplates, oneProgram],
});
// The prober is a process of its own, in another namespace.
await build({ ...shared, entryPoints: { prober: 'src/host/sandbox/prober.ts' } });
await chmod(`${outdir}/nft-gen.js`, 0o755);
