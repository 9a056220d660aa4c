import type { KubeObject } from '../intake/kube-object.ts';
import { groupBy } from '../model/group-by.ts';
import { sortedBy } from '../model/order.ts';
import { newPods, type PodMaking } from './new-pods.ts';
import { type Objects, ofKind } from './objects.ts';
import { chooses, type PodTemplate, type Workload } from './workloads.ts';

/** What becomes of captured Pods on one side. */
export interface PodChanges {
	/** the Pods of the side, by title */
	readonly pods: ReadonlyMap<string, KubeObject>;
	/** all that are not as captured, as they were and as they are; none where no Pods were captured */
	readonly touched: readonly KubeObject[];
	/** those that are symbols */
	readonly added: readonly KubeObject[];
}

type Workloads = ReadonlyMap<string, Workload>;

/**
 * The Pods of a side: captured ones as the changes between both sides' workloads leave them. They get the labels and ports of a
 * changed template; of a workload that is scaled down the last by name are gone, as those of one that is gone; what is new is a symbol.
 * @param before workloads of the base, of which the captured Pods are
 * @param after workloads of the side
 */
export function podsOn(captured: Objects, before: Workloads, after: Workloads, making: PodMaking): PodChanges {
	const pods = new Map(ofKind(captured, 'Pod'));
	const known = pods.size > 0;
	const neighbours = byNamespace(ofKind(captured, 'Pod').values());
	const owned = ownedBy(neighbours, byNamespace(before.values()));
	const touched: KubeObject[] = [];
	const added: KubeObject[] = [];
	for (const workload of sortedBy(new Map([...before, ...after]).values(), ({ title }) => title)) {
		const [old, now] = [before.get(workload.title), after.get(workload.title)];
		const own = owned.get(workload.title) ?? [];
		const around = neighbours.get(workload.namespace) ?? [];
		const isThere = known && old === undefined && around.some((pod) => chooses(workload.selector, pod.labels));
		const count = isThere ? 0 : wantedCount(old, now, own.length, known, making.nodes.length);
		for (const pod of own.slice(count)) {
			pods.delete(pod.title);
			touched.push(pod);
		}
		if (now === undefined) continue;
		for (const pod of isSame(old, now) ? [] : own.slice(0, count)) {
			const changed = asIn(pod, old?.template ?? now.template, now.template);
			pods.set(pod.title, changed);
			touched.push(pod, changed);
		}
		added.push(...newPods(now, own.length, count, making));
	}
	for (const pod of added) pods.set(pod.title, pod);
	return { pods, touched: known ? [...touched, ...added] : [], added };
}

/** In the order of titles in each namespace. */
function byNamespace<T extends { readonly namespace: string; readonly title: string }>(
	items: Iterable<T>,
): ReadonlyMap<string, readonly T[]> {
	return groupBy(
		sortedBy(items, ({ title }) => title),
		({ namespace }) => namespace,
	);
}

/** Pods by their workloads: of several that choose a Pod it is the one that asks for most. */
function ownedBy(
	pods: ReadonlyMap<string, readonly KubeObject[]>,
	workloads: ReadonlyMap<string, readonly Workload[]>,
): ReadonlyMap<string, readonly KubeObject[]> {
	const found = new Map<string, KubeObject[]>();
	for (const [namespace, group] of workloads) {
		const picky = [...group].sort((a, b) => Object.keys(b.selector).length - Object.keys(a.selector).length);
		for (const { title } of picky) found.set(title, []);
		for (const pod of pods.get(namespace) ?? []) {
			const owner = picky.find(({ selector }) => chooses(selector, pod.labels));
			found.get(owner?.title ?? '')?.push(pod);
		}
	}
	return found;
}

/** How many Pods a workload has on the side. Captured ones count; only a change of its replicas overrules what was seen. */
function wantedCount(
	old: Workload | undefined,
	now: Workload | undefined,
	own: number,
	known: boolean,
	nodes: number,
): number {
	if (now === undefined) return 0;
	const said = now.kind === 'DaemonSet' ? Math.max(nodes, 1) : (now.replicas ?? 1);
	if (!known || old === undefined) return said;
	return now.replicas === null || now.replicas === old.replicas || now.kind === 'DaemonSet' ? own : now.replicas;
}

function isSame(old: Workload | undefined, now: Workload): boolean {
	return old === undefined || old === now || JSON.stringify(old.template) === JSON.stringify(now.template);
}

/** A Pod with what differs between two templates. What others put into it stays. */
function asIn(pod: KubeObject, old: PodTemplate, now: PodTemplate): KubeObject {
	const stays = Object.entries(pod.labels).filter(([key]) => !Object.hasOwn(old.labels, key));
	const labels = { ...Object.fromEntries(stays), ...now.labels };
	const value = Object(pod.value);
	const spec = { ...value.spec, ...containers(value.spec, old, now) };
	return { ...pod, labels, value: { ...value, metadata: { ...value.metadata, labels }, spec } };
}

function containers(spec: unknown, old: PodTemplate, now: PodTemplate): object {
	const { containers: own, initContainers: init }: Partial<PodTemplate> = Object(spec);
	return {
		containers: exchanged(own ?? [], old.containers, now.containers),
		initContainers: exchanged(init ?? [], old.initContainers, now.initContainers),
	};
}

/** Containers without the ports of the old ones, and the new ones: a sidecar that was put beside them keeps its own. */
function exchanged(own: readonly unknown[], old: readonly unknown[], now: readonly unknown[]): readonly unknown[] {
	const gone = new Set(old.flatMap((container) => portsOf(container).map(portText)));
	const left = own.map((container) => ({
		...Object(container),
		ports: portsOf(container).filter((port) => !gone.has(portText(port))),
	}));
	return [...left, ...now];
}

function portsOf(container: unknown): readonly unknown[] {
	const ports: unknown = Object(container).ports;
	return Array.isArray(ports) ? ports : [];
}

function portText(port: unknown): string {
	const { name, protocol, containerPort } = Object(port);
	return JSON.stringify([name, protocol || 'TCP', containerPort]);
}
