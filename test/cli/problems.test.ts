import { readdir } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { kubeconfig, listing, startApiServer } from '../support/api-server.ts';
import { nftGen } from '../support/cli.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { BAD, OBJECTS, render, shopFolder, YAML } from '../support/shop.ts';

describe('problems', () => {
	it('one line each, with file, line, object, what is wrong and what to do; the rest is compiled', async () => {
		const { code, stdout, lines } = await render(
			['-f', '.'],
			{},
			{ 'a.yaml': YAML, 'b.yaml': `# x\n${BAD}`, 'c.yaml': 'a: b: c\n' },
		);
		expect(code).toBe(0);
		expect(stdout).toContain('10.96.0.20');
		expect(lines).toEqual([
			'b.yaml:20:5: error: Service shop/bad: none of its ports can be used; nothing is made for it [no-ports]',
			'b.yaml:21:13: error: Service shop/bad: spec.ports[0].port is 80.5, not a whole number from 1 to 65535; the port is left out [bad-field]',
			'c.yaml:1:4: error: this file cannot be parsed: nested mappings are not allowed in compact mappings; it is left out [unparsable-file]',
			'node n1: read 2 Service, 1 EndpointSlice, 2 Node; 3 errors',
		]);
	});

	it('of standard input say so', async () => {
		const { lines } = await render(['-f', '-'], { input: `${YAML}---\n${BAD}` });
		expect(lines[0]).toMatch(/^<stdin>:\d+:\d+: error: Service shop\/bad: /);
	});

	it('of a live cluster name the context', async () => {
		const server = await startApiServer(listing([...OBJECTS, service('bad', ['x'])]));
		onTestFinished(server.close);
		const { lines } = await render(['--kubeconfig', 'config'], {}, { config: kubeconfig(server.url) });
		expect(lines[0]).toBe(
			'test: error: Service shop/bad: spec.clusterIPs[0] x is not an IP address; it is left out [bad-address]',
		);
	});

	it('with --strict: exit 1, and nothing is written', async () => {
		const { code, stdout, lines, cwd } = await render(
			['-f', '.', '--strict', '-o', 'out'],
			{},
			{ 'a.yaml': YAML, 'b.yaml': BAD },
		);
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(lines.at(-1)).toBe('nft-gen: nothing was written: the input has errors, and --strict was given');
		expect(await readdir(cwd)).toEqual(['a.yaml', 'b.yaml']);
	});

	it('with --strict warnings are no errors', async () => {
		const orphan = stringify(slice('gone', []));
		const { code, lines } = await render(['-f', '.', '--strict'], {}, { 'a.yaml': YAML, 'b.yaml': orphan });
		expect(code).toBe(0);
		expect(lines[0]).toContain('warning: EndpointSlice shop/gone-ipv4: there is no Service shop/gone in the input');
	});

	it('file names cannot fake a line or a colour', async () => {
		const { lines, stderr } = await render(['-f', '.'], {}, { 'a.yaml': YAML, 'b\n\u001b[31m\u202e.yaml': 'kind: 1' });
		expect(lines).toHaveLength(2);
		expect(stderr).not.toContain('\u001b');
		expect(stderr).not.toContain('\u202e');
	});

	it.each([
		[
			'no file at all',
			['-f', 'none.yaml'],
			'none.yaml: error: it does not exist; nothing is read from it [unreadable-file]',
		],
		['an empty file', ['-f', 'empty.yaml'], null],
		['other kinds only', ['-f', 'other.yaml'], null],
		['empty standard input', ['-f', '-'], null],
	])('%s: exit 1, because rules made of nothing would take every Service away', async (_what, args, first) => {
		const { code, stdout, lines } = await render(args, {}, { 'empty.yaml': '', 'other.yaml': 'kind: ConfigMap' });
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(lines).toEqual([
			...(first === null ? [] : [first]),
			'nft-gen: nothing was written: there is no Service, EndpointSlice or Node in the input',
		]);
	});

	it('an unknown node: exit 1 with the nearest names', async () => {
		const cwd = await shopFolder();
		const { code, stdout, lines } = await nftGen(['render', '--node', 'm1', '-f', 'a.yaml'], { cwd });
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(lines).toEqual([
			'error: there is no Node m1 among the 2 in the input (did you mean n1, n2?) [unknown-node]',
			'nft-gen: nothing was written: no rules can be made for this node',
		]);
	});

	it('a node without a zone where hints ask for one: a warning', async () => {
		const hinted = slice('web', [endpoint({ address: '10.244.1.5', node: 'n1', zones: ['a'] })]);
		const { lines } = await render(['-f', '-'], {
			input: [node(1), OBJECTS[2], hinted].map((each) => JSON.stringify(each)).join('\n---\n'),
		});
		expect(lines[0]).toMatch(
			/^<stdin>:1:1: warning: Node n1: the node has no zone, .*\(label the Node with topology\.kubernetes\.io\/zone, or pass --zone\) \[no-zone\]$/,
		);
	});
});
