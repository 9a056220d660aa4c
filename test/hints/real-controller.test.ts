import { expect, it } from 'vitest';
import type { Endpoint } from '../../src/model/cluster-state.ts';
import { IP_FAMILIES } from '../../src/model/ip.ts';
import { readCluster } from '../../src/pipeline.ts';
import { nftGen } from '../support/cli.ts';
import { compiled } from '../support/compiled.ts';
import { documents, settings } from '../support/objects.ts';
import { describeController } from '../support/with-control-plane.ts';
import { type NodeFields, openWorkload, type PodFields, type Workload } from '../support/workload.ts';

// The hints that we compute equal those that the real EndpointSlice controller writes.

type Fields = Readonly<Record<string, unknown>>;
type Layout = Readonly<Record<string, NodeFields>>;

/** CPU as 4 : 2 : 1. */
const UNEQUAL: Layout = { n1: { zone: 'a', cpu: '4' }, n2: { zone: 'b', cpu: '2000m' }, n3: { zone: 'c', cpu: '1' } };
/** Two nodes in one zone, one as large in the other; nodes that are no ready workers do not count. */
const EQUAL: Layout = {
	n1: { zone: 'a', cpu: '1500m' },
	n2: { zone: 'a', cpu: '500m' },
	n3: { zone: 'b', cpu: '2' },
	n4: { zone: 'c', cpu: '8', labels: { 'node-role.kubernetes.io/control-plane': '' } },
	n5: { zone: 'd', cpu: '8', ready: false },
};
const ONE_ZONE: Layout = { n1: { zone: 'a' }, n2: { zone: 'a' } };
const UNZONED: Layout = { n1: { zone: 'a' }, n2: { zone: 'b' }, n3: {} };

const AUTO = { 'service.kubernetes.io/topology-mode': 'Auto' };
const NAMED = { ports: [{ name: 'http', port: 80, targetPort: 'web' }] };

function podAt(node: string, host: number, fields: Partial<PodFields> = {}): PodFields {
	const number = node.slice(1);
	return { node, ips: [`10.244.${number}.${host}`, `fd00:10:244:${number}::${host}`], ...fields };
}

/** So many Pods on each node. */
function spread(counts: Readonly<Record<string, number>>, fields: Partial<PodFields> = {}): readonly PodFields[] {
	return Object.entries(counts).flatMap(([node, count]) =>
		Array.from({ length: count }, (_, index) => podAt(node, index + 5, fields)),
	);
}

/** What makes a Pod listen at the port that NAMED asks for. */
function listening(containerPort: number, spec: Fields = {}): Partial<PodFields> {
	const ports = [{ name: 'web', containerPort }];
	return { spec: { containers: [{ name: 'main', image: 'main', ports }], ...spec } };
}

function onHost(containerPort: number): PodFields {
	return {
		node: 'n1',
		ips: ['192.168.10.1', 'fd00:192:168:10::1'],
		...listening(containerPort, { hostNetwork: true }),
	};
}

const NOT_READY = podAt('n3', 20, { ready: false });
const TERMINATING = podAt('n3', 21, { terminating: true });

/** What `expected` says is `NUMBER ZONE→HINT`, of the ready endpoints. */
type AutoCase = readonly [title: string, nodes: Layout, pods: readonly PodFields[], spec: Fields, expected: string];

