import { describe, expect, it } from 'vitest';
import type { HintsMode } from '../../src/model/settings.ts';
import { compiled } from '../support/compiled.ts';
import { endpoint, node, service, slice } from '../support/objects.ts';

const AUTO = { metadata: { annotations: { 'service.kubernetes.io/topology-mode': 'Auto' } } };

/** A Node of a zone with CPU, as the controller asks for. */
function worker(number: number, zone: string) {
	const { status, ...rest } = node(number, zone);
	return { ...rest, status: { ...(status as object), allocatable: { cpu: '3920m' } } };
}

const NODES = [worker(1, 'a'), worker(2, 'a'), worker(3, 'b')];

/** Endpoints by the number of their node. */
function on(...nodes: readonly number[]) {
	return nodes.map((number, index) =>
		endpoint({ address: `10.244.${number}.${index + 5}`, node: `n${number}`, zone: number === 3 ? 'b' : 'a' }),
	);
}

interface Asked {
	readonly spec?: Record<string, unknown>;
	readonly metadata?: Record<string, unknown>;
	readonly hints?: HintsMode;
	readonly nodes?: readonly unknown[];
}

/** The endpoints that n1, in zone a, uses, and the comment of their chain. */
function used(endpoints: Parameters<typeof slice>[1], { hints = 'missing', nodes = NODES, ...fields }: Asked) {
	const found = compiled([...nodes, service('web', ['10.96.0.20'], fields), slice('web', endpoints)], { hints });
	const chain = found.table().chains.find((each) => each.name === 'cluster/shop/web/http');
	const targets = (found.chain('cluster/shop/web/http') ?? []).map((rule) => rule.split(' ').at(-1)?.split(':')[0]);
	return { targets, comment: chain?.comment ?? null, problems: found.problems.map((problem) => problem.sentence) };
}

const HERE_AND_NEAR = ['10.244.1.5', '10.244.2.6'];

