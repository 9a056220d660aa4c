import { describe, expect, it } from 'vitest';
import { explainText } from '../../src/cli/explain/explain-report.ts';
import type { Answer } from '../../src/explain/answer.ts';
import { nftGen, type RunOptions } from '../support/cli.ts';
import { answered } from '../support/explained.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { BAD, OBJECTS, shopFolder, YAML } from '../support/shop.ts';

/** Runs `nft-gen explain ARGUMENTS` on the small cluster. */
function explain(args: readonly string[], options: RunOptions = { input: YAML }) {
	return nftGen(['explain', '-f', '-', ...args], options);
}

/** What `nft-gen explain ARGUMENTS -f examples/shop` prints. */
async function shop(...args: readonly string[]): Promise<string> {
	const { code, stdout, stderr } = await nftGen(['explain', ...args, '-f', 'examples/shop']);
	expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
	return stdout;
}

describe('nft-gen explain on the example shop', () => {
	it('says which hints keep and leave out endpoints', async () => {
		expect(await shop('svc:shop/catalog', '--node', 'n1')).toMatchInlineSnapshot(`
			"shop/catalog:grpc (9000/tcp) on node n1 in zone eu-1a
			  policies
			    internalTrafficPolicy  Cluster         in force  traffic to the ClusterIP may go to endpoints on any node
			    trafficDistribution    PreferSameZone  in force  asks for endpoints in the client's zone
			    hints                  in the slices   in force  only endpoints hinted for zone eu-1a are used

			  IPv4
			    addresses
			      ClusterIP  10.96.0.40:9000  pods               cluster endpoints, client's address kept
			                                  the node, outside  cluster endpoints, masqueraded

			    cluster endpoints
			      kept      10.244.1.7:9000  pod shop/catalog-0 on n1 in eu-1a  hints name zone eu-1a
			      kept      10.244.2.7:9000  pod shop/catalog-1 on n2 in eu-1a  hints name zone eu-1a
			      left out  10.244.3.7:9000  pod shop/catalog-2 on n3 in eu-1b  hints name zone eu-1b, node is in eu-1a

			  IPv6
			    addresses
			      ClusterIP  [fd00:10:96::40]:9000  pods               cluster endpoints, client's address kept
			                                        the node, outside  cluster endpoints, masqueraded

			    cluster endpoints
			      kept      [fd00:10:244:1::7]:9000  pod shop/catalog-0 on n1 in eu-1a  hints name zone eu-1a
			      kept      [fd00:10:244:2::7]:9000  pod shop/catalog-1 on n2 in eu-1a  hints name zone eu-1a
			      left out  [fd00:10:244:3::7]:9000  pod shop/catalog-2 on n3 in eu-1b  hints name zone eu-1b, node is in eu-1a
			"
		`);
	});

	it('says what each address of a Service with everything does', async () => {
		expect(await shop('svc:shop/web', '--node', 'n3', '--family', 'ipv4')).toMatchInlineSnapshot(`
			"shop/web:http (80/tcp) on node n3 in zone eu-1b
			  policies
			    loadBalancerSourceRanges  203.0.113.0/24, 10.0.0.0/8  in force  others are dropped, before anything else decides
			    internalTrafficPolicy     Cluster                     in force  traffic to the ClusterIP may go to endpoints on any node
			    externalTrafficPolicy     Local                       in force  clients outside reach endpoints on this node only; pods and the node itself go by Cluster

			  IPv4
			    addresses
			      ClusterIP         10.96.0.20:80                 pods               cluster endpoints, client's address kept
			                                                      the node, outside  cluster endpoints, masqueraded
			      load-balancer IP  198.51.100.10:80              only from          203.0.113.0/24, 10.0.0.0/8
			                                                      pods               cluster endpoints, client's address kept
			                                                      the node           cluster endpoints, masqueraded
			                                                      outside            dropped: no endpoint on this node can serve
			      NodePort          30080 at the primary address  pods               cluster endpoints, client's address kept
			                                                      the node           cluster endpoints, masqueraded
			                                                      outside            dropped: no endpoint on this node can serve

			    cluster endpoints
			      kept      10.244.1.5:8080  pod shop/web-0 on n1 in eu-1a  ready=true
			      kept      10.244.2.5:8080  pod shop/web-1 on n2 in eu-1a  ready=true
			      left out  10.244.3.5:8080  pod shop/web-2 on n3 in eu-1b  ready=false, serving=false, terminating=false

			    local endpoints
			      left out  10.244.1.5:8080  pod shop/web-0 on n1 in eu-1a  externalTrafficPolicy: Local, endpoint is on n1
			      left out  10.244.2.5:8080  pod shop/web-1 on n2 in eu-1a  externalTrafficPolicy: Local, endpoint is on n2
			      left out  10.244.3.5:8080  pod shop/web-2 on n3 in eu-1b  ready=false, serving=false, terminating=false
			"
		`);
	});

	it('says which policy leaves a node without an endpoint', async () => {
		expect(await shop('svc:shop/cart', '--node', 'n3', '--family', 'ipv4')).toMatchInlineSnapshot(`
			"shop/cart:http (80/tcp) on node n3 in zone eu-1b
			  policies
			    internalTrafficPolicy  Local  in force  traffic to the ClusterIP goes to endpoints on this node only

			  IPv4
			    addresses
			      ClusterIP  10.96.0.30:80  everybody  dropped: no endpoint on this node can serve

			    local endpoints
			      left out  10.244.1.6:8080  pod shop/cart-0 on n1 in eu-1a  internalTrafficPolicy: Local, endpoint is on n1
			      left out  10.244.2.6:8080  pod shop/cart-1 on n2 in eu-1a  internalTrafficPolicy: Local, endpoint is on n2
			"
		`);
	});

	it('groups nodes with the same answer', async () => {
		expect(await shop('svc:shop/catalog:grpc', '--all-nodes', '--family', 'ipv4')).toMatchInlineSnapshot(`
			"shop/catalog:grpc (9000/tcp) on 2 nodes in zone eu-1a: n1, n2
			  policies
			    internalTrafficPolicy  Cluster         in force  traffic to the ClusterIP may go to endpoints on any node
			    trafficDistribution    PreferSameZone  in force  asks for endpoints in the client's zone
			    hints                  in the slices   in force  only endpoints hinted for zone eu-1a are used

			  IPv4
			    addresses
			      ClusterIP  10.96.0.40:9000  pods               cluster endpoints, client's address kept
			                                  the node, outside  cluster endpoints, masqueraded

			    cluster endpoints
			      kept      10.244.1.7:9000  pod shop/catalog-0 on n1 in eu-1a  hints name zone eu-1a
			      kept      10.244.2.7:9000  pod shop/catalog-1 on n2 in eu-1a  hints name zone eu-1a
			      left out  10.244.3.7:9000  pod shop/catalog-2 on n3 in eu-1b  hints name zone eu-1b, node is in eu-1a

			shop/catalog:grpc (9000/tcp) on node n3 in zone eu-1b
			  policies
			    internalTrafficPolicy  Cluster         in force  traffic to the ClusterIP may go to endpoints on any node
			    trafficDistribution    PreferSameZone  in force  asks for endpoints in the client's zone
			    hints                  in the slices   in force  only endpoints hinted for zone eu-1b are used

			  IPv4
			    addresses
			      ClusterIP  10.96.0.40:9000  pods               cluster endpoints, client's address kept
			                                  the node, outside  cluster endpoints, masqueraded

			    cluster endpoints
			      kept      10.244.3.7:9000  pod shop/catalog-2 on n3 in eu-1b  hints name zone eu-1b
			      left out  10.244.1.7:9000  pod shop/catalog-0 on n1 in eu-1a  hints name zone eu-1a, node is in eu-1b
			      left out  10.244.2.7:9000  pod shop/catalog-1 on n2 in eu-1a  hints name zone eu-1a, node is in eu-1b
			"
		`);
	});

	it('explains each port of a Service', async () => {
		expect(await shop('svc:kube-system/kube-dns', '--node', 'n2', '--family', 'ipv6')).toMatchInlineSnapshot(`
			"kube-system/kube-dns:dns (53/udp) on node n2 in zone eu-1a
			  policies
			    internalTrafficPolicy  Cluster         in force  traffic to the ClusterIP may go to endpoints on any node
			    trafficDistribution    PreferSameNode  in force  asks for endpoints on the client's node, else in its zone
			    hints                  in the slices   in force  only endpoints hinted for zone eu-1a are used (no endpoint is hinted for this node)

			  IPv6
			    addresses
			      ClusterIP  [fd00:10:96::10]:53  pods               cluster endpoints, client's address kept
			                                      the node, outside  cluster endpoints, masqueraded

			    cluster endpoints
			      kept      [fd00:10:244:1::2]:53  pod kube-system/kube-dns-0 on n1 in eu-1a  hints name zone eu-1a (no endpoint is hinted for this node)
			      left out  [fd00:10:244:3::2]:53  pod kube-system/kube-dns-1 on n3 in eu-1b  hints name zone eu-1b, node is in eu-1a

			kube-system/kube-dns:dns-tcp (53/tcp) on node n2 in zone eu-1a
			  policies
			    internalTrafficPolicy  Cluster         in force  traffic to the ClusterIP may go to endpoints on any node
			    trafficDistribution    PreferSameNode  in force  asks for endpoints on the client's node, else in its zone
			    hints                  in the slices   in force  only endpoints hinted for zone eu-1a are used (no endpoint is hinted for this node)

			  IPv6
			    addresses
			      ClusterIP  [fd00:10:96::10]:53  pods               cluster endpoints, client's address kept
			                                      the node, outside  cluster endpoints, masqueraded

			    cluster endpoints
			      kept      [fd00:10:244:1::2]:53  pod kube-system/kube-dns-0 on n1 in eu-1a  hints name zone eu-1a (no endpoint is hinted for this node)
			      left out  [fd00:10:244:3::2]:53  pod kube-system/kube-dns-1 on n3 in eu-1b  hints name zone eu-1b, node is in eu-1a
			"
		`);
	});

	it('says who gets how much, and warns of what is dropped', async () => {
		expect(await shop('svc:shop/cart', '--overload', '--family', 'ipv4')).toMatchInlineSnapshot(`
			"shop/cart:http (80/tcp), load if every node sends the same
			  before: every ready endpoint alike; after: as hints and policies have it

			  IPv4
			    endpoint                                         before          after          fair shares
			    10.244.1.6:8080  pod shop/cart-0 on n1 in eu-1a  1/2     50.0 %  1/3    33.3 %  0.7 ×
			    10.244.2.6:8080  pod shop/cart-1 on n2 in eu-1a  1/2     50.0 %  1/3    33.3 %  0.7 ×
			    dropped                                                  0.0 %   1/3    33.3 %

			    zone            sends          before           after
			    eu-1a  2 nodes  2/3    66.7 %          100.0 %  2/3    66.7 %
			    eu-1b  1 node   1/3    33.3 %          0.0 %           0.0 %

			    warning: internalTrafficPolicy: Local drops 33.3 % of the traffic: no endpoint is on n3
			      - run a pod on every node that sends, as a DaemonSet does
			      - internalTrafficPolicy: Cluster with trafficDistribution: PreferSameNode, which goes on to other nodes where there is none
			"
		`);
	});

	it('warns of an endpoint that a preference overloads', async () => {
		expect(
			await shop('svc:shop/catalog', '--overload', '--weight', 'n3=10', '--family', 'ipv4'),
		).toMatchInlineSnapshot(`
			"shop/catalog:grpc (9000/tcp), load if n3 sends 10, and every other node 1
			  before: every ready endpoint alike; after: as hints and policies have it

			  IPv4
			    endpoint                                            before          after          fair shares
			    10.244.1.7:9000  pod shop/catalog-0 on n1 in eu-1a  1/3     33.3 %  1/12   8.3 %   0.3 ×
			    10.244.2.7:9000  pod shop/catalog-1 on n2 in eu-1a  1/3     33.3 %  1/12   8.3 %   0.3 ×
			    10.244.3.7:9000  pod shop/catalog-2 on n3 in eu-1b  1/3     33.3 %  5/6    83.3 %  2.5 ×

			    zone            sends          before          after
			    eu-1a  2 nodes  1/6    16.7 %  2/3     66.7 %  1/6    16.7 %
			    eu-1b  1 node   5/6    83.3 %  1/3     33.3 %  5/6    83.3 %

			    warning: trafficDistribution: PreferSameZone concentrates load: 10.244.3.7:9000 (83.3 %) gets more than twice a fair share (33.3 %) of the traffic
			      - spread the pods over zones: topologySpreadConstraints with topologyKey topology.kubernetes.io/zone
			      - run a Deployment for each zone, and let each scale with the traffic of its own
			      - annotate the Service with service.kubernetes.io/topology-mode: Auto, which shares endpoints out by the zones' CPU and comes before trafficDistribution
			      - remove trafficDistribution: every endpoint gets the same again
			"
		`);
	});
});