const AUTO_CASES: readonly AutoCase[] = [
	['all Pods in the largest of three unequal zones', UNEQUAL, spread({ n1: 7 }), {}, '4 a→a, 2 a→b, 1 a→c'],
	['all Pods in the smallest', UNEQUAL, spread({ n3: 7 }), {}, '4 c→a, 2 c→b, 1 c→c'],
	['Pods as the zones are', UNEQUAL, spread({ n1: 4, n2: 2, n3: 1 }), {}, '4 a→a, 2 b→b, 1 c→c'],
	['more Pods in smaller zones', UNEQUAL, spread({ n1: 2, n2: 5, n3: 6 }), {}, '2 a→a, 1 b→a, 4 b→b, 4 c→a, 2 c→c'],
	['fewer Pods than zones', UNEQUAL, spread({ n1: 1, n2: 1 }), {}, '1 a→all, 1 b→all'],
	['EC-56 three Pods, two equal zones', EQUAL, spread({ n1: 2, n3: 1 }), {}, '2 a→all, 1 b→all'],
	['EC-57 seven Pods, two equal zones', EQUAL, spread({ n1: 3, n2: 1, n3: 3 }), {}, '4 a→a, 3 b→b'],
	['EC-58 six Pods in one of two equal zones', EQUAL, spread({ n1: 6 }), {}, '3 a→a, 3 a→b'],
	['Pods in zones that do not count', EQUAL, spread({ n1: 2, n3: 2, n4: 2, n5: 1 }), {}, '2 a→a, 2 b→b, 2 c→c, 1 d→d'],
	['others not ready', EQUAL, [...spread({ n1: 4 }), NOT_READY, TERMINATING], {}, '2 a→a, 2 a→b'],
	[
		'publishNotReadyAddresses',
		EQUAL,
		[...spread({ n1: 3 }), NOT_READY],
		{ publishNotReadyAddresses: true },
		'2 a→a, 1 a→b, 1 b→b',
	],
	[
		'EC-59 PreferSameNode beside it',
		EQUAL,
		spread({ n1: 4 }),
		{ trafficDistribution: 'PreferSameNode' },
		'2 a→a, 2 a→b',
	],
	['one zone', ONE_ZONE, spread({ n1: 2, n2: 2 }), {}, '4 a→all'],
	['a node without zone', UNZONED, spread({ n1: 2, n2: 2 }), {}, '2 a→all, 2 b→all'],
	[
		'a Pod that lacks the port',
		EQUAL,
		[...spread({ n1: 1, n3: 1 }, listening(8080)), podAt('n1', 9)],
		NAMED,
		'1 a→all, 1 b→all',
	],
	[
		'Pods that share an address',
		EQUAL,
		[onHost(81), onHost(82), ...spread({ n3: 2 }, listening(8080))],
		NAMED,
		'2 a→a, 2 b→b',
	],
];

/** Objects with the hints of their slices, or with those that the controller should have written. */
interface Source {
	readonly from: 'endpointslices' | 'pods';
	readonly hints: 'as-is' | 'controller';
}
const WRITTEN: Source = { from: 'endpointslices', hints: 'as-is' };
const COMPUTED: Source = { from: 'endpointslices', hints: 'controller' };
const FROM_PODS: Source = { from: 'pods', hints: 'controller' };

/** The rules of every node. */
async function rules({ get }: Workload, layout: Layout, { from, hints }: Source): Promise<string> {
	const objects = await get('services', from);
	const texts = Object.keys(layout).map((node) => compiled(objects, { node, hints }).text);
	return withoutSource(texts.join(''));
}

/** Without the words that say who computed the hints. */
function withoutSource(text: string): string {
	return text.replaceAll(' (hints computed, not in the slices)', '');
}

/** How many ready endpoints of a zone are hinted for which, in each family. Which of them they are the controller draws. */
async function zonesServed({ get }: Workload, { from, hints }: Source): Promise<readonly string[]> {
	const { state } = readCluster(documents(...(await get('services', from))), settings({ hints }));
	const ports = state.services.flatMap((service) => service.ports);
	return IP_FAMILIES.map((family) => counted(ports.flatMap((port) => port.endpoints[family])));
}

function counted(endpoints: readonly Endpoint[]): string {
	const texts = endpoints.flatMap(({ ready, zone, zoneHints }) =>
		ready ? `${zone}→${zoneHints.join('+') || 'all'}` : [],
	);
	return [...new Set(texts)]
		.sort()
		.map((text) => `${texts.filter((each) => each === text).length} ${text}`)
		.join(', ');
}

