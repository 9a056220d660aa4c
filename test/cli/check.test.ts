import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkFormat } from '../../src/report/check-format.ts';
import { nftGen } from '../support/cli.ts';
import { pullRequest } from '../support/pull-request.ts';

const LAID = ['check', 'deploy', '--cluster', 'cluster.json.gz'];

const ASSERTIONS = `# what the team relies on
- { name: catalog is reachable, from: pod:any, to: svc:shop/catalog:http, expect: delivered, min_endpoints: 1 }
- { name: web is reachable, from: pod:any, to: svc:shop/web:http, expect: delivered }
- { name: catalog is internal, from: external, to: svc:shop/catalog, expect: unreachable }
`;

// One repository for all: a test writes files of its own only.
let cwd = '';

// Hooks that are asked for in a hook are not called.
const cleaning: (() => Promise<void>)[] = [];

afterAll(async () => {
	for (const clean of cleaning) await clean();
});

beforeAll(async () => {
	({ folder: cwd } = await pullRequest((clean) => cleaning.push(clean)));
	writeFileSync(join(cwd, 'assert.yaml'), ASSERTIONS);
});

describe('nft-gen check, on manifests over a capture', () => {
	it('tells people what is wrong, where, and how to see why', async () => {
		const { code, stdout, lines } = await nftGen([...LAID, '--assert', 'assert.yaml'], { cwd });
		expect([code, lines]).toEqual([3, []]);
		expect(stdout).toMatchInlineSnapshot(`
			"nft-gen check  deploy, as Kubernetes 1.37 does
			4 nodes, 5 Services
			input       nothing found
			ruleset     nothing found; 7 lints pass
			policy      1 warning; 7 traps pass
			assertions  1 error; 2 assertions pass
			kernel      not asked for: no --kernel

			WARN   selector-matches-nothing  Service shop/web
			       the selector app=webb matches none of 15 Pods in shop; did you mean app=web?
			       at    deploy/web.yaml:8:5
			       hint  compare the selector with the labels of the Pods

			ERROR  assertion  web is reachable
			       pod:any to svc:shop/web:http: expected delivered, and it is refused
			       at    assert.yaml:3:3
			       on    n1, n2, n3 and 1 more
			       flow  any pod (10.244.1.1) → shop/web:http (10.96.0.10:80/tcp), at n1
			       is    refused

			1 error, 1 warning
			"
		`);
	});

	it('tells programs, by the schema that is shipped, the same each time', async () => {
		const args = [...LAID, '--assert', 'assert.yaml', '--format', 'json'];
		const [first, second] = await Promise.all([nftGen(args, { cwd }), nftGen(args, { cwd })]);
		const { results, gates, levels } = checkFormat.parse(JSON.parse(first.stdout));
		expect(first.stdout).toBe(second.stdout);
		expect(gates).toEqual([{ gate: '--fail-on error', sentence: 'there is 1 error' }]);
		expect(levels.map(({ state }) => state)).toEqual(['run', 'run', 'run', 'run', 'not-asked']);
		const failed = results.filter(({ status }) => status === 'failed');
		expect(failed.map(({ id, place }) => `${id} ${place?.file}:${place?.line}:${place?.column}`)).toEqual([
			'selector-matches-nothing deploy/web.yaml:8:5',
			'assertion assert.yaml:3:3',
		]);
		expect(new Set(results.map(({ fingerprint }) => fingerprint)).size).toBe(results.length);
	});

	it.each([
		['tap', /^TAP version 14\n1\.\.\d+\n/, /^not ok \d+ - assertion: web is reachable$/m],
		[
			'junit',
			/^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites /,
			/name="assertion: web is reachable" file="assert.yaml"><failure /,
		],
		['sarif', /^\{\n {2}"\$schema": "https:\/\/json\.schemastore\.org\/sarif-2\.1\.0\.json"/, /"startLine": 3/],
	])('writes %s', async (format, head, inside) => {
		const { code, stdout } = await nftGen([...LAID, '--assert', 'assert.yaml', '--format', format], { cwd });
		expect(code).toBe(3);
		expect(stdout).toMatch(head);
		expect(stdout).toMatch(inside);
	});

	it.each([
		['nothing as bad as an error', [], 0],
		['a warning counts where it is asked for', ['--fail-on', 'warn'], 3],
		['a severity can be another one', ['--severity', 'selector-matches-nothing=error'], 3],
		['and less', ['--fail-on', 'warn', '--severity', 'selector-matches-nothing=info'], 0],
		['an assertion that fails', ['--assert', 'assert.yaml'], 3],
		['nothing counts', ['--assert', 'assert.yaml', '--fail-on', 'never'], 0],
		['all was looked at', ['--strict'], 0],
		['other lints only', ['--lint', 'orphan-chain,jump-loop', '--fail-on', 'info'], 0],
		['no such lint', ['--lint', 'orphan-chains'], 64],
		['no such severity', ['--severity', 'jump-loop=fatal'], 64],
		['no such format', ['--format', 'html'], 64],
		['no file of assertions', ['--assert', 'missing.yaml'], 1],
	])('G7: exit code: %s', async (_what, options, expected) => {
		const { code } = await nftGen([...LAID, ...options], { cwd });
		expect(code).toBe(expected);
	});

	it('writes to a file', async () => {
		const args = [...LAID, '--format', 'tap'];
		const { code, stdout } = await nftGen([...args, '-o', 'check.tap'], { cwd });
		expect([code, stdout]).toEqual([0, '']);
		expect(readFileSync(join(cwd, 'check.tap'), 'utf8')).toBe((await nftGen(args, { cwd })).stdout);
	});

	it('is not complete without Nodes and Pods, and says so', async () => {
		writeFileSync(
			join(cwd, 'web.yaml'),
			'apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n',
		);
		const { code, stdout } = await nftGen(['check', 'web.yaml', '--strict'], { cwd });
		expect(code).toBe(4);
		expect(stdout.split('\n').filter((line) => /^(?:incomplete|skipped)/.test(line)).length).toBeGreaterThan(3);
		expect((await nftGen(['check', 'web.yaml'], { cwd })).code).toBe(0);
	});

	it('asks what is not yet assigned by its symbol, and traces nothing that cannot be traced', async () => {
		writeFileSync(
			join(cwd, 'web.assert.yaml'),
			'- { name: web, from: pod:any, to: svc:shop/web, expect: delivered }\n',
		);
		const { stdout } = await nftGen(['check', 'deploy', '--assert', 'web.assert.yaml'], { cwd });
		expect(stdout).toContain('flow  any pod (203.0.113.1) → shop/web:http (‹clusterIP of shop/web›:80/tcp)');
		expect(stdout).not.toContain('nft-gen trace');
	});

	it('lets the assertions lie among the manifests', async () => {
		mkdirSync(join(cwd, 'with'));
		writeFileSync(join(cwd, 'with/assert.yaml'), ASSERTIONS);
		const args = [
			'check',
			'with',
			'--cluster',
			'cluster.json.gz',
			'--assert',
			'./with/assert.yaml',
			'--format',
			'json',
		];
		const { stdout } = await nftGen(args, { cwd });
		const { results } = checkFormat.parse(JSON.parse(stdout));
		expect(results.filter(({ level, status }) => level === 'input' && status === 'failed')).toEqual([]);
		expect(results.find(({ id }) => id === 'assertion')?.place).toEqual({
			file: './with/assert.yaml',
			line: 2,
			column: 3,
		});
	});
});

describe('nft-gen check, with nft-gen.yaml', () => {
	const target = (name: string, more = '') =>
		`  - { name: ${name}, path: deploy, cluster: cluster.json.gz, assertions: assert.yaml${more} }\n`;

	it('checks the one target there is, by its settings', async () => {
		mkdirSync(join(cwd, 'one'));
		const text = target('prod', ', severity: { client-ip-hidden: error }');
		writeFileSync(join(cwd, 'nft-gen.yaml'), `targets:\n${text}`);
		const { code, stdout } = await nftGen(['check'], { cwd: join(cwd, 'one') });
		expect(code).toBe(3);
		expect(stdout).toContain('web is reachable');
	});

	it('checks several, and ends as the worst', async () => {
		const other = '  - { name: tidy, path: deploy/edge.yaml, cluster: cluster.json.gz }\n';
		writeFileSync(join(cwd, 'two.yaml'), `targets:\n${other}${target('prod')}`);
		const both = await nftGen(['check', '--config', 'two.yaml', '--format', 'json'], { cwd });
		expect(both.code).toBe(3);
		expect(JSON.parse(both.stdout).targets).toMatchObject([
			{ name: 'tidy', exit_code: 0 },
			{ name: 'prod', exit_code: 3 },
		]);
		expect((await nftGen(['check', '--config', 'two.yaml', '--target', 'tidy'], { cwd })).code).toBe(0);
		const junit = await nftGen(['check', '--config', 'two.yaml', '--format', 'junit'], { cwd });
		expect(junit).toMatchObject({
			code: 64,
			stderr: 'nft-gen: --format junit is of one target: pass --target with one of tidy, prod\n',
		});
	});

	it('wants a source where there is none', async () => {
		const { code, stderr } = await nftGen(['check', '--no-config'], { cwd });
		expect([code, stderr]).toEqual([
			64,
			'nft-gen: what is to be checked? Give SRC, or have nft-gen.yaml in the repository\n',
		]);
	});

	it('has nothing to check where there is nothing', async () => {
		writeFileSync(join(cwd, 'empty.yaml'), '');
		const { code, stderr } = await nftGen(['check', 'empty.yaml'], { cwd });
		expect([code, stderr]).toEqual([
			1,
			'nft-gen: nothing can be checked: there is no Service, EndpointSlice or Node in the input\n',
		]);
	});
});
