import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { probe } from '../../src/host/nft/nft-probe.ts';
import { crashSentence, NFT, type NftOptions } from '../../src/host/nft/nft-process.ts';
import { canListParts, isTooOld, nftVersion, parseVersion } from '../../src/host/nft/nft-version.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import { temporaryFolder } from '../support/folder.ts';

/** An nft that tells its release and does the rest by a shell script; the text is in `$3`. */
async function fake(version: string, rest = 'true'): Promise<NftOptions> {
	const script = `case "$1" in -V) echo "${version}";; *) ${rest};; esac`;
	const folder = await temporaryFolder(onTestFinished, { nft: script });
	return { ...NFT, command: ['sh', join(folder, 'nft')] };
}

const refuse = (pattern: string) =>
	`if grep -qE '${pattern}' "$3"; then echo "$3:3:1-2: Error: Could not process rule: No such file or directory" >&2; exit 1; fi`;

/** What the machine is found to lack. */
async function missing(families: readonly IpFamily[], options: NftOptions) {
	const found = await probe(families, options);
	return found.kind === 'answered' ? found.missing : found;
}

const NEW = 'nftables v1.0.6 (Lester Gooch #5)';

describe('the release of nft', () => {
	it.each([
		['nftables v1.0.6 (Lester Gooch #5)\n  cli:\t\teditline\n  json:\t\tyes\n', [1, 0, 6, true], false],
		['nftables v1.1.1 (Commodore Bullmoose #2)\n  json:\t\tno\n', [1, 1, 1, false], false],
		['nftables v1.0.6.1 (Lester Gooch #5)', [1, 0, 6, null], false],
		['nftables v1.0.2 (Lester Gooch)', [1, 0, 2, null], true],
		['nftables v1.0.0 (Fearless Fosdick #2)', [1, 0, 0, null], true],
		['nftables v0.9.8 (E.D.S.)', [0, 9, 8, null], true],
		['nftables v0.6', [0, 6, 0, null], true],
		['nftables v2.0', [2, 0, 0, null], false],
	])('%j', (text, [major, minor, patch, json], old) => {
		const version = parseVersion(text);
		expect(version).toMatchObject({ major, minor, patch, json });
		expect(version !== null && isTooOld(version)).toBe(old);
	});

	it.each([
		['nftables v1.0.6 (Lester Gooch #5)\n  cli:\t\teditline\n', false],
		['nftables v1.0.9 (Old Doc Yak #3)\n  cli:\t\teditline\n', false],
		['nftables v1.1.1 (Commodore Bullmoose #2)\n  cli:\t\teditline\n', true],
		['nftables v1.1.3 (Commodore Bullmoose #4)\n  cli:\t\teditline\n', true],
		['nftables v1.1.3 (Commodore Bullmoose #4)\n  cli:\t\treadline\n', false],
		['nftables v1.1.3 (Commodore Bullmoose #4)\n  cli:\t\tno\n', false],
		['nftables v1.1.3 (Commodore Bullmoose #4)', false],
	])('that lists parts of a table for little: %j', (text, can) => {
		const version = parseVersion(text);
		expect(version !== null && canListParts(version)).toBe(can);
	});

	it('old ones know another flag', async () => {
		const folder = await temporaryFolder(onTestFinished, {
			nft: `if [ "$1" = --version ]; then echo "nftables v0.9.0 (Fearless Fosdick)"; else exit 1; fi`,
		});
		const version = await nftVersion({ ...NFT, command: ['sh', join(folder, 'nft')] });
		expect(version).toMatchObject({ kind: 'version', minor: 9 });
	});

	it('there is none (fault 36)', async () => {
		expect(await missing(['ip'], { ...NFT, command: ['/nowhere/nft'] })).toEqual([
			{
				feature: 'nft',
				sentence: 'nft cannot be run as /nowhere/nft (does not exist): install nftables 1.0.6 or newer',
			},
		]);
	});

	it('it is too old', async () => {
		expect(await missing(['ip'], await fake('nftables v0.9.8 (E.D.S.)'))).toEqual([
			{ feature: 'nft', sentence: 'nftables v0.9.8 (E.D.S.) is too old: install nftables 1.0.6 or newer' },
		]);
	});

	it('it is another program', async () => {
		const options = await fake('hello');
		expect(await missing(['ip'], options)).toMatchObject([
			{ feature: 'nft', sentence: expect.stringContaining('did not answer as nft does') },
		]);
	});
});

