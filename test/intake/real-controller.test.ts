import { beforeAll, expect, it } from 'vitest';
import { compiled } from '../support/compiled.ts';
import { describeController } from '../support/with-control-plane.ts';
import { openWorkload, type PodFields, type Workload } from '../support/workload.ts';

// Rules made of Pods equal the rules made of the slices that the real EndpointSlice controller writes for them.

type Fields = Readonly<Record<string, unknown>>;

interface Case {
	readonly pods: readonly PodFields[];
	/** specs of Services; each selects the Pods */
	readonly services: readonly Fields[];
	/** what the rules must lead to, so that the comparison is not one of nothing with nothing */
	readonly leadsTo: readonly string[];
}

const DUAL = { ipFamilyPolicy: 'RequireDualStack' };

/** Ports of a container. */
function listening(...ports: readonly Fields[]): Fields {
	return { containers: [{ name: 'main', image: 'main', ports }] };
}

const NAMED = { ports: [{ name: 'http', port: 80, targetPort: 'web' }] };

const CASES: readonly (readonly [string, Case])[] = [
	[
		'ready or not, finished, of another app, on nodes of two zones',
		{
			pods: [
				{ ips: ['10.244.1.5'] },
				{ ips: ['10.244.2.5'], node: 'n2' },
				{ ips: ['10.244.3.5'], node: 'n3' },
				{ ips: ['10.244.1.6'], ready: false },
				{ ips: ['10.244.1.7'], phase: 'Succeeded' },
				{ ips: ['10.244.1.8'], phase: 'Failed' },
				{ ips: ['10.244.1.9'], labels: { app: 'other' } },
				{ ips: [] },
			],
			services: [{}, { internalTrafficPolicy: 'Local' }, { trafficDistribution: 'PreferSameZone' }],
			leadsTo: ['10.244.1.5:8080', '10.244.2.5:8080', '10.244.3.5:8080'],
		},
	],
	[
		'terminating beside ready ones, and only terminating ones',
		{
			pods: [
				{ ips: ['10.244.1.5'] },
				{ ips: ['10.244.1.6'], terminating: true },
				{ ips: ['10.244.1.7'], labels: { app: 'old' }, terminating: true },
				{ ips: ['10.244.1.8'], labels: { app: 'old' }, terminating: true, ready: false },
			],
			services: [{}, { selector: { app: 'old' } }],
			leadsTo: ['10.244.1.5:8080', '10.244.1.7:8080'],
		},
	],
	[
		'publishNotReadyAddresses, also on a node that is not there',
		{
			pods: [
				{ ips: ['10.244.1.5'], ready: false },
				{ ips: ['10.244.1.6'], ready: false, terminating: true },
				{ ips: ['10.244.9.5'], node: 'n9' },
			],
			services: [{}, { publishNotReadyAddresses: true }],
			leadsTo: ['10.244.1.5:8080', '10.244.1.6:8080', '10.244.9.5:8080'],
		},
	],
	[
		'ports by number, by name, of a sidecar, of another protocol, of no container',
		{
			pods: [
				{ ips: ['10.244.1.5'], spec: listening({ name: 'web', containerPort: 8000 }) },
				{
					ips: ['10.244.1.6'],
					spec: {
						containers: [
							{ name: 'udp', image: 'main', ports: [{ name: 'dns', containerPort: 5353, protocol: 'UDP' }] },
							{ name: 'tcp', image: 'main', ports: [{ name: 'dns', containerPort: 5454 }] },
						],
					},
				},
				{
					ips: ['10.244.1.7'],
					spec: {
						...listening(),
						initContainers: [
							{ name: 'once', image: 'main', ports: [{ name: 'web', containerPort: 7001 }] },
							{ name: 'side', image: 'main', restartPolicy: 'Always', ports: [{ name: 'web', containerPort: 7002 }] },
						],
					},
				},
				{ ips: ['10.244.1.8'] },
			],
			services: [
				NAMED,
				{
					ports: [
						{ name: 'udp', port: 53, protocol: 'UDP', targetPort: 'dns' },
						{ name: 'tcp', port: 53, protocol: 'TCP', targetPort: 'dns' },
						{ name: 'metrics', port: 9090 },
					],
				},
				{ ports: [{ port: 8443 }] },
			],
			leadsTo: [
				'10.244.1.5:8000',
				'10.244.1.7:7002',
				'10.244.1.6:5353',
				'10.244.1.6:5454',
				'10.244.1.8:9090',
				'10.244.1.8:8443',
			],
		},
	],
	[
		'two families: Pods of both and of one, Services of both and of one',
		{
			pods: [
				{ ips: ['10.244.1.5', 'fd00:10:244:1::5'] },
				{ ips: ['fd00:10:244:2::6', '10.244.2.6'], node: 'n2' },
				{ ips: ['10.244.1.7'] },
				{ ips: ['fd00:10:244:1::8'] },
			],
			services: [DUAL, { ipFamilies: ['IPv6'] }, { ipFamilies: ['IPv4'] }],
			leadsTo: ['10.244.2.6:8080', '10.244.1.7:8080', '[fd00:10:244:1::8]:8080', '[fd00:10:244:2::6]:8080'],
		},
	],
	[
		'external traffic under the policy Local, and a headless Service',
		{
			pods: [{ ips: ['10.244.1.5'] }, { ips: ['10.244.2.5'], node: 'n2' }],
			services: [{ type: 'NodePort', externalTrafficPolicy: 'Local' }, { clusterIP: 'None' }],
			leadsTo: ['10.244.1.5:8080', '10.244.2.5:8080'],
		},
	],
	[
		'more Pods than a slice holds, and some that share the address of their node',
		{
			pods: [
				...Array.from({ length: 9 }, (_, index) => ({ ips: [`10.244.1.${index + 5}`] })),
				{
					ips: ['192.168.10.2'],
					node: 'n2',
					spec: { hostNetwork: true, ...listening({ name: 'web', containerPort: 81 }) },
				},
				{
					ips: ['192.168.10.2'],
					node: 'n2',
					spec: { hostNetwork: true, ...listening({ name: 'web', containerPort: 82 }) },
				},
			],
			services: [{}, NAMED],
			leadsTo: ['10.244.1.13:8080', '192.168.10.2:8080', '192.168.10.2:81', '192.168.10.2:82'],
		},
	],
];

