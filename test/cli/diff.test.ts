import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { nftGen } from '../support/cli.ts';
import { temporaryFolder } from '../support/folder.ts';
import { BEFORE, pullRequest } from '../support/pull-request.ts';

const SIDES = ['main:deploy', 'change:deploy', '--cluster', 'cluster.json.gz'];

interface Json {
	readonly changes: readonly {
		readonly id: string;
		readonly severity: string;
		readonly fingerprint: string;
		readonly object: { readonly namespace: string; readonly name: string };
		readonly cause: readonly {
			readonly head: { readonly file: string; readonly line: number; readonly column: number } | null;
		}[];
	}[];
	readonly summary: { readonly flow_classes: { readonly total: number; readonly changed: number } };
	readonly gaps: readonly string[];
}

let cwd: string;

// Hooks that are asked for in a hook are not called.
const cleaning: (() => Promise<void>)[] = [];

afterAll(async () => {
	for (const clean of cleaning) await clean();
});

beforeAll(async () => {
	({ folder: cwd } = await pullRequest((clean) => cleaning.push(clean)));
});

describe('nft-gen diff, on a pull request', () => {
	it('tells what five changes do, each with the line that did it', async () => {
		const { code, stdout, lines } = await nftGen(['diff', ...SIDES, '--format', 'json'], { cwd });
		expect([code, lines]).toEqual([0, []]);
		const { changes, gaps } = JSON.parse(stdout) as Json;
		const told = changes.map(({ id, severity, object, cause }) => {
			const places = cause.map(({ head }) => (head === null ? 'gone' : `${head.file}:${head.line}:${head.column}`));
			return `${severity} ${id} ${object.namespace}/${object.name} ${places.join(' ')}`;
		});
		expect(told).toMatchInlineSnapshot(`
			[
			  "error service-blackholed shop/web deploy/web.yaml:8:10",
			  "warn newly-exposed-nodeport shop/admin deploy/admin.yaml:7:9",
			  "warn client-ip-hidden shop/edge deploy/edge.yaml:8:26",
			  "info zone-hints-added shop/catalog deploy/catalog.yaml:7:24",
			  "info service-recovered shop/edge deploy/edge.yaml:8:26",
			  "info endpoints-removed shop/mail deploy/mail.yaml:20:13",
			]
		`);
		expect(gaps).toEqual([]);
	});

	it('says it to people', async () => {
		const { stdout } = await nftGen(['diff', ...SIDES], { cwd });
		expect(stdout.replace(/\([0-9a-f]{7}\)/g, '(COMMIT)')).toMatchInlineSnapshot(`
			"nft-gen diff  main:deploy (COMMIT) → change:deploy (COMMIT), as Kubernetes 1.37 does
			4 nodes; Services: 5 of 5 differ
			endpoints of service ports: 3 captured, 2 computed from Pods
			1 error, 2 warnings, 3 notes

			ERROR  service-blackholed  shop/web:http  all 4 nodes  [05cdb6d088a5]
			       no endpoint is left; clients are refused
			       change  3 endpoints → refused
			       flow    pods to ClusterIP 10.96.0.10:80/tcp
			                 before  3 endpoints: 10.244.1.10:8080, 10.244.2.10:8080, 10.244.3.10:8080
			                 after   refused
			       flow    the node, outside to ClusterIP 10.96.0.10:80/tcp
			                 before  3 endpoints: 10.244.1.10:8080, 10.244.2.10:8080, 10.244.3.10:8080, masqueraded
			                 after   refused
			               and 3 more kinds of connections; --full lists them
			       cause   deploy/web.yaml:8:10  spec.selector.app: web → webb
			       hint    the selector app=webb matches none of 14 Pods in shop; did you mean app=web?

			WARN   newly-exposed-nodeport  shop/admin:http  all 4 nodes  [f7a2cbf908c9]
			       every node leads to it at NodePort ‹nodePort of shop/admin:http›
			       change  nothing → ‹nodePort of shop/admin:http›
			       flow    everybody to NodePort ‹yet to be assigned›/tcp
			                 before  not served
			                 after   3 endpoints: 10.244.1.11:8080, 10.244.2.11:8080, 10.244.3.11:8080, masqueraded
			       flow    its own endpoints to NodePort ‹yet to be assigned›/tcp, on n1
			                 before  not served
			                 after   3 endpoints: 10.244.1.11:8080, 10.244.2.11:8080, 10.244.3.11:8080, masqueraded
			               and 2 more kinds of connections; --full lists them
			       cause   deploy/admin.yaml:7:9  spec.type: ClusterIP → NodePort
			       hint    whoever reaches a node reaches it now; source ranges do not hold for NodePorts

			WARN   client-ip-hidden  shop/edge:http  all 4 nodes  [3280e8c216dd]
			       the endpoints see a node's address instead of the client's
			       change  the client's address → a node's address
			       flow    outside to load-balancer IP 198.51.100.7:80/tcp, on n1
			                 before  1 endpoint, client's address kept
			                 after   3 endpoints: new 10.244.2.12:8080, 10.244.3.12:8080, masqueraded
			       flow    outside to load-balancer IP 198.51.100.7:80/tcp, on n2
			                 before  1 endpoint, client's address kept
			                 after   3 endpoints: new 10.244.1.12:8080, 10.244.3.12:8080, masqueraded
			               and 12 more kinds of connections; --full lists them
			       cause   deploy/edge.yaml:8:26  spec.externalTrafficPolicy: Local → Cluster
			       hint    logs, rate limits and allow-lists of the endpoints see a node's address now; externalTrafficPolicy: Local keeps the client's

			3 notes: 1 zone-hints-added (shop/catalog:http), 1 service-recovered (shop/edge:http), 1 endpoints-removed (shop/mail:http); --full lists them

			nodes  cohort A  2 nodes, topology.kubernetes.io/zone=eu-1a: 5 findings, +6 −11 rules
			       cohort B  1 node, n3: 5 findings, +6 −13 rules
			       cohort C  1 node, n4: 6 findings, +6 −11 rules
			rules  83 stay as they are on n1

			82 of 195 flow classes change, the other 113 are identical
			"
		`);
	});

	it('G8: finds nothing in a change of order, formatting and files', async () => {
		const { folder, commit } = await pullRequest(onTestFinished);
		const all = Object.values(BEFORE)
			.reverse()
			.join('---\n')
			.replaceAll('      port: 80\n', '      port:    80 # plain\n');
		commit({ ...Object.fromEntries(Object.keys(BEFORE).map((file) => [file, '# moved\n'])), 'deploy/all.yaml': all });
		const { code, stdout } = await nftGen(['diff', ...SIDES, '--detailed-exitcode'], { cwd: folder });
		expect([code, stdout]).toMatchInlineSnapshot(`
			[
			  0,
			  "nothing changes: 0 of 180 flow classes, no rule, on 4 nodes
			",
			]
		`);
	});

	it.each([
		[[], 0],
		[['--detailed-exitcode'], 2],
		[['--fail-on', 'error'], 3],
		[['--only-affects', 'shop/web', '--strict'], 3],
		[['--severity', 'service-blackholed=info', '--fail-on', 'error'], 0],
		[['--severity', 'service-blackhole=info'], 64],
		[['--only-affects', 'Shop/*/x'], 64],
		[['--ignore', 'missing.yaml'], 1],
	])('G7: ends with %j as its exit code says', async (options, expected) => {
		const { code } = await nftGen(['diff', ...SIDES, ...options], { cwd });
		expect(code).toBe(expected);
	});

	it('lets be what is accepted, until a day, and says so', async () => {
		writeFileSync(
			join(cwd, 'accepted.yaml'),
			'- { id: service-blackholed, object: shop/web, reason: it moves, until: 2099-12-31 }\n',
		);
		const { code, stdout } = await nftGen(['diff', ...SIDES, '--fail-on', 'error', '--ignore', 'accepted.yaml'], {
			cwd,
		});
		expect(code).toBe(0);
		expect(stdout).toContain('it moves');
	});

	it('writes further reports of the same comparison, as each would be by itself', async () => {
		const formats = ['json', 'markdown', 'sarif', 'patch', 'text'];
		const writes = formats.flatMap((format) => ['--write', `${format}=all.${format}`]);
		const { code, stdout } = await nftGen(['diff', ...SIDES, ...writes], { cwd });
		expect([code, stdout]).toEqual([0, readFileSync(join(cwd, 'all.text'), 'utf8')]);
		for (const format of formats) {
			const { stdout: alone } = await nftGen(['diff', ...SIDES, '--format', format], { cwd });
			expect(readFileSync(join(cwd, `all.${format}`), 'utf8')).toBe(alone);
		}
	});

	it.each(['html=x', 'json', 'json='])('refuses --write %s', async (write) => {
		const { code, stderr } = await nftGen(['diff', ...SIDES, '--write', write]);
		expect(code).toBe(64);
		expect(stderr).toContain('It wants FORMAT=FILE');
	});

	it('previews what applying a folder would do to a captured cluster', async () => {
		const applied = await nftGen(['diff', 'cluster.json.gz', 'deploy', '--format', 'json'], { cwd });
		const laid = await nftGen(['diff', ...SIDES, '--format', 'json'], { cwd });
		const fingerprints = ({ stdout }: { readonly stdout: string }) =>
			(JSON.parse(stdout) as Json).changes.map((each) => each.fingerprint);
		// The number of replicas is nothing new where nobody says what it was.
		expect(fingerprints(applied)).toEqual(fingerprints(laid).slice(0, -1));
	});

	it('says what is missing where there is neither a cluster nor a slice, and that the answer is incomplete', async () => {
		const { code, stdout } = await nftGen(['diff', 'main:deploy', 'change:deploy', '--strict'], { cwd });
		expect(code).toBe(4);
		expect(stdout.split('\n').filter((line) => line.startsWith('incomplete'))).toMatchInlineSnapshot(`
			[
			  "incomplete: for 4 Services (shop/admin, shop/catalog, shop/edge, …) no endpoints are known: pass --cluster FILE made by "nft-gen capture"",
			  "incomplete: there is no Node on the base and the head side, so rules of one imaginary node are compared, on which no endpoint is: pass --cluster FILE made by nft-gen capture",
			]
		`);
	});

	it('says that nothing can be followed where no Node is on both sides, and that the answer is incomplete', async () => {
		const service =
			'kind: Service\napiVersion: v1\nmetadata: { name: web }\nspec: { clusterIP: 10.96.0.9, ports: [{ port: 80 }] }\n';
		const named = (name: string) => `${service}---\nkind: Node\napiVersion: v1\nmetadata: { name: ${name} }\n`;
		const cwd = await temporaryFolder(onTestFinished, {
			'old.yaml': named('n1'),
			'new.yaml': named('m1').replace('port: 80', 'port: 81'),
		});
		const { code, stdout } = await nftGen(['diff', 'old.yaml', 'new.yaml', '--strict'], { cwd });
		expect(code).toBe(4);
		expect(stdout).toContain(
			'incomplete: no Node is on both sides, so no connection is followed: lay both over the same cluster with --cluster',
		);
	});
});
