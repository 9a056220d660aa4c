import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepare } from '../../src/overlay/prepare.ts';
import { compileNode } from '../../src/pipeline.ts';
import { arbitraryCluster } from '../support/arbitrary-cluster.ts';
import { rendered } from '../support/compiled.ts';
import { documents, endpoint, node, service, settings, slice } from '../support/objects.ts';
import { previewed } from './previewed.ts';

type Fields = Record<string, unknown>;

const WEB = 'cluster/shop/web/http';

/** The Service as it is captured, with a selector. */
function web(spec: Fields = {}, metadata: Fields = {}): Fields {
	return service('web', ['10.96.0.20'], { metadata, spec: { selector: { app: 'web' }, ...spec } });
}

function pod(name: string, ip: string, labels: Fields = { app: 'web' }, nodeName = 'n1'): Fields {
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name, namespace: 'shop', labels },
		spec: { nodeName, containers: [{ ports: [{ name: 'web', containerPort: 9090 }] }] },
		status: { phase: 'Running', podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
	};
}

/** Its slice says another port than its Pods would, so that one sees which of the two was used. */
const SLICE = slice('web', [endpoint({ address: '10.244.1.5', node: 'n1', zone: 'a', zones: ['a'] })], {
	ports: [{ name: 'http', protocol: 'TCP', port: 7777 }],
});
const PODS = [
	pod('web-0', '10.244.1.5'),
	pod('web-1', '10.244.2.5', { app: 'web', tier: 'x' }, 'n2'),
	pod('cart-0', '10.244.1.6', { app: 'cart' }),
];
const CAPTURE = [node(1, 'a'), node(2, 'b'), web(), SLICE, ...PODS];

describe('endpoints of a captured Service', () => {
	it('are those of its captured slices where its manifest chooses as captured, whatever else it changes', () => {
		const head = web({
			externalIPs: ['192.0.2.1'],
			selector: { app: 'web' },
			ports: [{ name: 'http', port: 8000, targetPort: 8080 }],
		});
		const { before, after } = previewed([web()], [head], CAPTURE);
		expect([before.targets(WEB), after.targets(WEB)]).toEqual([['10.244.1.5:7777'], ['10.244.1.5:7777']]);
	});

	it.each<[string, Fields, readonly string[] | null]>([
		['selector', { selector: { app: 'web', tier: 'x' } }, ['10.244.2.5:8080']],
		['targetPort', { ports: [{ name: 'http', port: 80, targetPort: 8000 }] }, ['10.244.1.5:8000', '10.244.2.5:8000']],
		[
			'targetPort by name',
			{ ports: [{ name: 'http', port: 80, targetPort: 'web' }] },
			['10.244.1.5:9090', '10.244.2.5:9090'],
		],
		['publishNotReadyAddresses', { publishNotReadyAddresses: true }, ['10.244.1.5:8080', '10.244.2.5:8080']],
	])('are computed from captured Pods where its %s changes', (_, spec, targets) => {
		const { before, after, sources } = previewed([web()], [web(spec)], CAPTURE);
		expect(before.targets(WEB)).toEqual(['10.244.1.5:7777']);
		expect(after.targets(WEB)?.map((each) => each.trim())).toEqual(targets);
		expect(sources).toEqual({ manifests: 0, captured: 0, recomputed: 1, unknown: 0 });
	});

	it('a mistyped selector leaves none', () => {
		const { before, after } = previewed([web()], [web({ selector: { app: 'webb' } })], CAPTURE);
		expect(before.frontends).toEqual(['10.96.0.20 . tcp . 80']);
		expect(after.targets(WEB)).toBeNull();
		expect(after.text).toContain('10.96.0.20 . tcp . 80 comment "shop/web:http: no endpoint" : goto refuse');
	});

	it('the order of ports, labels and keys, and defaults that are written out, change nothing', () => {
		const ports = [
			{ name: 'a', port: 1 },
			{ name: 'b', port: 2, targetPort: 2, protocol: 'TCP' },
		];
		const capture = [node(1), web({ ports, selector: { a: '1', b: '2' } }), SLICE, ...PODS];
		const head = web({
			ports: [{ ...ports[1] }, { ...ports[0], targetPort: 1 }],
			selector: { b: '2', a: '1' },
			publishNotReadyAddresses: false,
		});
		expect(prepare([], documents(head), documents(...capture)).sources).toMatchObject({ captured: 2, recomputed: 0 });
	});

	it('without captured Pods they stay, and the gap is told', () => {
		const { after, gaps, sources } = previewed([web()], [web({ selector: { app: 'webb' } })], [node(1), web(), SLICE]);
		expect(after.targets(WEB)).toEqual(['10.244.1.5:7777']);
		expect(sources).toMatchObject({ captured: 1 });
		expect(gaps).toEqual([
			'for 1 Service (shop/web) the endpoints are as captured, though selector or ports differ: the capture has no Pods',
		]);
	});

	it('made by hand, for a Service without a selector, stay whatever changes', () => {
		const byHand = web({ selector: undefined });
		const { after, sources } = previewed(
			[byHand],
			[web({ selector: undefined, publishNotReadyAddresses: true })],
			[node(1), byHand, SLICE, ...PODS],
		);
		expect(after.targets(WEB)).toEqual(['10.244.1.5:7777']);
		expect(sources).toMatchObject({ captured: 1 });
	});
});

