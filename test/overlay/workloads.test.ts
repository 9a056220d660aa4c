import { describe, expect, it } from 'vitest';
import { endpoint, node, service, slice } from '../support/objects.ts';
import { previewed } from './previewed.ts';

type Fields = Record<string, unknown>;

const WEB = 'cluster/shop/web/http';

interface DeploymentFields {
	readonly name?: string;
	readonly replicas?: number | undefined;
	readonly kind?: string;
	readonly selector?: Fields;
	readonly labels?: Fields;
	readonly port?: number;
}

function deployment(fields: DeploymentFields = {}): Fields {
	const {
		name = 'web',
		replicas,
		kind = 'Deployment',
		selector = { app: name },
		labels = selector,
		port = 8080,
	} = fields;
	return {
		apiVersion: 'apps/v1',
		kind,
		metadata: { name, namespace: 'shop' },
		spec: {
			...(replicas === undefined ? {} : { replicas }),
			selector: { matchLabels: selector },
			template: {
				metadata: { labels },
				spec: { containers: [{ name, image: 'x', ports: [{ name: 'http', containerPort: port }] }] },
			},
		},
	};
}

/** A Service as it is written, to the port of its Pods that is called `http`. */
function web(selector: Fields = { app: 'web' }): Fields {
	return service('web', ['10.96.0.20'], {
		spec: { selector, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
	});
}

function pod(name: string, host: number, labels: Fields = { app: 'web', hash: 'x' }): Fields {
	const ip = `10.244.1.${host}`;
	const sidecar = { ports: [{ name: 'metrics', containerPort: 15090 }] };
	return {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name, namespace: 'shop', labels },
		spec: { nodeName: 'n1', containers: [{ ports: [{ name: 'http', containerPort: 8080 }] }, sidecar] },
		status: { phase: 'Running', podIPs: [{ ip }], conditions: [{ type: 'Ready', status: 'True' }] },
	};
}

const PODS = [pod('web-a', 5), pod('web-b', 6), pod('web-c', 7)];
/** Its slice says another port than its Pods would, so that one sees which of the two was used. */
const SLICE = slice(
	'web',
	[5, 6, 7].map((host) => endpoint({ address: `10.244.1.${host}`, node: 'n1' })),
	{
		ports: [{ name: 'http', protocol: 'TCP', port: 7777 }],
	},
);
const CAPTURE = [node(1), node(2), web(), SLICE, ...PODS];

/** What the Service leads to before and after a change of its manifests, sorted. */
function targets(base: readonly Fields[], head: readonly Fields[], capture: readonly Fields[] | null = CAPTURE) {
	const found = previewed(base, head, capture);
	const of = (side: typeof found.before) =>
		side
			.targets(WEB)
			?.map((each) => each.trim())
			.sort() ?? [];
	return { ...found, targets: [of(found.before), of(found.after)] };
}

const CAPTURED = ['10.244.1.5:7777', '10.244.1.6:7777', '10.244.1.7:7777'];

