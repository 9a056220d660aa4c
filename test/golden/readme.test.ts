import { readFileSync } from 'node:fs';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { releaseName } from '../../src/versions/behaviour.ts';
import { GATES, type Gate, OLDEST } from '../../src/versions/table.ts';

const README = readFileSync('README.md', 'utf8');

/** The code blocks of a language. */
function blocks(language: string): readonly string[] {
	return [...README.matchAll(new RegExp(`\`\`\`${language}\\n(.*?)\`\`\``, 'gs'))].map(([, code = '']) => code);
}

describe('the README', () => {
	it('shows rules that the example really gives', () => {
		const golden = readFileSync('golden/scenarios/shop/n1.nft', 'utf8').split('\n');
		const known = new Set(golden.map((line) => line.trim()));
		const shown = blocks('nft').flatMap((code) => code.split('\n').map((line) => line.trim()));
		expect(shown.filter((line) => !known.has(line))).toEqual([]);
		expect(shown.length).toBeGreaterThan(20);
	});

	it('names every flag that the help names, and no other', async () => {
		const { stdout } = await execa('node', ['dist/nft-gen.js', 'render', '--help']);
		const flags = (text: string) => new Set([...text.matchAll(/(?<![\w-])--[a-z][a-z-]+/g)].map(([flag]) => flag));
		const rows = README.split('\n').filter((line) => line.startsWith('| `-'));
		const helpOnly = ['--help'];
		expect([...flags(rows.join('\n'))].sort()).toEqual(
			[...flags(stdout)].filter((flag) => !helpOnly.includes(flag)).sort(),
		);
	});

	it('names every feature gate, with the releases in which it changed', () => {
		const told = Object.entries<Gate>(GATES).map(([name, { added, on, locked, removed }]) => {
			const steps = [
				on === OLDEST ? 'always on' : `on ${releaseName(on)}`,
				...(locked === null ? [] : [`locked ${releaseName(locked)}`]),
				...(removed === null ? [] : [`gone ${releaseName(removed)}`]),
			];
			return `\`${name}\`: ${[releaseName(added), ...steps].join(', ')} |`;
		});
		expect(told.filter((text) => !README.includes(text))).toEqual([]);
	});

	it('shows what commands really print', async () => {
		const runs = blocks('console')
			.join('')
			.split(/^\$ nft-gen /m)
			.slice(1);
		expect(runs.length).toBeGreaterThan(0);
		for (const run of runs) {
			const [command = '', ...shown] = run.trimEnd().split('\n');
			const { stdout } = await execa('node', ['dist/nft-gen.js', ...command.split(' ')]);
			expect(stdout).toBe(shown.join('\n'));
		}
	});

	it('names everything that trace can start from and lead to', async () => {
		const { stdout } = await execa('node', ['dist/nft-gen.js', 'trace', '--help']);
		const kinds = (text: string) =>
			new Set([...text.matchAll(/\b(?:pod|svc|lb|nodeport|ip):[A-Z][A-Z/:]*/g)].map(([kind]) => kind));
		const rows = README.split('\n').filter((line) => /^\| `[a-z]+:[A-Z]/.test(line));
		expect(kinds(rows.join('\n'))).toEqual(kinds(stdout.slice(stdout.indexOf('\n--from'))));
	});

	it('gives the commands that set everything up', () => {
		expect(blocks('sh').join('')).toContain('npm ci && npm test\n');
		expect(readFileSync('.ci/run', 'utf8')).toMatch(/\nnpm ci\nnpm test\n$/);
	});
});
