import type { KubeObject } from '../intake/kube-object.ts';
import type { Allocator } from './allocated.ts';
import type { ClusterFamilies } from './families.ts';
import type { Workload } from './workloads.ts';

/** What Pods are made with. */
export interface PodMaking {
	readonly families: ClusterFamilies;
	readonly allocator: Allocator;
	/** names of those that Pods may run on, sorted */
	readonly nodes: readonly string[];
}

/**
 * The Pods that a workload is yet to make: ready, with symbols for addresses, on the nodes in turn.
 * @param from the number of the first one: how many there are
 * @param to how many it has in the end
 */
export function newPods(workload: Workload, from: number, to: number, making: PodMaking): readonly KubeObject[] {
	return Array.from({ length: Math.max(to - from, 0) }, (_, place) => newPod(workload, from + place, making));
}

function newPod(workload: Workload, number: number, { families, allocator, nodes }: PodMaking): KubeObject {
	const { namespace, template } = workload;
	const name = `${workload.name}-new-${number}`;
	const symbol = `pod ${namespace}/${workload.name} #${number}`;
	const podIPs = families.map((family) => ({
		ip: allocator.address(family, `‹${family === 'ip' ? '' : 'IPv6 '}${symbol}›`),
	}));
	const value = {
		apiVersion: 'v1',
		kind: 'Pod',
		metadata: { name, namespace, labels: template.labels },
		spec: {
			...(nodes.length === 0 ? {} : { nodeName: nodes[number % nodes.length] }),
			containers: template.containers,
			initContainers: template.initContainers,
		},
		status: { phase: 'Running', podIPs, conditions: [{ type: 'Ready', status: 'True' }] },
	};
	return {
		kind: 'Pod',
		namespace,
		name,
		labels: template.labels,
		created: '',
		resourceVersion: 0,
		origin: { file: symbol, document: 0, path: [] },
		value,
		title: `Pod ${namespace}/${name}`,
	};
}
