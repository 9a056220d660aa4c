import type { AskOptions, ControlPlane } from './control-plane.ts';

// Nodes, Pods and Services as kubectl and the kubelets would make them, so that the controllers have something to do.
// What no kubelet runs is never started: a Pod's status is what a test says.

type Fields = Readonly<Record<string, unknown>>;

export interface PodFields {
	readonly labels?: Fields;
	/** `n1` unless told otherwise */
	readonly node?: string;
	readonly ips: readonly string[];
	readonly ready?: boolean;
	readonly phase?: string;
	/** being deleted, as long as its grace period lasts */
	readonly terminating?: boolean;
	readonly spec?: Fields;
}

export interface NodeFields {
	readonly zone?: string;
	readonly cpu?: string;
	readonly ready?: boolean;
	readonly labels?: Fields;
}

/** A namespace to work in. */
export interface Workload {
	readonly namespace: string;
	/** lets the cluster have these Nodes, made anew, and no others; `nX` has its place in the tests' address plan */
	readonly setNodes: (nodes: Readonly<Record<string, NodeFields>>) => Promise<void>;
	/** of the app `web` unless its labels say otherwise */
	readonly addPod: (name: string, fields: PodFields) => Promise<void>;
	/** begins to delete a Pod; without grace it is gone at once */
	readonly removePod: (name: string, graceSeconds: number) => Promise<void>;
	/** selects the app `web` unless its spec says otherwise */
	readonly addService: (name: string, spec: Fields, annotations?: Fields) => Promise<void>;
	readonly annotate: (service: string, annotations: Fields) => Promise<void>;
	/** the lists of all Nodes and of some kinds in the namespace, as the API server answers */
	readonly get: (...kinds: readonly Listed[]) => Promise<readonly unknown[]>;
}

export type Listed = 'services' | 'pods' | 'endpointslices';

/** Makes a namespace in which Pods can be. */
export async function openWorkload({ ask }: ControlPlane, namespace: string): Promise<Workload> {
	const exchange = async (method: string, path: string, options: AskOptions): Promise<unknown> => {
		const { status, text } = await ask(method, path, options);
		if (status >= 300) throw new Error(`${method} ${path}: ${text}`);
		return JSON.parse(text);
	};
	const send = async (method: string, path: string, body: Fields) => {
		await exchange(method, path, { body });
	};
	const merge = async (path: string, body: Fields) => {
		await exchange('PATCH', path, { body, type: 'application/merge-patch+json' });
	};
	const inside = `/api/v1/namespaces/${namespace}`;
	const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}`;
	const removePod: Workload['removePod'] = (name, gracePeriodSeconds) =>
		send('DELETE', `${inside}/pods/${name}`, { gracePeriodSeconds });

	await send('POST', '/api/v1/namespaces', { metadata: { name: namespace } });
	// Its controller does not run here, and no Pod is admitted without.
	await send('POST', `${inside}/serviceaccounts`, { metadata: { name: 'default' } });
	return {
		namespace,
		setNodes: async (nodes) => {
			await send('DELETE', '/api/v1/nodes', {});
			const all = Object.entries(nodes).map(([name, fields]) => nodeObject(name, fields));
			await Promise.all(all.map((node) => send('POST', '/api/v1/nodes', node)));
		},
		addPod: async (name, fields) => {
			await send('POST', `${inside}/pods`, podObject(name, fields));
			await merge(`${inside}/pods/${name}/status`, { status: podStatus(fields) });
			if (fields.terminating) await removePod(name, 300);
		},
		removePod,
		addService: (name, spec, annotations = {}) =>
			send('POST', `${inside}/services`, {
				metadata: { name, annotations },
				spec: { selector: { app: 'web' }, ports: [{ name: 'http', port: 80, targetPort: 8080 }], ...spec },
			}),
		annotate: (name, annotations) => merge(`${inside}/services/${name}`, { metadata: { annotations } }),
		get: (...kinds) =>
			Promise.all(
				['/api/v1/nodes', ...kinds.map((kind) => `${kind === 'endpointslices' ? slices : inside}/${kind}`)].map(
					(path) => exchange('GET', path, {}),
				),
			),
	};
}

function nodeObject(name: string, { zone, cpu = '4', ready = true, labels = {} }: NodeFields): Fields {
	const zoned = zone === undefined ? {} : { 'topology.kubernetes.io/zone': zone };
	const number = name.slice(1);
	return {
		metadata: { name, labels: { ...labels, ...zoned } },
		spec: { podCIDRs: [`10.244.${number}.0/24`, `fd00:10:244:${number}::/64`] },
		status: {
			addresses: [
				{ type: 'InternalIP', address: `192.168.10.${number}` },
				{ type: 'InternalIP', address: `fd00:192:168:10::${number}` },
			],
			allocatable: { cpu },
			conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
		},
	};
}

function podObject(name: string, { labels = { app: 'web' }, node = 'n1', spec = {} }: PodFields): Fields {
	const containers = [{ name: 'main', image: 'main' }];
	return {
		metadata: { name, labels },
		spec: { nodeName: node, automountServiceAccountToken: false, containers, ...spec },
	};
}

function podStatus({ ips, ready = true, phase = 'Running' }: PodFields): Fields {
	return {
		phase,
		podIP: ips[0],
		podIPs: ips.map((ip) => ({ ip })),
		conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
	};
}