const NODES = ['n1', 'n2', 'n3'];

/** What is rendered for every node, with what is said about it. */
function everywhere(objects: readonly unknown[]): string {
	return NODES.map((node) => {
		const { text, problems } = compiled(objects, { node, hints: 'controller' });
		return [text, ...problems.map(({ object, sentence }) => `# ${object}: ${sentence}\n`)].join('');
	}).join('');
}

describeController('Pods, beside the real EndpointSlice controller', (plane) => {
	let opened = 0;
	const open = () => {
		opened += 1;
		return openWorkload(plane(), `case-${opened}`);
	};

	beforeAll(async () => {
		await (await open()).setNodes({ n1: { zone: 'a' }, n2: { zone: 'a' }, n3: { zone: 'b' } });
	});

	it.each(CASES)('make the rules that its slices make: %s', async (_, { pods, services, leadsTo }) => {
		const workload = await open();
		await Promise.all(pods.map((pod, index) => workload.addPod(`pod-${index}`, pod)));
		await Promise.all(services.map((spec, index) => workload.addService(`web-${index}`, spec)));
		const fromPods = everywhere(await workload.get('services', 'pods'));
		for (const target of leadsTo) expect(fromPods).toContain(`dnat to ${target}`);
		await expect.poll(() => fromSlices(workload), { timeout: 15_000, interval: 100 }).toBe(fromPods);
	});
});

async function fromSlices({ get }: Workload): Promise<string> {
	return everywhere(await get('services', 'endpointslices'));
}
