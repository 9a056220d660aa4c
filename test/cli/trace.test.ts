import { describe, expect, it } from 'vitest';
import { nftGen, type RunOptions } from '../support/cli.ts';
import { BAD, shopFolder, YAML } from '../support/shop.ts';

/** Runs `nft-gen trace --node n1 ARGUMENTS` on the small cluster. */
function trace(args: readonly string[], options: RunOptions = { input: YAML }) {
	return nftGen(['trace', '--node', 'n1', '-f', '-', ...args], options);
}

const POD_TO_WEB = ['--from', 'ip:10.244.1.9', '--to', 'svc:shop/web'];

describe('nft-gen trace', () => {
	it('prints what becomes of a connection', async () => {
		const { code, stdout, stderr } = await trace(POD_TO_WEB);
		expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
		expect(stdout.split('\n').slice(0, 2)).toEqual([
			'10.244.1.9 (on n1) → shop/web:http (10.96.0.20:80/tcp), as node n1 treats it',
			"  always  10.244.1.5:8080  on n1, sees the client's address",
		]);
	});

	it('prints JSON for programs', async () => {
		const { code, stdout } = await trace([...POD_TO_WEB, '--format', 'json']);
		expect(code).toBe(0);
		expect(JSON.parse(stdout)).toMatchObject({ format_version: '1.0', node: 'n1', zone: 'a' });
	});

	it('takes the network options of render', async () => {
		const { stdout } = await trace([...POD_TO_WEB, '--masquerade-all', '--cluster-cidr', '10.0.0.0/8']);
		expect(stdout).toContain("sees the node's address");
		const help = await Promise.all([nftGen(['trace', '--help']), nftGen(['render', '--help'])]);
		const [network, others] = help.map(({ stdout: text }) => /Network options.*?--context <name>/s.exec(text)?.[0]);
		expect(network).toBe(others);
		expect(network).toContain('--hints <mode>');
	});

	it('tells what is wrong with the input', async () => {
		const { code, stdout, lines } = await trace(POD_TO_WEB, { input: `${YAML}---\n${BAD}` });
		expect(code).toBe(0);
		expect(stdout).toContain('10.244.1.5:8080');
		expect(lines[0]).toMatch(/^<stdin>:\d+:\d+: error: Service shop\/bad: /);
	});

	it.each([
		[
			'an unknown Service',
			['--from', 'node', '--to', 'svc:shop/wep'],
			/^nft-gen: there is no Service shop\/wep .*did you mean shop\/web\?/,
		],
		[
			'an unknown pod',
			['--from', 'pod:a/b', '--to', 'svc:shop/web'],
			/^nft-gen: no endpoint in the input names its Pod/,
		],
		[
			'an unknown node',
			[...POD_TO_WEB, '--node', 'n7'],
			/^error: there is no Node n7 .*\nnft-gen: nothing can be traced: no rules/,
		],
	])('%s: exit 1', async (_what, args, expected) => {
		const { code, stdout, stderr } = await trace(args);
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(stderr).toMatch(expected);
	});

	it('input without any Service, slice or Node: exit 1', async () => {
		const cwd = await shopFolder({ 'a.yaml': 'kind: ConfigMap' });
		const { code, lines } = await nftGen(['trace', '--node', 'n1', '-f', '.', ...POD_TO_WEB], { cwd });
		expect(code).toBe(1);
		expect(lines).toEqual(['nft-gen: nothing can be traced: there is no Service, EndpointSlice or Node in the input']);
	});

	it.each([
		['no client', ['--to', 'svc:shop/web'], /required option '--from <client>' not specified/],
		['no destination', ['--from', 'node'], /required option '--to <destination>' not specified/],
		[
			'a client of no kind',
			['--from', 'web', '--to', 'svc:shop/web'],
			/It wants pod:NAMESPACE\/NAME, node, external or ip:/,
		],
		['a destination of no kind', ['--from', 'node', '--to', 'web:80'], /It wants svc:NAMESPACE\/NAME:PORT, /],
		['an unknown format', [...POD_TO_WEB, '--format', 'yaml'], /Allowed choices are text, json/],
		['a word that stands alone', [...POD_TO_WEB, 'x'], /^nft-gen: "x" is no option; write -f before each file$/m],
	])('%s: exit 64', async (_what, args, expected) => {
		const { code, stdout, stderr } = await trace(args);
		expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
		expect(stderr).toMatch(expected);
	});
});
