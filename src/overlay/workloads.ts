// All of it as `z`, as intake does, so that the bundle holds only what is used.
import * as z from 'zod';
import { type Item, openLists } from '../intake/lists.ts';
import type { Document } from '../model/document.ts';
import { isDnsLabel, isDnsSubdomain } from '../model/names.ts';

const map = z.record(z.string(), z.unknown()).nullish();
const containers = z
	.array(z.object({ restartPolicy: z.unknown().optional(), ports: z.array(z.unknown()).nullish() }))
	.nullish();

const workloadShape = z.object({
	metadata: z.object({ name: z.string(), namespace: z.string().nullish() }),
	spec: z.object({
		replicas: z.int().min(0).max(10_000).nullish(),
		selector: z.object({ matchLabels: map }).nullish(),
		template: z.object({
			metadata: z.object({ labels: map }).nullish(),
			spec: z.object({ containers, initContainers: containers }).nullish(),
		}),
	}),
});

export type Labels = Readonly<Record<string, unknown>>;

/** What makes Pods of a template. */
export interface Workload {
	/** `Deployment shop/web` */
	readonly title: string;
	readonly kind: 'Deployment' | 'StatefulSet' | 'DaemonSet';
	readonly namespace: string;
	readonly name: string;
	/** null where it is not said: somebody else may scale it */
	readonly replicas: number | null;
	readonly selector: Labels;
	readonly template: PodTemplate;
}

/** What of a Pod decides which Services lead to it, and to which ports. */
export interface PodTemplate {
	readonly labels: Labels;
	readonly containers: readonly unknown[];
	readonly initContainers: readonly unknown[];
}

const KINDS = ['Deployment', 'StatefulSet', 'DaemonSet'] as const;

/** The workloads of documents, by title. One that makes no sense is nobody's business here. */
export function workloadsOf(documents: readonly Document[]): ReadonlyMap<string, Workload> {
	const found = new Map<string, Workload>();
	for (const { file, index, value } of documents) {
		for (const item of openLists(value, { file, document: index, path: [] }, () => {})) {
			const workload = workloadOf(item);
			if (workload === null) continue;
			const other = found.get(workload.title);
			// Of one that is written twice either may be meant; the order of files is not to decide.
			if (other === undefined || JSON.stringify(workload) < JSON.stringify(other)) found.set(workload.title, workload);
		}
	}
	return found;
}

function workloadOf({ kind: text, apiVersion, value }: Item): Workload | null {
	const kind = KINDS.find((each) => each === text);
	if (kind === undefined || apiVersion !== 'apps/v1') return null;
	const { data } = workloadShape.safeParse(value);
	const { name = '', namespace } = data?.metadata ?? {};
	if (data === undefined || !isDnsSubdomain(name) || !isDnsLabel(namespace || 'default')) return null;
	const { replicas, selector, template } = data.spec;
	return {
		title: `${kind} ${namespace || 'default'}/${name}`,
		kind,
		namespace: namespace || 'default',
		name,
		replicas: replicas ?? null,
		selector: selector?.matchLabels ?? {},
		template: {
			labels: template.metadata?.labels ?? {},
			containers: template.spec?.containers ?? [],
			initContainers: template.spec?.initContainers ?? [],
		},
	};
}

/** Whether labels have all that a selector asks for. An empty one asks for nothing in particular, and gets nothing. */
export function chooses(selector: Labels, labels: Labels): boolean {
	const wanted = Object.entries(selector);
	return wanted.length > 0 && wanted.every(([key, value]) => Object.hasOwn(labels, key) && labels[key] === value);
}
