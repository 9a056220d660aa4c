import type { Protocol, ServiceAddresses, ServicePort } from '../model/cluster-state.ts';
import type { ByFamily } from '../model/ip.ts';
import { isDnsLabel, shown } from '../model/names.ts';
import { type Field, fieldName, fieldOf, problemAt, type Report, reportShape } from './fields.ts';
import type { KubeObject } from './kube-object.ts';
import { type ServicePortInput, servicePortShape } from './shapes.ts';

type Addresses = ByFamily<ServiceAddresses | null>;

/** Reads a Service's ports, without endpoints yet. One that cannot be used, or that repeats an earlier one, is reported and left out. */
export function readPorts(
	object: KubeObject,
	values: readonly unknown[],
	addresses: Addresses,
	report: Report,
): ServicePort[] {
	const taken = new Set<string>();
	const ports: ServicePort[] = [];
	for (const [index, value] of values.entries()) {
		const field = fieldOf(object, 'spec', 'ports', index);
		const input = readInput(value, field, report);
		const protocol = input === null ? null : usableProtocol(input, field, report);
		if (input === null || protocol === null) continue;
		const id = { namespace: object.namespace, service: object.name, port: input.name ?? '' };
		const nodePort = input.nodePort || null;
		const port = { id, protocol, port: input.port, nodePort, addresses, endpoints: { ip: [], ip6: [] } };
		if (isFree(port, taken, field, report)) ports.push(port);
	}
	if (ports.length === 0) reportNoPorts(object, values.length, report);
	return ports;
}

function readInput(value: unknown, field: Field, report: Report): ServicePortInput | null {
	const parsed = servicePortShape.safeParse(value);
	if (parsed.success) return parsed.data;
	reportShape(parsed.error, value, field, 'the port', report);
	return null;
}

function usableProtocol({ name, protocol: text }: ServicePortInput, field: Field, report: Report): Protocol | null {
	if (name && !isDnsLabel(name)) {
		const hint = 'a name is at most 15 lower-case letters, digits and inner hyphens';
		leavePortOut(field, `has the name ${shown(name)}, which Kubernetes does not allow`, report, hint);
		return null;
	}
	const protocol = readProtocol(text);
	if (protocol === null) leavePortOut(field, unknownProtocol(text), report);
	return protocol;
}

/** No two ports of a Service share a name, a number of one protocol, or a NodePort of one protocol; the earlier one stays. */
function isFree(port: ServicePort, taken: Set<string>, field: Field, report: Report): boolean {
	const { id, protocol, nodePort } = port;
	const wanted = [
		id.port === '' ? 'has no name' : `has the name ${id.port}`,
		`has the number ${port.port}/${protocol}`,
		...(nodePort === null ? [] : [`has the NodePort ${nodePort}/${protocol}`]),
	];
	const twice = wanted.find((what) => taken.has(what));
	for (const what of twice === undefined ? wanted : []) taken.add(what);
	if (twice === undefined) return true;
	const hint = 'several ports of a Service need names, numbers and NodePorts of their own';
	leavePortOut(field, `${twice}, like an earlier port of the Service`, report, hint);
	return false;
}

function leavePortOut(field: Field, what: string, report: Report, hint?: string): void {
	const sentence = `${fieldName(field.path)} ${what}; the port is left out`;
	report(problemAt(field, { code: 'bad-port', severity: 'error', sentence, ...(hint === undefined ? {} : { hint }) }));
}

function reportNoPorts(object: KubeObject, given: number, report: Report): void {
	const sentence = `${given === 0 ? 'it has no ports' : 'none of its ports can be used'}; nothing is made for it`;
	const about = { code: 'no-ports', severity: 'error', sentence } as const;
	const field = fieldOf(object, 'spec', 'ports');
	report(problemAt(field, given === 0 ? { ...about, hint: 'a Service with a clusterIP needs spec.ports' } : about));
}

/** The protocol of a port in nft's word; null when it is none we know. The API server writes TCP where none is given. */
export function readProtocol(text: string | null | undefined): Protocol | null {
	const protocol = (text || 'TCP').toLowerCase();
	return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' ? protocol : null;
}

/** Why a port's protocol cannot be used. */
export function unknownProtocol(text: string | null | undefined): string {
	return `has the protocol ${shown(text)}, which is not TCP, UDP or SCTP`;
}
