import { chmod, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openCapture } from '../../src/host/capture-file.ts';
import { kubeconfig } from '../support/api-server.ts';
import { nftGen, PROGRAM } from '../support/cli.ts';
import { endpoint, service, serviceCidr, slice } from '../support/objects.ts';
import { BAD, OBJECTS, shopFolder, YAML } from '../support/shop.ts';
import { type StandIn, startStandIn } from '../support/stand-in-api-server.ts';

const POD = {
	apiVersion: 'v1',
	kind: 'Pod',
	metadata: { name: 'api-0', namespace: 'shop', labels: { app: 'api' } },
	spec: { nodeName: 'n1', containers: [{ env: [{ name: 'PASSWORD', value: 'S3CRET' }] }] },
	status: { phase: 'Running', podIPs: [{ ip: '10.244.1.7' }], conditions: [{ type: 'Ready', status: 'True' }] },
};

async function cluster(): Promise<{
	readonly server: StandIn;
	readonly cwd: string;
	readonly live: readonly string[];
}> {
	const server = await startStandIn();
	onTestFinished(server.close);
	server.put(...OBJECTS, service('api', ['10.96.0.21']), slice('api', [endpoint({ address: '10.244.1.7' })]));
	server.put(serviceCidr('10.96.0.0/16'), POD);
	const cwd = await shopFolder({ config: kubeconfig(server.url) });
	return { server, cwd, live: ['--kubeconfig', 'config'] };
}

describe('nft-gen capture', () => {
	it('saves a live cluster, for its owner only, and rules made of the file are those made of the cluster', async () => {
		const { cwd, live } = await cluster();
		const { code, stdout, lines } = await nftGen(['capture', '-o', 'c.json.gz', ...live], { cwd });
		expect([code, stdout, lines]).toEqual([
			0,
			'',
			['captured 2 Service, 2 EndpointSlice, 2 Node, 1 Pod, 1 ServiceCIDR'],
		]);
		expect((await stat(join(cwd, 'c.json.gz'))).mode & 0o777).toBe(0o600);
		expect((await readdir(cwd)).sort()).toEqual(['c.json.gz', 'config']);
		const options = ['render', '--node', 'n1', '--hints', 'as-is'];
		const fromCluster = await nftGen([...options, ...live], { cwd });
		const fromFile = await nftGen([...options, '-f', 'c.json.gz'], { cwd });
		expect(fromFile.stdout).toBe(fromCluster.stdout);
		expect(fromFile.stdout).toContain('shop/api');
		expect(fromFile.lines.at(-1)).toBe('node n1: read 2 Service, 2 EndpointSlice, 2 Node, 1 Pod, 1 ServiceCIDR');
	});

	it('twice of one state gives the same bytes, also through standard output, and nothing secret', async () => {
		const { server, cwd, live } = await cluster();
		await nftGen(['capture', '-o', 'one.gz', ...live], { cwd });
		server.put(...server.objects('nodes'));
		server.behave({ shuffled: true });
		const { stdout } = await execa(process.execPath, [PROGRAM, 'capture', '-o', '-', ...live], {
			cwd,
			encoding: 'buffer',
			stripFinalNewline: false,
		});
		const one = await readFile(join(cwd, 'one.gz'));
		expect(one.equals(stdout)).toBe(true);
		const text = JSON.stringify(openCapture('one.gz', one));
		expect(text).toContain('api-0');
		expect(text).not.toContain('S3CRET');
	});

	it('from files, one of which may be a capture; what is wrong with them is told', async () => {
		const cwd = await shopFolder({ 'a.yaml': YAML, 'bad.yaml': 'kind: Node\napiVersion: v1\nmetadata: {}\n' });
		const first = await nftGen(['capture', '-o', 'one.gz', '-f', 'a.yaml', '-f', 'bad.yaml'], { cwd });
		expect([first.code, first.lines[0], first.lines.at(-1)]).toEqual([
			0,
			expect.stringMatching(/^bad\.yaml:3:11: error: Node: metadata\.name is missing/),
			'captured 1 Service, 1 EndpointSlice, 2 Node',
		]);
		const second = await nftGen(['capture', '-o', 'two.gz', '-f', 'one.gz'], { cwd });
		expect(second.code).toBe(0);
		expect((await readFile(join(cwd, 'two.gz'))).equals(await readFile(join(cwd, 'one.gz')))).toBe(true);
	});

	it('a file that is there keeps its mode', async () => {
		const cwd = await shopFolder({ 'a.yaml': YAML, 'c.gz': '' });
		await chmod(join(cwd, 'c.gz'), 0o640);
		await nftGen(['capture', '-o', 'c.gz', '-f', 'a.yaml'], { cwd });
		expect((await stat(join(cwd, 'c.gz'))).mode & 0o777).toBe(0o640);
	});

	it.each<[string, readonly string[], number, RegExp]>([
		['nothing to save', ['-o', 'c.gz', '-f', 'empty.yaml'], 1, /^nft-gen: nothing was written: there is no Service, /],
		[
			'no folder',
			['-o', 'none/c.gz', '-f', 'a.yaml'],
			1,
			/none\/c\.gz cannot be written: it is in a folder that does not exist$/,
		],
		['no output', ['-f', 'a.yaml'], 64, /required option '-o, --output <file>' not specified/],
		['a stray word', ['-o', 'c.gz', 'a.yaml'], 64, /"a\.yaml" is no option; write -f before each file/],
		['files and a cluster', ['-o', 'c.gz', '-f', 'a.yaml', '--context', 'x'], 64, /pass one or the other/],
		['no such cluster', ['-o', 'c.gz', '--kubeconfig', 'none'], 1, /the kubeconfig none cannot be read/],
	])('%s is refused', async (_, args, expected, sentence) => {
		const cwd = await shopFolder({ 'a.yaml': YAML, 'empty.yaml': '', 'bad.yaml': BAD });
		const { code, stdout, lines } = await nftGen(['capture', ...args], { cwd });
		expect([code, stdout]).toEqual([expected, '']);
		expect(lines.at(-1)).toMatch(sentence);
		expect(await readdir(cwd)).not.toContain('c.gz');
	});

	it('a capture of a later format is refused by who reads it', async () => {
		const cwd = await shopFolder({ 'c.json': '{"format":"nft-gen-capture","format_version":"2.0","objects":[]}' });
		const { code, lines } = await nftGen(['render', '--node', 'n1', '-f', 'c.json'], { cwd });
		expect([code, lines[0]]).toEqual([
			1,
			'c.json: error: it is a capture of format 2.0, and this nft-gen reads 1.x: use the one that made it; nothing is read from it [unreadable-file]',
		]);
	});
});