describe('what the machine lacks (fault 40)', () => {
	it('nothing', async () => {
		expect(await missing(['ip', 'ip6'], await fake(NEW))).toEqual([]);
	});

	it.each([
		['numgen', ['numgen', 'nat maps']],
		['fib', ['fib']],
		['reject', ['reject']],
		['masquerade', ['masquerade']],
		['type nat', ['nat', 'nat maps', 'masquerade']],
		['update', ['dynamic sets']],
		['vmap', ['concatenated verdict maps']],
		['elements = .* comment', ['element comments']],
		['ct state', ['connection tracking']],
	])('%s', async (pattern, features) => {
		const found = await missing(['ip'], await fake(NEW, refuse(pattern)));
		const sentence = expect.stringMatching(/^the kernel \(.*lacks .*: .*; nft refused: Could not/);
		expect(found).toEqual(features.map((feature) => ({ feature, sentence })));
	});

	it('a whole family, or the right to do anything', async () => {
		const noIpv6 = await fake(NEW, refuse('table ip6'));
		expect(await missing(['ip', 'ip6'], noIpv6)).toMatchObject([{ feature: 'tables of family ip6' }]);
		const nothing = await fake(NEW, 'echo "Operation not permitted (you must be root)" >&2; exit 1');
		expect(await missing(['ip'], nothing)).toEqual([
			{
				feature: 'tables of family ip',
				sentence: 'no table of family ip can be made here: nft refused: Operation not permitted (you must be root)',
			},
		]);
	});

	it('asks for everything at once, and for each feature only when that is refused', async () => {
		const runs = join(await temporaryFolder(onTestFinished), 'runs');
		const counted = `echo run >> ${runs}; `;
		expect(await missing(['ip', 'ip6'], await fake(NEW, `${counted}true`))).toEqual([]);
		expect(await readFile(runs, 'utf8')).toBe('run\n');
		const noFib = await fake(NEW, `${counted}${refuse('fib')}`);
		expect(await missing(['ip'], noFib)).toMatchObject([{ feature: 'fib' }]);
		expect((await readFile(runs, 'utf8')).split('\n').length).toBeGreaterThan(10);
	});

	it('a text that is refused as a whole, of which each part is taken, lacks nothing', async () => {
		const together = `[ $(grep -c numgen "$3") -lt 2 ] || { ${refuse('numgen')}; }`;
		expect(await missing(['ip', 'ip6'], await fake(NEW, together))).toEqual([]);
	});
});

describe('an nft that does not answer lacks nothing that is known', () => {
	const unanswered = (sentence: string) => ({ kind: 'unanswered', sentence });

	it.each([
		['is killed (fault 35)', 'kill -KILL $$', 'nft was killed by SIGKILL'],
		['crashes (fault 37)', 'kill -SEGV $$', crashSentence('SIGSEGV')],
		['hangs (fault 38)', 'exec sleep 5', 'nft did not end within 0.3 s and was killed'],
		[
			'finds no room (fault 50)',
			'echo "netlink: Error: Could not process rule: No buffer space available" >&2; exit 1',
			'nft refused: Could not process rule: No buffer space available',
		],
	])('%s', async (_name, script, sentence) => {
		expect(await probe(['ip'], { ...(await fake(NEW, script)), timeLimit: 300 })).toEqual(unanswered(sentence));
		// Also while it is asked for one feature.
		const later = await fake(NEW, `if grep -q 'type nat' "$3"; then ${refuse('fib')}; ${script}; fi`);
		expect(await probe(['ip'], { ...later, timeLimit: 300 })).toEqual(unanswered(sentence));
	});

	it('cannot even tell its release', async () => {
		const folder = await temporaryFolder(onTestFinished, { nft: 'kill -KILL $$' });
		const options = { ...NFT, command: ['sh', join(folder, 'nft')] };
		expect(await probe(['ip'], options)).toEqual(unanswered('nft was killed by SIGKILL'));
	});
});
