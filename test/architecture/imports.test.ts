import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

// Who may import whom (design: data flows one way). A folder may always import itself; `pipeline.ts` conducts the stages.
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
	model: [],
	intake: ['model'],
	view: ['model'],
	compile: ['model'],
	render: ['model'],
	trace: ['model'],
	explain: ['model', 'view', 'trace'],
	hints: ['model'],
	versions: ['model'],
	plan: ['model'],
	conntrack: ['model'],
	health: ['model'],
	incremental: ['model', 'intake', 'hints', 'view', 'compile'],
	host: ['model', 'health'],
	readback: ['model'],
	diff: ['model', 'view', 'compile', 'trace'],
	findings: ['model', 'diff', 'intake', 'explain'],
	report: ['model'],
	action: ['model', 'report'],
	'text-diff': [],
	'all-nodes': ['model', 'view', 'compile'],
	check: ['model', 'view', 'compile', 'trace', 'explain', 'diff', 'findings'],
	config: ['model', 'findings'],
	proof: ['model', 'view', 'compile', 'render', 'trace', 'diff', 'findings'],
	overlay: ['model', 'intake', 'hints'],
	agent: ['model', 'compile', 'render', 'incremental', 'plan', 'readback', 'health', 'conntrack', 'host'],
	'pipeline.ts': ['model', 'intake', 'hints', 'view', 'compile'],
	'preview.ts': ['model', 'overlay', 'diff', 'findings', 'pipeline.ts'],
	cli: [
		'model',
		'config',
		'versions',
		'host',
		'health',
		'render',
		'trace',
		'explain',
		'findings',
		'check',
		'incremental',
		'agent',
		'report',
		'action',
		'all-nodes',
		'text-diff',
		'readback',
		'proof',
		'overlay',
		'pipeline.ts',
		'preview.ts',
	],
};

/** Modules of Node that touch files, processes or the network: for host/ and cli/ only. */
const INPUT_OUTPUT = /^node:(?:fs|http|https|child_process|process|os|dgram)/;

interface Import {
	readonly file: string;
	readonly from: string;
	readonly what: string;
}

function sourceFiles(folder: string): readonly string[] {
	return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
		const path = join(folder, entry.name);
		return entry.isDirectory() ? sourceFiles(path) : [path];
	});
}

const FILES = sourceFiles('src');

const IMPORTS: readonly Import[] = FILES.flatMap((file) => {
	const from = file.split('/')[1] ?? '';
	const statements = readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'([^']+)'/g);
	return [...statements].map(([, what = '']) => ({ file, from, what }));
});

function part({ file, what }: Import): string {
	return join(file, '..', what).split('/')[1] ?? '';
}

describe('the architecture', () => {
	it('has only the folders it names', () => {
		expect(new Set(FILES.map((file) => file.split('/')[1]))).toEqual(new Set(Object.keys(MAY_IMPORT)));
	});

	it('lets data flow one way', () => {
		const wrong = IMPORTS.filter((each) => each.what.startsWith('.'))
			.filter((each) => part(each) !== each.from && !MAY_IMPORT[each.from]?.includes(part(each)))
			.map((each) => `${each.file} imports ${each.what}`);
		expect(wrong).toEqual([]);
	});

	it('has no files that import each other in a circle', () => {
		const targets = (file: string) =>
			IMPORTS.filter((each) => each.file === file && each.what.startsWith('.')).map((each) =>
				join(file, '..', each.what),
			);
		const reaches = (file: string, wanted: string, seen: Set<string>): boolean =>
			targets(file).some((next) => {
				if (next === wanted) return true;
				if (seen.has(next)) return false;
				seen.add(next);
				return reaches(next, wanted, seen);
			});
		expect(FILES.filter((file) => reaches(file, file, new Set()))).toEqual([]);
	});

	it('keeps input and output in host and cli', () => {
		const wrong = IMPORTS.filter((each) => INPUT_OUTPUT.test(each.what) && !['host', 'cli'].includes(each.from));
		expect(wrong).toEqual([]);
	});

	it('loads the API library only where a cluster is talked to, and only then', () => {
		const naming = (pattern: RegExp) => FILES.filter((file) => pattern.test(readFileSync(file, 'utf8')));
		expect(naming(/^(?:import|export) (?!type)[^;]*@kubernetes\/client-node/m)).toEqual(['src/host/api-library.ts']);
		expect(naming(/from '[^']*api-library/)).toEqual([]);
		expect(naming(/await import\('\.\/api-library\.ts'\)/)).toEqual(['src/host/kubeconfig.ts']);
	});

	it('has files that one can read at a sitting', () => {
		const long = FILES.filter((file) => readFileSync(file, 'utf8').split('\n').length > 251);
		expect(long).toEqual([]);
	});
});
