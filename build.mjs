// Bundles the command line into dist/, so that starting it does not load hundreds of module files.
import { chmod, rm } from 'node:fs/promises';
import { build } from 'esbuild';

/** Where to: the benchmark builds to a folder of its own. */
const outdir = process.argv[2] ?? 'dist';

await rm(outdir, { recursive: true, force: true });
await build({
	// The prober is a process of its own, in another namespace.
	entryPoints: { 'nft-gen': 'src/cli/main.ts', prober: 'src/host/sandbox/prober.ts' },
	outdir,
	bundle: true,
	splitting: true,
	platform: 'node',
	mainFields: ['module', 'main'],
	target: 'node20',
	format: 'esm',
	chunkNames: 'chunks/[name]-[hash]',
	alias: { handlebars: 'handlebars/dist/cjs/handlebars.js' },
	banner: {
		js: "import { createRequire as nodeCreateRequire } from 'node:module';\nconst require = nodeCreateRequire(import.meta.url);",
	},
	// Node reads every byte of it at each start. Names stay as they are: stack traces hold them.
	minifyWhitespace: true,
	minifySyntax: true,
	logLevel: 'warning',
});
await chmod(`${outdir}/nft-gen.js`, 0o755);