const PATIENCE = { timeout: 15_000, interval: 100 };

describeController('hints, beside the real EndpointSlice controller', (plane) => {
	let opened = 0;

	/** A namespace of its own with a Service of both families and its Pods, in a cluster that has these nodes. */
	const begin = async (layout: Layout, pods: readonly PodFields[], spec: Fields) => {
		opened += 1;
		const workload = await openWorkload(plane(), `case-${opened}`);
		await workload.setNodes(layout);
		await Promise.all(pods.map((pod, index) => workload.addPod(`pod-${index}`, pod)));
		await workload.addService('web', { ipFamilyPolicy: 'RequireDualStack', ...spec });
		// The rules tell that all slices are there; only then does the controller know the nodes for sure.
		const expected = await rules(workload, layout, FROM_PODS);
		await expect.poll(() => rules(workload, layout, WRITTEN), PATIENCE).toBe(expected);
		return { workload, expected };
	};

	it.each(
		['PreferClose', 'PreferSameZone', 'PreferSameNode'].flatMap((value) => [
			[value, 'two zones', EQUAL, '4 a→a, 4 b→b'] as const,
			[value, 'a node without zone', UNZONED, '3 a→a, 1 b→b, 4 null→all'] as const,
		]),
	)('equal those written for %s, %s', async (trafficDistribution, _, layout, served) => {
		const pods = [...spread({ n1: 3, n2: 1, n3: 4 }), NOT_READY, TERMINATING];
		const { workload, expected } = await begin(layout, pods, { trafficDistribution });
		expect(await zonesServed(workload, WRITTEN)).toEqual([served, served]);
		expect(await rules(workload, layout, COMPUTED)).toBe(expected);
	});

	it.each(AUTO_CASES)('equal those written for Auto: %s', async (_, layout, pods, spec, served) => {
		const { workload } = await begin(layout, pods, spec);
		await workload.annotate('web', AUTO);
		await expect.poll(() => zonesServed(workload, WRITTEN), PATIENCE).toEqual([served, served]);
		expect(await zonesServed(workload, COMPUTED)).toEqual([served, served]);
		expect(await zonesServed(workload, FROM_PODS)).toEqual([served, served]);
	});

	it('go when Auto is no longer possible, and come back', async () => {
		const { workload } = await begin(EQUAL, spread({ n1: 2, n3: 2 }), {});
		await workload.annotate('web', AUTO);
		const becomes = async (served: string) => {
			await expect.poll(() => zonesServed(workload, WRITTEN), PATIENCE).toEqual([served, served]);
			expect(await zonesServed(workload, COMPUTED)).toEqual([served, served]);
		};
		await becomes('2 a→a, 2 b→b');
		await workload.removePod('pod-3', 0);
		await becomes('2 a→all, 1 b→all');
		await workload.addPod('pod-4', podAt('n2', 9));
		await becomes('2 a→a, 1 a→b, 1 b→b');
	});

	it('are those that the command line finds in the live cluster, as it is and computed', async () => {
		const { workload } = await begin(EQUAL, spread({ n1: 2, n3: 2 }), { trafficDistribution: 'PreferSameZone' });
		const chains = async (hints: string) => {
			const from = ['--kubeconfig', plane().kubeconfig, '--hints', hints];
			const { code, stdout, stderr } = await nftGen(['render', '--node', 'n1', ...from]);
			expect(code, stderr).toBe(0);
			const pattern = new RegExp(`^\\tchain cluster/${workload.namespace}/.*?^\\t}`, 'gms');
			return withoutSource(stdout.match(pattern)?.join('\n') ?? '');
		};
		const asIs = await chains('as-is');
		expect(asIs).toContain('only endpoints hinted for zone a');
		expect(await chains('controller')).toBe(asIs);
	});
});
