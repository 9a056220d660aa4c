import type { Behaviour } from '../model/behaviour.ts';
import type { Protocol } from '../model/cluster-state.ts';
import { type ByFamily, byFamily, specialUse } from '../model/ip.ts';
import { isDnsSubdomain } from '../model/names.ts';
import { readAddress } from './addresses.ts';
import { fieldName, fieldOf, problemAt, type Report, reportShape } from './fields.ts';
import type { KubeObject, Labels } from './kube-object.ts';
import { readProtocol } from './service-ports.ts';
import { type PodInput, podShape } from './shapes.ts';

/** A Pod that can be the endpoint of a Service. */
export interface Pod {
	readonly namespace: string;
	readonly name: string;
	readonly labels: Labels;
	/** one address of each family at the most */
	readonly addresses: ByFamily<string | null>;
	readonly node: string | null;
	/** its Ready condition */
	readonly ready: boolean;
	readonly terminating: boolean;
	/** the ports of its containers that have a name */
	readonly ports: readonly NamedPort[];
}

export interface NamedPort {
	readonly name: string;
	readonly protocol: Protocol;
	readonly number: number;
}

const FINISHED: readonly unknown[] = ['Succeeded', 'Failed'];

/**
 * Reads a Pod; null when it can be no endpoint (finished, or without an address: endpointslice
 * `util/controller_utils.go` ShouldPodBeInEndpoints) or unusable, which is reported.
 */
export function readPod(object: KubeObject, { sidecarPorts }: Behaviour, report: Report): Pod | null {
	const parsed = podShape.safeParse(object.value);
	if (!parsed.success) {
		reportShape(parsed.error, object.value, fieldOf(object), 'the Pod', report);
		return null;
	}
	const { metadata, spec, status } = parsed.data;
	if (FINISHED.includes(status?.phase)) return null;
	const addresses = podAddresses(object, status, report);
	if (addresses.ip === null && addresses.ip6 === null) return null;
	const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
	return {
		namespace: object.namespace,
		name: object.name,
		labels: object.labels,
		addresses,
		node: spec?.nodeName && isDnsSubdomain(spec.nodeName) ? spec.nodeName : null,
		ready: ready?.status === 'True',
		terminating: Boolean(metadata.deletionTimestamp),
		ports: namedPorts(spec, sidecarPorts),
	};
}

/** `podIPs` names one address of each family; older Pods have `podIP` only. */
function podAddresses(object: KubeObject, status: PodInput['status'], report: Report): ByFamily<string | null> {
	const listed = (status?.podIPs ?? []).flatMap(({ ip }) => ip || []);
	const texts = listed.length > 0 ? listed : [status?.podIP || []].flat();
	const found: Record<'ip' | 'ip6', string | null> = { ip: null, ip6: null };
	for (const text of texts) {
		const field = fieldOf(object, 'status', 'podIP');
		const parsed = readAddress(text, field, report);
		if (parsed === null) continue;
		const use = specialUse(parsed.family, parsed.address);
		if (use === null) found[parsed.family] ??= parsed.address;
		else {
			const sentence = `${fieldName(field.path)} ${parsed.address} (${use}) is nowhere a Service may lead; it is left out`;
			report(problemAt(field, { code: 'forbidden-endpoint', severity: 'error', sentence }));
		}
	}
	return byFamily((family) => found[family]);
}

/** Of containers, and, where they count, of init containers that keep running beside them. */
function namedPorts(spec: PodInput['spec'], sidecarPorts: boolean): readonly NamedPort[] {
	const isSidecar = (container: { readonly restartPolicy?: unknown }) =>
		sidecarPorts && container.restartPolicy === 'Always';
	const sidecars = (spec?.initContainers ?? []).filter(isSidecar);
	return [...(spec?.containers ?? []), ...sidecars].flatMap((container) =>
		(container.ports ?? []).flatMap(({ name, protocol, containerPort }) => {
			const known = readProtocol(protocol);
			return name && known !== null ? { name, protocol: known, number: containerPort } : [];
		}),
	);
}
