import { describe, expect, it, onTestFinished } from 'vitest';
import {
	readCidrs,
	readDetectLocal,
	readFamilies,
	readMasqueradeBit,
	readNodeIps,
	readNodeName,
	readNodePortAddresses,
	readTableName,
	readZone,
} from '../../src/cli/options.ts';
import { nftGen } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';

const NODE = ['render', '--node', 'n1'];

describe('the command line', () => {
	it('--help explains on standard output', async () => {
		const [all, render] = await Promise.all([nftGen(['--help']), nftGen(['render', '--help'])]);
		expect([all?.code, all?.stderr, render?.code, render?.stderr]).toEqual([0, '', 0, '']);
		expect(all?.stdout).toMatch(/Usage: nft-gen \[options\] \[command\]/);
		for (const text of [
			'--node <name>',
			'-f, --filename <path>',
			'--strict',
			'--kubeconfig <file>',
			'Exit codes: 0 done, 1 failed, 64',
		]) {
			expect(render?.stdout).toContain(text);
		}
		expect(render?.stdout.split('\n').filter((line) => line.length > 120)).toEqual([]);
	});

	it('--version says which', async () => {
		expect(await nftGen(['--version'])).toMatchObject({ code: 0, stdout: '0.1.0\n', stderr: '' });
	});

	it.each([
		['nothing', [], /Usage: nft-gen/],
		['an unknown command', ['rendr'], /unknown command 'rendr'\n\(Did you mean render\?\)/],
		['an unknown option', [...NODE, '--stict'], /unknown option '--stict'\n\(Did you mean --strict\?\)/],
		['no node', ['render'], /required option '--node <name>' not specified/],
		['-f without a path', [...NODE, '-f'], /option '-f, --filename <path>' argument missing/],
		['two paths after one -f', [...NODE, '-f', 'a', 'b'], /^nft-gen: "b" is no option; write -f before each file$/m],
		['a word that stands alone', ['render', 'x', '--node', 'n1'], /^nft-gen: "x" is no option/m],
		[
			'files and a cluster',
			[...NODE, '-f', 'a', '--context', 'c'],
			/^nft-gen: -f names files, --kubeconfig and --context a live cluster; pass one or the other$/m,
		],
		[
			'a feature gate that the version has not',
			[...NODE, '--kubernetes-version', '1.29', '--feature-gates', 'PreferSameTrafficDistribution=true'],
			/^nft-gen: feature gate PreferSameTrafficDistribution came with 1.33 and is unknown in Kubernetes 1.29$/m,
		],
		[
			'a feature gate that nobody has',
			[...NODE, '--feature-gates', 'TopologyHints=true'],
			/^nft-gen: there is no feature gate TopologyHints that decides about Services; did you mean TopologyAwareHints/m,
		],
		['a word that draws', [...NODE, '\u001b[31mx'], /"\ufffd\[31mx" is no option/],
	])('%s: exit 64', async (_what, args, expected) => {
		const { code, stdout, stderr } = await nftGen(args);
		expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
		expect(stderr).toMatch(expected);
	});

	it.each([
		['--node', 'n1;flush ruleset'],
		['--kubernetes-version', '1.20'],
		['--feature-gates', 'TopologyAwareHints'],
		['--feature-gates', 'TopologyAwareHints=yes'],
		['--zone', 'a b'],
		['--cluster-cidr', '10.0.0.0'],
		['--service-cidr', 'x/8'],
		['--nodeport-addresses', 'any'],
		['--masquerade-bit', '32'],
		['--detect-local', 'bridge'],
		['--families', 'ip'],
		['--table', 'kube-proxy'],
		['--hints', 'some'],
		['--table', 'drop'],
		['--node-ip', 'localhost'],
	])('%s %j is refused: exit 64, saying what it wants', async (flag, value) => {
		const { code, stdout, lines } = await nftGen([...NODE, '-f', '-', flag, value]);
		expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
		expect(lines).toEqual([
			expect.stringMatching(/^error: option '--[^']+' argument '.*' is invalid\. It wants .+\.$/),
		]);
	});

	it('no kubeconfig and no -f: exit 1, saying what to pass', async () => {
		const home = await temporaryFolder(onTestFinished);
		expect(await nftGen(NODE, { env: { HOME: home } })).toMatchObject({
			code: 1,
			stdout: '',
			stderr: 'nft-gen: no kubeconfig was found; pass --kubeconfig, or files with -f\n',
		});
	});

	it('a kubeconfig that is not there: exit 1', async () => {
		const { code, lines } = await nftGen([...NODE, '--kubeconfig', '/no/such']);
		expect(code).toBe(1);
		expect(lines).toEqual([expect.stringMatching(/^nft-gen: the kubeconfig \/no\/such cannot be read: ENOENT/)]);
	});
});