describe('hints', () => {
	const endpoints = [
		endpoint({ address: '10.244.1.5', node: 'n1', zone: 'a' }),
		endpoint({ address: '10.244.2.5', node: 'n2', zone: 'b' }),
	];
	const hinted = [
		endpoint({ address: '10.244.1.5', node: 'n1', zone: 'a', zones: ['a'] }),
		endpoint({ address: '10.244.2.5', node: 'n2', zone: 'b', zones: ['b'] }),
	];
	const nodes = [node(1, 'a'), node(2, 'b')];

	it('come where trafficDistribution comes, and go with it', () => {
		const close = { trafficDistribution: 'PreferClose' };
		const coming = previewed([web()], [web(close)], [...nodes, web(), slice('web', endpoints), ...PODS]);
		expect([coming.before.targets(WEB)?.length, coming.after.targets(WEB)]).toEqual([2, ['10.244.1.5:8080']]);
		const going = previewed([web(close)], [web()], [...nodes, web(close), slice('web', hinted), ...PODS]);
		expect([going.before.targets(WEB), going.after.targets(WEB)?.length]).toEqual([['10.244.1.5:8080'], 2]);
	});

	it('are computed anew where the annotation changes, and kept where nothing does', () => {
		const wrong = [
			endpoint({ address: '10.244.1.5', node: 'n1', zone: 'a', zones: ['b'] }),
			endpoint({ address: '10.244.2.5', node: 'n2', zone: 'b', zones: ['a'] }),
		];
		const close = { trafficDistribution: 'PreferClose' };
		const capture = [...nodes, web(close), slice('web', wrong), ...PODS];
		const targets = (head: Fields) => previewed([web(close)], [head], capture).after.targets(WEB);
		expect(targets(web(close))).toEqual(['10.244.2.5:8080']);
		expect(targets(web({ trafficDistribution: 'PreferSameZone' }))).toEqual(['10.244.2.5:8080']);
		const annotations = { 'service.kubernetes.io/topology-mode': 'Disabled' };
		expect(targets(web(close, { annotations }))).toEqual(['10.244.1.5:8080']);
	});
});

describe('captured objects', () => {
	const other = service('other', ['10.96.0.30']);
	const otherSlice = slice('other', [endpoint({ address: '10.244.1.9', node: 'n1' })]);
	const capture = [...CAPTURE, other, otherSlice];

	it('that no manifest has are on both sides', () => {
		const { before, after } = previewed([web()], [web()], capture);
		expect(before.targets('cluster/shop/other/http')).toEqual(['10.244.1.9:8080']);
		expect(after.text).toBe(before.text);
	});

	it('that only the base has are gone from the head, with their slices', () => {
		const { before, after } = previewed([web(), other], [web()], capture);
		expect(before.targets('cluster/shop/other/http')).toEqual(['10.244.1.9:8080']);
		expect([after.targets('cluster/shop/other/http'), after.problems]).toEqual([null, []]);
	});

	it('that only the head has are on both sides: they are in the cluster already', () => {
		const { before, after } = previewed([], [web(), other], capture);
		expect(before.targets('cluster/shop/other/http')).toEqual(['10.244.1.9:8080']);
		expect(after.text).toBe(before.text);
	});

	it('manifests stay in their file, document and place', () => {
		const base = [
			{
				file: 'deploy/web.yaml',
				index: 2,
				value: { kind: 'List', apiVersion: 'v1', items: [{}, web({ clusterIP: undefined, clusterIPs: undefined })] },
			},
		];
		const { base: found } = prepare(base, base, documents(...capture));
		expect(found.at(-1)).toMatchObject({
			file: 'deploy/web.yaml',
			index: 2,
			value: { items: [{}, { spec: { clusterIP: '10.96.0.20' } }] },
		});
	});

	it('of a live cluster come as pages of lists', () => {
		const page = {
			kind: 'ServiceList',
			apiVersion: 'v1',
			items: [web(), other].map(({ kind: _kind, apiVersion: _version, ...rest }) => rest),
		};
		const live = [...CAPTURE.filter((each) => each.kind !== 'Service'), page, otherSlice];
		expect(previewed([web()], [web({ selector: { app: 'cart' } })], live).after.targets(WEB)).toEqual([
			'10.244.1.6:8080',
		]);
		expect(previewed([other], [], live).after.targets('cluster/shop/other/http')).toBeNull();
	});

	it('a Service that is written twice in the same way is no error', () => {
		const twice = web({ clusterIP: undefined, clusterIPs: undefined });
		expect(previewed([twice, twice], [twice, twice], capture).after.problems).toEqual([]);
		expect(previewed([node(1), twice, twice], [node(1), twice, twice]).after.problems).toEqual([]);
	});
});

