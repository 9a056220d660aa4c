import type { Node } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, type Cidr } from '../model/ip.ts';
import { inside } from '../model/problem.ts';
import { readAddress, readCidrs } from './addresses.ts';
import { type KubeObject, type Report, reportShape } from './documents.ts';
import { isLabelValue, shown } from './names.ts';
import { nodeShape, serviceCidrShape } from './shapes.ts';

const ZONE_LABEL = 'topology.kubernetes.io/zone';

/** Reads a Node; null, with a problem reported, when it is unusable. */
export function readNode(object: KubeObject, report: Report): Node | null {
	const parsed = nodeShape.safeParse(object.value);
	if (!parsed.success) {
		reportShape(parsed.error, object.origin, object.title, 'the Node', report);
		return null;
	}
	const { spec, status } = parsed.data;
	const field = { object: object.title, origin: object.origin, path: ['spec', 'podCIDRs'] };
	return {
		name: object.name,
		origin: object.origin,
		zone: readZone(object, report),
		addresses: readNodeAddresses(object, status?.addresses ?? [], report),
		podCidrs: readCidrs(spec?.podCIDRs ?? (spec?.podCIDR ? [spec.podCIDR] : []), field, report),
	};
}

function readZone(object: KubeObject, report: Report): string | null {
	const zone = object.labels.get(ZONE_LABEL);
	if (zone === undefined || zone === '') return null;
	if (typeof zone === 'string' && isLabelValue(zone)) return zone;
	report({
		code: 'bad-zone',
		severity: 'error',
		origin: inside(object.origin, 'metadata', 'labels', ZONE_LABEL),
		object: object.title,
		sentence: `its zone ${shown(zone)} is not a label value; the node counts as one without a zone`,
		hint: null,
	});
	return null;
}

/** InternalIPs before ExternalIPs, so that the first of a family is the primary one (kube-proxy `pkg/util/node` GetNodeHostIPs). */
function readNodeAddresses(
	object: KubeObject,
	entries: readonly { readonly type: string; readonly address: string }[],
	report: Report,
): ByFamily<readonly string[]> {
	const found = byFamily<string[]>(() => []);
	for (const type of ['InternalIP', 'ExternalIP']) {
		for (const [index, entry] of entries.entries()) {
			if (entry.type !== type) continue;
			const path = ['status', 'addresses', index, 'address'];
			const parsed = readAddress(entry.address, { object: object.title, origin: object.origin, path }, report);
			if (parsed !== null && !found[parsed.family].includes(parsed.address)) found[parsed.family].push(parsed.address);
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
			reportShape(parsed.error, object.origin, object.title, 'it', report);
			continue;
		}
		const field = { object: object.title, origin: object.origin, path: ['spec', 'cidrs'] };
		const cidrs = readCidrs(parsed.data.spec?.cidrs ?? [], field, report);
		found.ip.push(...cidrs.ip);
		found.ip6.push(...cidrs.ip6);
	}
	return found;
}