describe('option values', () => {
	it.each([
		[readNodeName, ['', 'n1;flush ruleset', 'N1', 'n1-', 'a'.repeat(254), 'n1\n']],
		[readZone, ['', 'a b', 'a-', 'a"\n', '_a', 'a'.repeat(64)]],
		[readCidrs, ['', '10.0.0.0', '10.0.0.0/8,', '10.0.0.0/33', '10.0.0.0/8 ,fd00::/8', 'x/8']],
		[readNodePortAddresses, ['', 'any', 'primary,10.0.0.1', 'primary,']],
		[readMasqueradeBit, ['32', '-1', '1.5', '', '0x1', ' 1', '1e1']],
		[
			readDetectLocal,
			[
				'',
				'node',
				'bridge',
				'bridge:',
				'bridge:a:b',
				'none:x',
				'prefix:abcdefghijklmno',
				'bridge:abcdefghijklmnop',
				'bridge:a"b',
			],
		],
		[readFamilies, ['', 'ip', 'ipv4,', 'IPv4']],
		[readTableName, ['', '1a', 'a b', 'kube-proxy', 'a;b', 'a'.repeat(101), 'a\n']],
		[readNodeIps, ['', 'localhost', '10.0.0.1,', 'fe80::1%eth0', '10.0.0.1/32']],
	] as const)('%o refuses what is none', (reader, texts) => {
		for (const text of texts) expect(() => reader(text), JSON.stringify(text)).toThrow(/^It wants /);
	});

	it.each([
		[readNodeName, 'ip-10-0-0-1.eu-west-1.compute.internal', 'ip-10-0-0-1.eu-west-1.compute.internal'],
		[readZone, 'eu_West-1.a', 'eu_West-1.a'],
		[readMasqueradeBit, '31', 31],
		[readDetectLocal, 'none', { mode: 'none' }],
		[readDetectLocal, 'bridge:abcdefghijklmno', { mode: 'bridge', interface: 'abcdefghijklmno' }],
		[readDetectLocal, 'prefix:cali', { mode: 'prefix', interface: 'cali' }],
		[readTableName, 'my-table.1', 'my-table.1'],
		[readNodeIps, '010.0.0.1,FD00::1', { ip: ['10.0.0.1'], ip6: ['fd00::1'] }],
		[readFamilies, 'ipv6,ipv4', ['ip', 'ip6']],
		[readFamilies, 'ipv6', ['ip6']],
	] as const)('%o reads %j', (reader, text, value) => {
		expect(reader(text)).toEqual(value);
	});

	it('NodePort addresses have kube-proxy’s words', () => {
		expect(readNodePortAddresses('localhost')).toEqual({
			primary: false,
			networks: [
				{ family: 'ip', address: '127.0.0.0', prefix: 8 },
				{ family: 'ip6', address: '::1', prefix: 128 },
			],
		});
		expect(readNodePortAddresses('all').networks.map((cidr) => cidr.prefix)).toEqual([0, 0]);
	});

	it('NodePort addresses mix as one likes', () => {
		expect(readNodePortAddresses('primary,10.0.0.0/8')).toMatchObject({
			primary: true,
			networks: [{ address: '10.0.0.0' }],
		});
		expect(readNodePortAddresses('all').networks.map(({ prefix }) => prefix)).toEqual([0, 0]);
	});
});