describe('where endpoints come from is counted by service ports of the head', () => {
	it('slices of the manifests, Pods of the manifests, and nothing', () => {
		const twoPorts = [
			{ name: 'a', port: 1 },
			{ name: 'b', port: 2 },
		];
		const named = (name: string, spec: Fields = {}) =>
			service(name, ['10.96.0.9'], { spec: { selector: { app: name }, ...spec } });
		const count = (...head: readonly Fields[]) => prepare([], documents(...head), null);
		expect(count(named('web', { ports: twoPorts }), SLICE).sources).toEqual({
			manifests: 2,
			captured: 0,
			recomputed: 0,
			unknown: 0,
		});
		expect(count(named('web'), ...PODS).sources).toMatchObject({ recomputed: 1, unknown: 0 });
		const unknown = count(...['a', 'b', 'c', 'd'].map((name) => named(name)));
		expect(unknown.sources).toEqual({ manifests: 0, captured: 0, recomputed: 0, unknown: 4 });
		expect(unknown.gaps).toEqual([
			'for 4 Services (shop/a, shop/b, shop/c, …) no endpoints are known: pass --cluster FILE made by "nft-gen capture"',
		]);
		expect(count(named('web', { clusterIP: 'None', clusterIPs: ['None'] })).gaps).toEqual([]);
	});

	it('a new Service gets its endpoints from captured Pods', () => {
		const head = {
			apiVersion: 'v1',
			kind: 'Service',
			metadata: { name: 'new', namespace: 'shop' },
			spec: { selector: { app: 'cart' }, ports: [{ port: 80 }] },
		};
		const { after, sources, gaps } = previewed([web()], [web(), head], CAPTURE);
		expect(after.targets('cluster/shop/new/tcp.80')).toEqual(['10.244.1.6:80']);
		expect(after.frontends).toContain('‹clusterIP of shop/new› . tcp . 80');
		expect([sources, gaps]).toEqual([{ manifests: 0, captured: 1, recomputed: 1, unknown: 0 }, []]);
	});
});

describe('laws', () => {
	const text = (sides: ReturnType<typeof prepare>['base']) => {
		const { ruleset } = compileNode(sides, settings());
		return ruleset === null ? '' : rendered(ruleset);
	};

	it('manifests that are what was captured, without what the API server adds, change nothing', () => {
		fc.assert(
			fc.property(arbitraryCluster, (groups) => {
				const capture = groups.flat();
				const manifests = capture.filter(({ kind }) => kind === 'Service').map(withoutAllocations);
				const { base, head, symbols } = prepare(
					documents(...manifests),
					documents(...manifests),
					documents(...capture),
				);
				const whole = text(documents(...capture));
				expect([text(base), text(head)]).toEqual([whole, whole]);
				expect(symbols.addresses.size + symbols.nodePorts.size).toBe(0);
			}),
		);
	});

	it('equal input gives equal rules and symbols, whatever its order', () => {
		fc.assert(
			fc.property(arbitraryCluster, fc.integer({ min: 1, max: 50 }), (groups, turn) => {
				const objects = groups.flat();
				const turned = [...objects.slice(turn % objects.length), ...objects.slice(0, turn % objects.length)];
				const [one, other] = [objects, turned].map((each) => {
					const manifests = documents(
						...each.map((object) => (object.kind === 'Service' ? withoutAllocations(object) : object)),
					);
					const { base, head, symbols } = prepare(manifests, manifests.slice(1), null);
					return { symbols, texts: [text(base)], sameCount: head.length };
				});
				expect(other).toEqual(one);
			}),
		);
	});
});

function withoutAllocations(object: Fields): Fields {
	const { clusterIP: _ip, clusterIPs: _ips, ipFamilies: _families, ports, ...spec } = Object(object.spec);
	const { status: _status, ...rest } = object;
	const withoutNodePorts = ports.map(({ nodePort: _nodePort, ...port }: Fields) => port);
	return { ...rest, spec: { ...spec, ports: withoutNodePorts } };
}
