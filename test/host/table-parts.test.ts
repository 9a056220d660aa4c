import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { NFT } from '../../src/host/nft/nft-process.ts';
import { listTableInParts } from '../../src/host/nft/table-parts.ts';
import { temporaryFolder } from '../support/folder.ts';

const doc = (...objects: readonly unknown[]) => JSON.stringify({ nftables: [{ metainfo: {} }, ...objects] });
const chain = (name: string, table = 'a') => ({ chain: { family: 'ip', table, name } });
const rule = (name: string) => ({ rule: { family: 'ip', table: 'a', chain: name } });

/** An nft that knows a table and its chains; to `spoil` it gives what it answers to a command. */
async function fake(chains: readonly string[], spoil = 'cat') {
	const others = doc(chain('x', 'other'));
	const names = doc(...chains.map((name) => chain(name)), chain('x', 'other'));
	const answers = [
		`'list tables ip') echo '${doc({ table: { family: 'ip', name: 'a' } }, { table: { family: 'ip', name: 'other' } })}';;`,
		`'list chains ip') echo '${names}';;`,
		...chains.map((name) => `'list chain ip a ${name}') echo '${doc(chain(name), rule(name))}';;`),
		`*) echo '${others}';;`,
	];
	const folder = await temporaryFolder(onTestFinished, {
		log: '',
		nft: [
			`cd "$(dirname "$0")"; echo "$@" >> log`,
			`case "$*" in *--interactive*) while read -r line; do case "$line" in`,
			...answers,
			`esac; done | ${spoil};; *) echo '${doc('whole')}';; esac`,
		].join('\n'),
	});
	const options = { ...NFT, command: ['sh', join(folder, 'nft')], folder };
	const calls = async () => (await readFile(join(folder, 'log'), 'utf8')).trim().split('\n');
	return { options, calls };
}

const PARTS = '--json --numeric --interactive';
const WHOLE = '--json --numeric list table ip a';

describe('a table in parts', () => {
	const chains = ['b', 'c', 'd', 'e', 'f'];
	const limits = { whole: 2, chains: 2 };

	it('is what is in it, and nothing of others, asked for by so many chains at a time', async () => {
		const { options, calls } = await fake(chains);
		const listing = await listTableInParts('ip', 'a', options, limits);
		const nftables = [
			{ table: { family: 'ip', name: 'a' } },
			...chains.map((name) => chain(name)),
			...chains.map(rule),
		];
		expect(listing).toMatchObject({ kind: 'listed', json: { nftables }, isOneMoment: false });
		expect(await calls()).toEqual([PARTS, PARTS, PARTS, PARTS]);
	});

	it.each([
		['is small', ['b', 'c'], 'cat', 1],
		['has a chain of a name that would have to be quoted', [...chains, 'a b'], 'cat', 1],
		['is not answered to the end', chains, 'head -n 5', 1],
		['loses a chain meanwhile', chains, 'grep -v \'"e".*rule\'', 3],
		['is answered by what is no JSON', chains, 'sed s/rule/\\"/', 2],
	])('is asked for at once where it %s', async (_what, names, spoil, parts) => {
		const { options, calls } = await fake(names, spoil);
		const listing = await listTableInParts('ip', 'a', options, limits);
		expect(listing).toMatchObject({ kind: 'listed', json: JSON.parse(doc('whole')), isOneMoment: true });
		expect(await calls()).toEqual([...Array.from({ length: parts }, () => PARTS), WHOLE]);
	});
});
