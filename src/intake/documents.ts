import type { Document } from '../model/document.ts';
import { isDnsLabel, isDnsSubdomain, shown } from '../model/names.ts';
import { sortedBy } from '../model/order.ts';
import type { Origin } from '../model/problem.ts';
import { below, type Field, fieldOf, problemAt, type Report, reportShape } from './fields.ts';
import type { Kind, KubeObject } from './kube-object.ts';
import { type Item, openLists } from './lists.ts';
import { metadataShape } from './shapes.ts';
import { toolFile } from './tool-files.ts';
import { keepOne } from './twice.ts';

interface Group {
	/** empty for the core group */
	readonly group: string;
	/** those whose fields we know */
	readonly versions: readonly string[];
}

/** The kinds that decide about rules, and the API group each belongs to. */
const GROUPS: Readonly<Record<Kind, Group>> = {
	Service: { group: '', versions: ['v1'] },
	EndpointSlice: { group: 'discovery.k8s.io', versions: ['v1'] },
	Node: { group: '', versions: ['v1'] },
	Pod: { group: '', versions: ['v1'] },
	ServiceCIDR: { group: 'networking.k8s.io', versions: ['v1', 'v1beta1', 'v1alpha1'] },
};

const NAMESPACED: readonly Kind[] = ['Service', 'EndpointSlice', 'Pod'];

/** The objects of the kinds we use, sorted by name, and how many of other kinds were passed over. */
export interface Sorted {
	readonly objects: ReadonlyMap<Kind, readonly KubeObject[]>;
	readonly passedOver: ReadonlyMap<string, number>;
}

/** Opens lists, picks the kinds we use, checks their metadata and settles what is defined twice. */
export function sortDocuments(documents: readonly Document[], report: Report): Sorted {
	const found = new Map<string, KubeObject>();
	const passedOver = new Map<string, number>();
	const passOver = (kind: string) => passedOver.set(kind, (passedOver.get(kind) ?? 0) + 1);
	for (const document of documents) {
		const tool = toolFile(document);
		if (tool !== null) {
			passOver(tool.kind);
			if (tool.problem !== null) report(tool.problem);
			continue;
		}
		const origin: Origin = { file: document.file, document: document.index, path: [] };
		for (const item of openLists(document.value, origin, report)) {
			if (isOurs(item)) {
				const object = kubeObject(item, report);
				if (object !== null) keepOne(found, object, report);
			} else passOver(kindName(item));
		}
	}
	const objects = new Map<Kind, KubeObject[]>(Object.keys(GROUPS).map((kind) => [kind as Kind, []]));
	for (const object of sortedBy(found.values(), (each) => each.title)) objects.get(object.kind)?.push(object);
	return { objects, passedOver };
}

type OurItem = Item & { readonly kind: Kind };

/** Other groups may use our names: a Service of Knative is none. No group at all is a slip that we report later. */
function isOurs(item: Item): item is OurItem {
	if (!Object.hasOwn(GROUPS, item.kind)) return false;
	const group = groupOf(item);
	return group === '' || group === GROUPS[item.kind as Kind].group;
}

function groupOf({ apiVersion }: Item): string {
	return apiVersion.includes('/') ? (apiVersion.split('/')[0] ?? '') : '';
}

/** A kind that we do not use as it is counted: with its group where the name alone would mislead. */
function kindName(item: Item): string {
	return shown(Object.hasOwn(GROUPS, item.kind) ? `${item.kind}.${groupOf(item)}` : item.kind);
}

function kubeObject(item: OurItem, report: Report): KubeObject | null {
	const { kind, origin, value } = item;
	const parsed = metadataShape.safeParse(value.metadata);
	if (!parsed.success) {
		const field = { object: kind, origin, path: ['metadata'] };
		reportShape(parsed.error, value.metadata, field, `this ${kind}`, report);
		return null;
	}
	const { name, labels, creationTimestamp, resourceVersion } = parsed.data;
	const namespaced = NAMESPACED.includes(kind);
	const namespace = namespaced ? parsed.data.namespace || 'default' : '';
	const title = `${kind} ${namespaced ? `${shown(namespace)}/${shown(name)}` : shown(name)}`;
	const field = fieldOf({ title, origin });
	if (!hasGoodName(item, namespace, name, field, report) || !hasKnownVersion(item, field, report)) return null;
	return {
		kind,
		namespace,
		name,
		labels: labels ?? {},
		created: kind === 'Service' ? timeText(creationTimestamp) : '',
		resourceVersion: Number(resourceVersion) || 0,
		origin,
		value,
		title,
	};
}

function hasGoodName(item: OurItem, namespace: string, name: string, field: Field, report: Report): boolean {
	const nameIsFine = item.kind === 'Service' ? isDnsLabel(name) : isDnsSubdomain(name);
	const namespaceIsFine = namespace === '' || isDnsLabel(namespace);
	if (nameIsFine && namespaceIsFine) return true;
	const part = nameIsFine ? 'namespace' : 'name';
	const long = part === 'name' && item.kind !== 'Service';
	report(
		problemAt(below(field, 'metadata', part), {
			code: 'bad-name',
			severity: 'error',
			sentence: `its ${part} is not one that Kubernetes allows; it is left out`,
			hint: long
				? 'a name is at most 253 lower-case letters, digits, inner hyphens and dots'
				: `a ${part} is at most 63 lower-case letters, digits and inner hyphens`,
		}),
	);
	return false;
}

function hasKnownVersion({ kind, apiVersion }: OurItem, field: Field, report: Report): boolean {
	const { group, versions }: Group = GROUPS[kind];
	const known = versions.map((version) => (group === '' ? version : `${group}/${version}`));
	if (known.includes(apiVersion)) return true;
	report(
		problemAt(below(field, 'apiVersion'), {
			code: 'unknown-version',
			severity: 'error',
			sentence: `${apiVersion === '' ? 'it has no apiVersion' : `its apiVersion ${shown(apiVersion)} is not read`}; it is left out`,
			hint: `write apiVersion: ${known[0]}${group === '' ? '' : `, as "kubectl get ${kind.toLowerCase()}s.v1.${group}" does`}`,
		}),
	);
	return false;
}

/** Times are compared as texts, so all are spelled in one way; YAML 1.1 has values for times. */
function timeText(value: unknown): string {
	const time = value instanceof Date ? value.getTime() : typeof value === 'string' ? Date.parse(value) : Number.NaN;
	return Number.isNaN(time) ? '' : new Date(time).toISOString();
}
