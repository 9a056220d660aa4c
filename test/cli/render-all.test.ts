import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { nftGen } from '../support/cli.ts';
import { node } from '../support/objects.ts';
import { BAD, shopFolder, YAML } from '../support/shop.ts';

const ALL = ['render', '--all-nodes', '-f', 'a.yaml', '-o', 'rendered/nodes'];

describe('nft-gen render --all-nodes', () => {
	it('writes what render --node prints, a file for each node', async () => {
		const cwd = await shopFolder();
		const { code, stdout, lines } = await nftGen(ALL, { cwd });
		expect([code, stdout, lines]).toEqual([
			0,
			'',
			['2 nodes: wrote 2 files, 0 had nothing new; read 1 Service, 1 EndpointSlice, 2 Node'],
		]);
		for (const name of ['n1', 'n2']) {
			const { stdout: rules } = await nftGen(['render', '--node', name, '-f', 'a.yaml'], { cwd });
			expect(readFileSync(join(cwd, `rendered/nodes/${name}.nft`), 'utf8')).toBe(rules);
		}
	});

	it('touches only files that change, and removes none', async () => {
		const cwd = await shopFolder();
		const file = (name: string) => join(cwd, 'rendered/nodes', name);
		await nftGen(ALL, { cwd });
		writeFileSync(file('n1.nft'), 'old');
		for (const name of ['n9.nft', 'README.md']) writeFileSync(file(name), 'theirs');
		utimesSync(file('n2.nft'), 1, 1);
		const { code, lines } = await nftGen(ALL, { cwd });
		expect([code, lines]).toEqual([
			0,
			[
				'rendered/nodes has 1 more .nft file of no Node in the input: n9.nft',
				'2 nodes: wrote 1 file, 1 had nothing new; read 1 Service, 1 EndpointSlice, 2 Node',
			],
		]);
		expect(statSync(file('n2.nft')).mtimeMs).toBe(1000);
		expect(readFileSync(file('n1.nft'), 'utf8')).toContain('the rules of node n1');
		expect([readFileSync(file('n9.nft'), 'utf8'), readFileSync(file('README.md'), 'utf8')]).toEqual([
			'theirs',
			'theirs',
		]);
	});

	it('says what holds for many nodes once', async () => {
		const nodes = [3, 4, 5].map((number) => ({ ...node(number, 'a'), spec: {} }));
		const lonely = nodes.map((object) => stringify(object)).join('---\n');
		const services = YAML.split('---\n').filter((text) => !text.includes('kind: Node'));
		const cwd = await shopFolder({ 'a.yaml': [...services, lonely].join('---\n') });
		const { code, lines } = await nftGen(ALL, { cwd });
		expect(code).toBe(0);
		expect(lines.filter((line) => line.includes('[no-pod-network]'))).toEqual([
			expect.stringMatching(/^a\.yaml: warning: Node n3: .*\(so it is for 2 more Nodes\)/),
		]);
	});

	it.each([
		[
			'there are errors and --strict',
			{ 'a.yaml': `${YAML}---\n${BAD}` },
			['--strict'],
			/nothing was written: the input has errors/,
		],
		['there is no Node', { 'a.yaml': BAD }, [], /nothing was written: there is no Node in the input/],
		['there is nothing', { 'a.yaml': 'kind: ConfigMap\n' }, [], /nothing was written: there is no Service/],
	])('writes nothing where %s', async (_what, files, options, why) => {
		const cwd = await shopFolder(files);
		const { code, stderr } = await nftGen([...ALL, ...options], { cwd });
		expect([code, existsSync(join(cwd, 'rendered'))]).toEqual([1, false]);
		expect(stderr).toMatch(why);
	});

	it('says why it cannot write', async () => {
		const cwd = await shopFolder({ 'a.yaml': YAML, rendered: 'a file' });
		const { code, lines } = await nftGen(ALL, { cwd });
		expect([code, lines.at(-1)]).toEqual([
			1,
			'nft-gen: the folder rendered/nodes cannot be written: it does not exist',
		]);
	});

	it.each([
		[['--node', 'n1'], /pass one or the other/],
		[['--zone', 'a'], /--zone and --node-ip are of one node/],
		[['--node-ip', '10.0.0.1'], /--zone and --node-ip are of one node/],
	])('refuses %j', async (options, message) => {
		const { code, stderr } = await nftGen([...ALL, ...options]);
		expect(code).toBe(64);
		expect(stderr).toMatch(message);
	});

	it('wants the name of the folder', async () => {
		const { code, stderr } = await nftGen(['render', '--all-nodes', '-f', 'a.yaml']);
		expect([code, stderr]).toEqual([64, 'nft-gen: --all-nodes writes files; name their folder with -o\n']);
	});
});
