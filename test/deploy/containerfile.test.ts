import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const TEXT = readFileSync('deploy/Containerfile', 'utf8');
const IGNORE = readFileSync('deploy/Containerfile.dockerignore', 'utf8');

/** Instructions, with what is continued on further lines in one. */
const INSTRUCTIONS: readonly string[] = TEXT.split('\n')
	.filter((line) => !line.startsWith('#'))
	.join('\n')
	.replaceAll(/\\\n\s*/g, '')
	.split('\n')
	.filter((line) => line !== '');

function instructions(name: string): readonly string[] {
	return INSTRUCTIONS.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));
}

describe('the Containerfile', () => {
	it('stands on images and packages of one version each', () => {
		for (const from of instructions('FROM'))
			expect(from).toMatch(/^docker\.io\/library\/\w+:(\d+\.\d+[\w.-]*|\$\{DEBIAN\}-slim)( AS \w+)?$/);
		const [debian, ...packages] = instructions('ARG');
		expect(debian).toMatch(/^DEBIAN=\d+\.\d+$/);
		for (const pinned of packages) expect(pinned).toMatch(/^(NFTABLES|CONNTRACK)=(1:)?\d+\.\d+\.\d+-/);
		expect(TEXT).toContain('"nftables=$NFTABLES" "conntrack=$CONNTRACK"');
	});

	it('can be built with other releases of Debian and its packages, as the page says', () => {
		const page = readFileSync('deploy/README.md', 'utf8');
		const others = [...page.matchAll(/--build-arg (\w+)=/g)].map(([, name]) => name);
		expect(others).toEqual(instructions('ARG').map((line) => line.split('=')[0]));
	});

	it('has Node of the release that package.json asks for, and the npm packages of the lock file only', () => {
		const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
		expect(engines.node).toBe('>=20');
		expect(instructions('FROM')[0]).toMatch(/\/node:20\./);
		expect(TEXT).toContain('npm ci --ignore-scripts');
		expect(TEXT).not.toMatch(/npm (?:i|install)\b/);
	});

	it('copies files that are there and that the build may read', () => {
		const sources = instructions('COPY')
			.filter((line) => !line.startsWith('--from'))
			.flatMap((line) => line.split(' ').slice(0, -1));
		for (const source of sources) {
			expect(existsSync(source), source).toBe(true);
			expect(IGNORE.split('\n'), source).toContain(`!${source}`);
		}
	});

	it('starts nft-gen, which lies in files that nobody can write', () => {
		expect(instructions('ENTRYPOINT')).toEqual(['["/usr/local/bin/nft-gen"]']);
		expect(TEXT).toContain('chmod -R a-w,a+rX /opt/nft-gen');
	});
});