describe('captured Pods of a workload', () => {
	it('stay, and captured slices with them, where nothing of it changes that matters', () => {
		const changed = { ...deployment(), metadata: { name: 'web', namespace: 'shop', annotations: { a: 'b' } } };
		expect(targets([web(), deployment()], [web(), changed]).targets).toEqual([CAPTURED, CAPTURED]);
		const same = targets([web(), deployment({ replicas: 2 })], [web(), deployment({ replicas: 2 })]);
		expect(same.targets).toEqual([CAPTURED, CAPTURED]);
	});

	it('get the labels of a changed template, together with the Service that chooses by them', () => {
		const labels = { app: 'web', tier: 'front' };
		const both = targets([web(), deployment()], [web(labels), deployment({ selector: { app: 'web' }, labels })]);
		expect(both.targets).toEqual([CAPTURED, ['10.244.1.5:8080', '10.244.1.6:8080', '10.244.1.7:8080']]);
		expect(targets([web(), deployment()], [web(labels), deployment()]).targets[1]).toEqual([]);
	});

	it('lose what a template no longer has, and keep what others gave them', () => {
		const old = deployment({ selector: { app: 'web' }, labels: { app: 'web', tier: 'front' } });
		const pods = PODS.map((each) => ({
			...each,
			metadata: { ...Object(each.metadata), labels: { app: 'web', tier: 'front', hash: 'x' } },
		}));
		const capture = [node(1), web(), ...pods];
		const by = (selector: Fields) => targets([web(), old], [web(selector), deployment()], capture).targets[1]?.length;
		expect([by({ app: 'web', tier: 'front' }), by({ app: 'web', hash: 'x' })]).toEqual([0, 3]);
	});

	it('get its ports; those of a sidecar stay', () => {
		const head = [web(), deployment({ port: 9090 })];
		expect(targets([web(), deployment()], head).targets[1]).toEqual([
			'10.244.1.5:9090',
			'10.244.1.6:9090',
			'10.244.1.7:9090',
		]);
		const metrics = service('metrics', ['10.96.0.21'], {
			spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'metrics' }] },
		});
		const found = previewed([deployment()], [deployment({ port: 9090 })], [...CAPTURE, metrics]);
		expect(found.after.targets('cluster/shop/metrics/http')?.length).toBe(3);
	});

	it('go where it is scaled down, the last by name first, and all with the workload', () => {
		const down = targets([web(), deployment({ replicas: 3 })], [web(), deployment({ replicas: 1 })]);
		expect(down.targets).toEqual([CAPTURED, ['10.244.1.5:8080']]);
		expect(targets([web(), deployment()], [web()]).targets[1]).toEqual([]);
	});

	it('are joined by symbols where it is scaled up, and nobody knows where they will run', () => {
		const up = targets([web(), deployment({ replicas: 3 })], [web(), deployment({ replicas: 5 })]);
		expect(up.targets[1]).toEqual([
			'10.244.1.5:8080',
			'10.244.1.6:8080',
			'10.244.1.7:8080',
			'‹pod shop/web #3›:8080',
			'‹pod shop/web #4›:8080',
		]);
		expect(up.gaps).toEqual(['where 2 new Pods will run is not known: the nodes get them in turn']);
		expect(up.sources).toMatchObject({ recomputed: 1, unknown: 0 });
	});

	it('are as many as were seen where the replicas do not change, or are left to somebody else', () => {
		const head = [web(), deployment({ port: 9090 })];
		expect(targets([web(), deployment({ replicas: 9 })], head).targets[1]).toHaveLength(3);
		expect(
			targets([web(), deployment({ replicas: 9 })], [web(), deployment({ replicas: 9, port: 9090 })]).targets[1],
		).toHaveLength(3);
	});

	it('are of the workload that asks for most', () => {
		const canary = { app: 'web', track: 'canary' };
		const capture = [node(1), web(), ...PODS, pod('web-x', 9, canary)];
		const base = [
			web(),
			deployment({ replicas: 3 }),
			deployment({ name: 'web-canary', replicas: 1, selector: canary }),
		];
		const head = [
			web(),
			deployment({ replicas: 3 }),
			deployment({ name: 'web-canary', replicas: 0, selector: canary }),
		];
		expect(targets(base, head, capture).targets[1]).toEqual(['10.244.1.5:8080', '10.244.1.6:8080', '10.244.1.7:8080']);
	});

	it('of one that is in the cluster already, and only new in the manifests, stay', () => {
		expect(targets([web()], [web(), deployment({ replicas: 5 })]).targets).toEqual([CAPTURED, CAPTURED]);
	});

	it('a new workload has symbols; a DaemonSet one for each node', () => {
		const green = { app: 'web', colour: 'green' };
		const more = targets([web()], [web(), deployment({ name: 'green', selector: green, replicas: 1 })]);
		expect(more.targets[1]).toEqual([
			'10.244.1.5:8080',
			'10.244.1.6:8080',
			'10.244.1.7:8080',
			'‹pod shop/green #0›:8080',
		]);
		const daemons = targets([web()], [web(), deployment({ name: 'green', selector: green, kind: 'DaemonSet' })]);
		expect(daemons.targets[1]?.slice(3)).toEqual(['‹pod shop/green #0›:8080', '‹pod shop/green #1›:8080']);
	});
});

describe('without a capture', () => {
	it('a repository of Services and workloads has symbols for everything, the same on both sides', () => {
		const written = {
			...web(),
			spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
		};
		const base = [node(1), written, deployment({ replicas: 2 })];
		const found = targets(base, [node(1), written, deployment({ replicas: 1 })], null);
		expect(found.targets).toEqual([['‹pod shop/web #0›:8080', '‹pod shop/web #1›:8080'], ['‹pod shop/web #0›:8080']]);
		expect(found.after.frontends).toEqual(['‹clusterIP of shop/web› . tcp . 80']);
		expect([found.sources, found.gaps]).toEqual([{ manifests: 0, captured: 0, recomputed: 1, unknown: 0 }, []]);
		expect(previewed(base, base).after.text).toBe(previewed(base, base).before.text);
	});

	it('a mistyped selector leaves none', () => {
		const base = [node(1), web(), deployment()];
		const found = targets(base, [node(1), web({ app: 'webb' }), deployment()], null);
		expect(found.targets).toEqual([['‹pod shop/web #0›:8080'], []]);
		expect(found.sources).toMatchObject({ unknown: 1 });
	});

	it('slices and Pods of the manifests count more than workloads', () => {
		const withSlice = [node(1), web(), SLICE, deployment()];
		expect(targets(withSlice, withSlice, null).targets[1]).toEqual(CAPTURED);
		const withPods = [node(1), web(), ...PODS, deployment({ replicas: 9 })];
		expect(targets(withPods, withPods, null).targets[1]).toHaveLength(3);
	});

	it.each<[string, Fields]>([
		['of another group', { ...deployment(), apiVersion: 'apps/v1beta1' }],
		['without a template', { ...deployment(), spec: { replicas: 1 } }],
		['with a name that is none', deployment({ name: 'Web›' })],
		['with a million replicas', deployment({ replicas: 1_000_000 })],
		['with an empty selector of the Service', deployment({ selector: {} })],
	])('a workload %s makes no Pods', (_, workload) => {
		expect(targets([], [node(1), web(), workload], null).targets[1]).toEqual([]);
	});
});