describe('hints that no slice holds yet', () => {
	it.each(['PreferClose', 'PreferSameZone'])('%s: the endpoints of the own zone, and the chain says why', (value) => {
		expect(used(on(1, 2, 3), { spec: { trafficDistribution: value } })).toEqual({
			targets: HERE_AND_NEAR,
			comment: 'only endpoints hinted for zone a (hints computed, not in the slices)',
			problems: [],
		});
	});

	it('PreferSameNode: the endpoint of the own node, else of the zone', () => {
		const spec = { trafficDistribution: 'PreferSameNode' };
		expect(used(on(1, 2, 3), { spec }).targets).toEqual(['10.244.1.5']);
		expect(used(on(2, 3), { spec }).targets).toEqual(['10.244.2.5']);
		expect(used(on(3), { spec }).targets).toEqual(['10.244.3.5']);
	});

	it('a zone that no slice names is that of the Node', () => {
		const unzoned = on(1, 2, 3).map(({ zone: _zone, ...rest }) => rest);
		expect(used(unzoned, { spec: { trafficDistribution: 'PreferClose' } }).targets).toEqual(HERE_AND_NEAR);
	});

	it('topology-mode Auto: shared out by the CPU of the zones', () => {
		expect(used(on(1, 1, 2, 2, 3, 3), AUTO).targets).toHaveLength(4);
		expect(used(on(1, 1, 1, 1, 1, 1), AUTO).targets).toHaveLength(4);
	});

	it('EC-59: topology-mode Auto beats trafficDistribution', () => {
		const both = { ...AUTO, spec: { trafficDistribution: 'PreferSameNode' } };
		expect(used(on(1, 1, 2, 2, 3, 3), both).targets).toHaveLength(4);
	});

	it('the older annotation hides the newer one', () => {
		const older = { 'service.kubernetes.io/topology-aware-hints': 'disabled' };
		const annotations = { ...AUTO.metadata.annotations, ...older };
		expect(used(on(1, 2, 3), { metadata: { annotations } }).targets).toHaveLength(3);
		const auto = { annotations: { 'service.kubernetes.io/topology-aware-hints': 'auto' } };
		expect(used(on(1, 1, 2, 2, 3, 3), { metadata: auto }).targets).toHaveLength(4);
	});

	it('EC-56: Auto that cannot share them out uses all, and says so', () => {
		expect(used(on(1, 3), AUTO)).toMatchObject({
			targets: ['10.244.1.5', '10.244.3.6'],
			comment: null,
			problems: [
				'topology-mode Auto gives no hints for IPv4: 2 ready endpoints over 2 zones would overload some; all endpoints are used',
			],
		});
	});

	it('Auto counts an endpoint that has none of the Service’s ports, as a Pod without the named one', () => {
		const other = endpoint({ address: '10.244.1.9', node: 'n1', zone: 'a' });
		const portless = slice('web', [other], { name: 'web-portless', ports: [] });
		const objects = [...NODES, service('web', ['10.96.0.20'], AUTO), slice('web', on(1, 3)), portless];
		expect(compiled(objects).chain('cluster/shop/web/http')).toEqual(['meta l4proto tcp dnat to 10.244.1.5:8080']);
	});

	it('Auto counts Pods that share the address of their node one by one', () => {
		const onHost = (pod: string) => endpoint({ address: '192.168.10.1', node: 'n1', zone: 'a', pod: `shop/${pod}` });
		const atPort = (port: number, ...endpoints: readonly ReturnType<typeof onHost>[]) =>
			slice('web', endpoints, { name: `web-${port}`, ports: [{ name: 'http', protocol: 'TCP', port }] });
		const inB = endpoint({ address: '10.244.3.5', node: 'n3', zone: 'b', pod: 'shop/c' });
		const slices = [atPort(81, onHost('a')), atPort(82, onHost('b')), atPort(8080, inB)];
		const found = compiled([...NODES, service('web', ['10.96.0.20'], AUTO), ...slices]);
		expect(found.chain('cluster/shop/web/http')).toEqual([
			'numgen random mod 2 == 0 meta l4proto tcp dnat to 192.168.10.1:81',
			'meta l4proto tcp dnat to 192.168.10.1:82',
		]);
	});

	it('Auto without CPU in the Nodes uses all, and says so', () => {
		const nodes = [node(1, 'a'), node(2, 'a'), node(3, 'b')];
		const found = used(on(1, 2, 3), { ...AUTO, nodes });
		expect(found.targets).toHaveLength(3);
		expect(found.problems[0]).toContain('the Nodes do not tell zone and CPU of at least two zones');
	});

	it('a value that Kubernetes does not know is ignored, and it is said', () => {
		const found = used(on(1, 2, 3), { spec: { trafficDistribution: 'PreferFar' } });
		expect(found.targets).toHaveLength(3);
		expect(found.problems).toEqual([
			'its trafficDistribution PreferFar is not one Kubernetes 1.37 knows; it is ignored',
		]);
	});
});

describe('where hints come from', () => {
	const spec = { trafficDistribution: 'PreferSameZone' };
	const hinted = [
		endpoint({ address: '10.244.1.5', node: 'n1', zone: 'a', zones: ['b'] }),
		endpoint({ address: '10.244.3.5', node: 'n3', zone: 'b', zones: ['a'] }),
	];

	it('missing: hints in the slices stay as they are', () => {
		expect(used(hinted, { spec })).toMatchObject({
			targets: ['10.244.3.5'],
			comment: 'only endpoints hinted for zone a',
		});
	});

	it('controller: they are computed anew for a Service that asks, and taken away from one that does not', () => {
		expect(used(hinted, { spec, hints: 'controller' }).targets).toEqual(['10.244.1.5']);
		expect(used(hinted, { hints: 'controller' }).targets).toHaveLength(2);
	});

	it('as-is: nothing is computed', () => {
		expect(used(on(1, 2, 3), { spec, hints: 'as-is' }).targets).toHaveLength(3);
		expect(used(hinted, { spec, hints: 'as-is' }).targets).toEqual(['10.244.3.5']);
	});

	it.each(['missing', 'controller'] as const)(
		'%s: slices made by hand, of a Service without a selector, stay',
		(hints) => {
			const byHand = { ...spec, selector: null };
			expect(used(on(1, 2, 3), { spec: byHand, hints }).targets).toHaveLength(3);
			expect(used(hinted, { spec: byHand, hints }).targets).toEqual(['10.244.3.5']);
		},
	);

	it('a Service that does not ask keeps its hints where nothing says otherwise', () => {
		expect(used(hinted, {}).targets).toEqual(['10.244.3.5']);
	});
});
