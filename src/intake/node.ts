import type { Node } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, type Cidr } from '../model/ip.ts';
import { isLabelValue, shown } from '../model/names.ts';
import { addNew, readAddress, readCidrs } from './addresses.ts';
import { below, type Field, fieldOf, problemAt, type Report, reportShape } from './fields.ts';
import { type KubeObject, labelOf, labelsOf } from './kube-object.ts';
import { nodeShape, serviceCidrShape } from './shapes.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** Reads a Node; null, with a problem reported, when it is unusable. */
export function readNode(object: KubeObject, report: Report): Node | null {
	const parsed = nodeShape.safeParse(object.value);
	if (!parsed.success) {
		reportShape(parsed.error, object.value, fieldOf(object), 'the Node', report);
		return null;
	}
	const { spec, status } = parsed.data;
	const [podCidrs, path] = spec?.podCIDRs ? [spec.podCIDRs, 'podCIDRs'] : [[spec?.podCIDR || []].flat(), 'podCIDR'];
	return {
		name: object.name,
		origin: object.origin,
		zone: readZone(object, report),
		addresses: readNodeAddresses(fieldOf(object, 'status', 'addresses'), status?.addresses ?? [], report),
		podCidrs: readCidrs(podCidrs, fieldOf(object, 'spec', path), report).cidrs,
		milliCpu: milliCpu(status?.allocatable?.cpu),
		ready: isReady(status?.conditions ?? []),
		controlPlane: CONTROL_PLANE_LABELS.some((label) => labelOf(object, label) !== undefined),
		labels: labelsOf(object),
	};
}

const CONTROL_PLANE_LABELS = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

const CPU_SUFFIXES: ReadonlyMap<string, number> = new Map([
	['n', 1e-6],
	['u', 1e-3],
	['m', 1],
	['', 1e3],
	['k', 1e6],
]);

/** A quantity of CPU such as `4`, `3920m` or `1.5` in thousandths of a core, rounded up; 0 for what is none. */
function milliCpu(quantity: unknown): number {
	const [, amount, suffix = ''] = /^(\d+(?:\.\d+)?)([numk]?)$/.exec(String(quantity ?? '')) ?? [];
	return Math.ceil(Number(amount ?? 0) * (CPU_SUFFIXES.get(suffix) ?? 0));
}

function isReady(conditions: readonly { readonly type?: unknown; readonly status?: unknown }[]): boolean {
	const ready = conditions.find((condition) => condition.type === 'Ready');
	return ready === undefined || ready.status === 'True';
}

function readZone(object: KubeObject, report: Report): string | null {
	const zone = labelOf(object, ZONE_LABEL);
	if (zone === undefined || zone === '') return null;
	if (typeof zone === 'string' && isLabelValue(zone)) return zone;
	report(
		problemAt(fieldOf(object, 'metadata', 'labels', ZONE_LABEL), {
			code: 'bad-zone',
			severity: 'error',
			sentence: `its zone ${shown(zone)} is not a label value that Kubernetes allows; the node counts as one without a zone`,
			hint: typeof zone === 'number' ? `write it in quotes: "${zone}"` : 'correct the label, or pass --zone',
		}),
	);
	return null;
}

type NodeAddresses = readonly { readonly type: string; readonly address: string }[];

/** InternalIPs before ExternalIPs, so that the first of a family is the primary one (kube-proxy `pkg/util/node` GetNodeHostIPs). */
function readNodeAddresses(field: Field, entries: NodeAddresses, report: Report): ByFamily<readonly string[]> {
	const found = byFamily<string[]>(() => []);
	for (const type of ['InternalIP', 'ExternalIP']) {
		for (const [index, entry] of entries.entries()) {
			if (entry.type !== type) continue;
			const parsed = readAddress(entry.address, below(field, index, 'address'), report);
			if (parsed !== null) addNew(found, parsed);
		}
	}
	return found;
}

/** The Service networks that the cluster allocates ClusterIPs from, out of all ServiceCIDR objects. */
export function readServiceCidrs(objects: readonly KubeObject[], report: Report): ByFamily<readonly Cidr[]> {
	const found = byFamily<Cidr[]>(() => []);
	for (const object of objects) {
		const parsed = serviceCidrShape.safeParse(object.value);
		if (!parsed.success) {
			reportShape(parsed.error, object.value, fieldOf(object), 'the ServiceCIDR', report);
			continue;
		}
		const { cidrs } = readCidrs(parsed.data.spec?.cidrs ?? [], fieldOf(object, 'spec', 'cidrs'), report);
		found.ip.push(...cidrs.ip);
		found.ip6.push(...cidrs.ip6);
	}
	return found;
}