describe('nft-gen explain', () => {
	it('prints JSON for programs, with every field', async () => {
		const { code, stdout } = await explain(['svc:shop/web', '--all-nodes', '--overload', '--format', 'json']);
		expect(code).toBe(0);
		const found = JSON.parse(stdout);
		expect(found).toEqual({
			format_version: '1.0',
			kubernetes_version: '1.37',
			service: { namespace: 'shop', name: 'web', hints_computed: false },
			weights: [],
			ports: [
				{
					name: 'http',
					port: 80,
					protocol: 'tcp',
					cohorts: [
						{
							nodes: [
								{ name: 'n1', zone: 'a' },
								{ name: 'n2', zone: 'b' },
							],
							families: [
								{
									family: 'ipv4',
									policies: [
										{
											policy: 'internalTrafficPolicy',
											value: 'Cluster',
											force: 'in_force',
											beaten_by: null,
											sentence: 'traffic to the ClusterIP may go to endpoints on any node',
										},
									],
									addresses: [
										{
											kind: 'ClusterIP',
											address: '10.96.0.20',
											port: 80,
											where: '10.96.0.20:80',
											sources: null,
											treatments: [
												{ clients: ['pods'], fate: 'cluster', masqueraded: false },
												{ clients: ['node', 'outside'], fate: 'cluster', masqueraded: true },
											],
										},
									],
									endpoints: [
										{
											address: '10.244.1.5',
											port: 8080,
											pod: null,
											node: 'n1',
											zone: 'a',
											conditions: { ready: true, serving: true, terminating: false },
											hints: { zones: [], nodes: [] },
											cluster: { kept: true, field: 'conditions', sentence: 'ready=true' },
											local: null,
										},
									],
								},
							],
						},
					],
					loads: [
						{
							family: 'ipv4',
							fair: { fraction: '1', decimal: 1 },
							endpoints: [
								{
									address: '10.244.1.5',
									port: 8080,
									pod: null,
									node: 'n1',
									zone: 'a',
									before: { fraction: '1', decimal: 1 },
									after: { fraction: '1', decimal: 1 },
								},
							],
							zones: [zone('a', '1', 1), zone('b', '0', 0)],
							dropped: { before: { fraction: '0', decimal: 0 }, after: { fraction: '0', decimal: 0 } },
							refused: { before: { fraction: '0', decimal: 0 }, after: { fraction: '0', decimal: 0 } },
							warnings: [],
						},
					],
				},
			],
		});
		expect((await explain(['svc:shop/web', '--node', 'n1', '--format', 'json'])).stdout).toContain('"loads": null');
	});

	it('says that hints are computed, and what an older release does', async () => {
		const close = service('web', ['10.96.0.20'], { spec: { trafficDistribution: 'PreferClose' } });
		const input = JSON.stringify({ kind: 'List', items: [...OBJECTS.slice(0, 2), close, OBJECTS[3]] });
		const { stdout } = await explain(['svc:shop/web', '--node', 'n1', '--kubernetes-version', '1.31'], { input });
		expect(stdout.split('\n').slice(0, 2)).toEqual([
			'shop/web:http (80/tcp) on node n1 in zone a, as Kubernetes 1.31 does',
			'  note: hints are computed, as the EndpointSlice controller would write them, and not read from the slices',
		]);
	});

	it('counts what is left out, and answers, where there are too many to show', async () => {
		const numbers = Array.from({ length: 14 }, (_, index) => index + 1);
		const items = [
			...numbers.map((number) => node(number)),
			service('web', ['10.96.0.20'], { spec: { internalTrafficPolicy: 'Local' } }),
			slice(
				'web',
				numbers.map((number) => endpoint({ address: `10.244.${number}.5`, node: `n${number}` })),
			),
		];
		const { stdout } = await explain(['svc:shop/web', '--all-nodes'], {
			input: JSON.stringify({ kind: 'List', items }),
		});
		expect(stdout.match(/ on node n/g)).toHaveLength(12);
		expect(stdout.match(/^ {6}and 5 more left out; --node NAME or --format json shows them$/gm)).toHaveLength(12);
		expect(stdout.split('\n').at(-2)).toBe(
			'shop/web:http (80/tcp): 2 more answers of 2 nodes; --node NAME shows one, --format json all',
		);
	});

	it('shows no control character of a name', () => {
		const found = answered('svc:shop/web', { node: 'n1' }, OBJECTS);
		const renamed = (_key: string, value: unknown) => (value === 'n1' ? 'n1\u001b[31m\n\u202e' : value);
		const ports: Answer['ports'] = JSON.parse(JSON.stringify(found.ports, renamed));
		const text = explainText({ ...found, ports }, '1.37');
		expect(text).toContain('n1\uFFFD[31m\uFFFD\uFFFD');
		expect(text).not.toMatch(/[^\P{C}\n]/u);
	});

	it('tells what is wrong with the input', async () => {
		const { code, stdout, lines } = await explain(['svc:shop/web', '--node', 'n1'], { input: `${YAML}---\n${BAD}` });
		expect(code).toBe(0);
		expect(stdout).toContain('10.244.1.5:8080');
		expect(lines[0]).toMatch(/^<stdin>:\d+:\d+: error: Service shop\/bad: /);
	});

	it('takes the network options of render', async () => {
		const help = await Promise.all([nftGen(['explain', '--help']), nftGen(['render', '--help'])]);
		const [network, others] = help.map(({ stdout: text }) => /Network options.*?--context <name>/s.exec(text)?.[0]);
		expect(network).toBe(others);
		const { stdout } = await explain(['svc:shop/web', '--node', 'n1', '--masquerade-all']);
		expect(stdout).toContain('everybody  cluster endpoints, masqueraded');
	});

	it.each([
		['an unknown Service', ['svc:shop/wep', '--node', 'n1'], /^nft-gen: there is no Service shop\/wep .*shop\/web\?/],
		[
			'an unknown port',
			['svc:shop/web:dns', '--node', 'n1'],
			/^nft-gen: Service shop\/web has no port dns; it has http/,
		],
		['an unknown node', ['svc:shop/web', '--node', 'n7'], /^nft-gen: there is no Node n7 .*did you mean n1, n2\?/],
		[
			'an unknown node that sends',
			['svc:shop/web', '--overload', '--weight', 'n7=1'],
			/^nft-gen: there is no Node n7 .*did you mean n1, n2\?/,
		],
	])('%s: exit 1', async (_what, args, expected) => {
		const { code, stdout, stderr } = await explain(args);
		expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
		expect(stderr).toMatch(expected);
	});

	it('input without any Service, slice or Node: exit 1', async () => {
		const cwd = await shopFolder({ 'a.yaml': 'kind: ConfigMap' });
		const { code, lines } = await nftGen(['explain', 'svc:shop/web', '--node', 'n1', '-f', '.'], { cwd });
		expect(code).toBe(1);
		expect(lines).toEqual([
			'nft-gen: nothing can be explained: there is no Service, EndpointSlice or Node in the input',
		]);
	});

	const WEB = 'svc:shop/web';
	it.each([
		['no Service', ['--node', 'n1'], /missing required argument 'service'/],
		['a target that is no Service', ['lb:shop/web', '--node', 'n1'], /It wants svc:NAMESPACE\/NAME or svc:/],
		['a name that is none', ['svc:Shop/web', '--node', 'n1'], /It wants svc:NAMESPACE\/NAME or svc:/],
		['no node', [WEB], /^nft-gen: which node\? pass --node NAME, --all-nodes or --overload$/m],
		['one node and all', [WEB, '--node', 'n1', '--all-nodes'], /^nft-gen: pass --node or --all-nodes, not both$/m],
		['weights without --overload', [WEB, '--node', 'n1', '--weight', 'n1=2'], /^nft-gen: --weight says .* --overload/m],
		['a weight that is none', [WEB, '--overload', '--weight', 'n1=-1'], /It wants NODE=N, N a whole number/],
		['a weight of nobody', [WEB, '--overload', '--weight', '=1'], /It wants NODE=N, N a whole number/],
		['a zone for all nodes', [WEB, '--all-nodes', '--zone', 'a'], /^nft-gen: --zone and --node-ip say what one node/m],
		['an address for all nodes', [WEB, '--overload', '--node-ip', '10.0.0.1'], /^nft-gen: --zone and --node-ip say/m],
		['an unknown format', [WEB, '--node', 'n1', '--format', 'yaml'], /Allowed choices are text, json/],
		['a word that stands alone', [WEB, 'x', '--node', 'n1'], /^nft-gen: "x" is no option; write -f before each file$/m],
	])('%s: exit 64', async (_what, args, expected) => {
		const { code, stdout, stderr } = await explain(args);
		expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
		expect(stderr).toMatch(expected);
	});
});

/** A zone of one node that sends half, and gets the same before and after. */
function zone(name: string, fraction: string, decimal: number) {
	const gets = { fraction, decimal };
	return { zone: name, nodes: 1, sends: { fraction: '1/2', decimal: 0.5 }, before: gets, after: gets };
}
