import { describe, expect, it, onTestFinished } from 'vitest';
import { kubeconfig, listing, startApiServer } from '../support/api-server.ts';
import { GOOD_SUMMARY, OBJECTS, render, YAML } from '../support/shop.ts';

describe('nft-gen render', () => {
	it('prints the rules on standard output, and all talk on standard error', async () => {
		const { code, stdout, lines } = await render(['-f', 'a.yaml']);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^# nft-gen: the rules of node n1 in zone a; .*\n\nadd table ip nft-gen\n/);
		expect(stdout).toMatch(/\n\}\n+$/);
		expect(lines).toEqual([GOOD_SUMMARY]);
	});

	it('reads a file, a folder, standard input, a typed list and JSON: the rules are the same', async () => {
		const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: OBJECTS });
		const files = { 'a.yaml': YAML, 'd/e/b.json': list };
		const [first, ...others] = await Promise.all([
			render(['-f', 'a.yaml'], {}, files),
			render(['-f', 'd'], {}, files),
			render(['-f', '-'], { input: YAML }),
			render(['--filename=-'], { input: list }),
			render(['-f', 'a.yaml', '-f', 'd', '-f', 'a.yaml', '-f', './a.yaml'], {}, files),
		]);
		for (const { code, stdout, lines } of others) {
			expect(stdout).toBe(first?.stdout);
			expect(lines).toEqual([GOOD_SUMMARY]);
			expect(code).toBe(0);
		}
	});

	it('counts what it passes over, and shows names it was given as they are safe', async () => {
		const other = 'kind: "Evil\\e[31m\\nerror: all is lost"\n---\nkind: ConfigMap\n';
		const { lines } = await render(['-f', '.'], {}, { 'a.yaml': YAML, 'b.yaml': other });
		expect(lines).toEqual([`${GOOD_SUMMARY}; passed over 1 "Evil\\u001b[31m\\nerror: all is lost", 1 ConfigMap`]);
	});

	it('counts many kinds together', async () => {
		const kinds = Array.from({ length: 50 }, (_, index) => `kind: Kind${index}\n`).join('---\n');
		const { lines } = await render(['-f', '.'], {}, { 'a.yaml': YAML, 'b.yaml': kinds });
		expect(lines[0]).toMatch(/; passed over 1 Kind0, .*, 1 Kind7, 42 of other kinds$/);
	});

	it('reads the live cluster without -f', async () => {
		const server = await startApiServer(listing(OBJECTS));
		onTestFinished(server.close);
		const { code, stdout, lines } = await render(
			['--kubeconfig', 'config', '--context', 'test'],
			{},
			{ config: kubeconfig(server.url) },
		);
		expect(lines).toEqual([GOOD_SUMMARY]);
		expect(code).toBe(0);
		expect(stdout).toBe((await render(['-f', 'a.yaml'])).stdout);
	});
});
