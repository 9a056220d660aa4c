import { InvalidArgumentError } from 'commander';
import type { PodId, Protocol } from '../model/cluster-state.ts';
import { type IpFamily, parseAddress } from '../model/ip.ts';
import { isDnsLabel, isDnsSubdomain } from '../model/names.ts';
import type { ClientName, DestinationName, ServiceName } from '../trace/ends.ts';

// Readers of the two ends of a packet that is traced, for commander: they give a name or say what they want instead.

const CLIENT = 'pod:NAMESPACE/NAME, node, external or ip:ADDRESS';
const DESTINATION =
	'svc:NAMESPACE/NAME:PORT, lb:NAMESPACE/NAME:PORT, nodeport:PORT or ip:ADDRESS:PORT (an IPv6 address in brackets), each with /udp or /sctp where it is not tcp';

const SERVICE = 'svc:NAMESPACE/NAME or svc:NAMESPACE/NAME:PORT';

function refuse(wants: string): never {
	throw new InvalidArgumentError(`It wants ${wants}.`);
}

/** Who opens the connection. */
export function readClient(text: string): ClientName {
	if (text === 'node' || text === 'external') return { kind: text };
	const [, kind, name = ''] = /^(pod|ip):(.+)$/s.exec(text) ?? refuse(CLIENT);
	if (kind === 'ip') return { kind: 'address', ...readAddress(/^\[(.+)\]$/.exec(name)?.[1] ?? name, CLIENT) };
	const pod = namespaced(name);
	return isDnsLabel(pod.namespace) && isDnsSubdomain(pod.name) ? { kind: 'pod', pod } : refuse(CLIENT);
}

/** Where the connection goes. */
export function readDestination(text: string): DestinationName {
	const [, kind, rest = ''] = /^(svc|lb|nodeport|ip):(.+)$/s.exec(text) ?? refuse(DESTINATION);
	if (kind === 'svc') return readService(rest, 'cluster-ip', DESTINATION);
	if (kind === 'lb') return readService(rest, 'load-balancer', DESTINATION);
	if (kind === 'nodeport') {
		const [, port = '', protocol] = /^([^/]+)(?:\/(.+))?$/.exec(rest) ?? refuse(DESTINATION);
		return { kind, port: readPort(port), protocol: readProtocol(protocol) ?? 'tcp' };
	}
	const [, bracketed, plain = '', port = '', protocol] =
		/^(?:\[(.+)\]|([^:/]+)):([^:/]+)(?:\/(.+))?$/.exec(rest) ?? refuse(DESTINATION);
	const address = readAddress(bracketed ?? plain, DESTINATION);
	return { kind: 'address', ...address, port: readPort(port), protocol: readProtocol(protocol) ?? 'tcp' };
}

/** A Service, or one of its ports. */
export function readServiceName(text: string): ServiceName {
	const [, name = ''] = /^svc:(.+)$/s.exec(text) ?? refuse(SERVICE);
	return readService(name, 'cluster-ip', SERVICE);
}

/** One family, in the words of `--families`. */
export function readFamily(text: string): IpFamily {
	if (text === 'ipv4') return 'ip';
	return text === 'ipv6' ? 'ip6' : refuse('ipv4 or ipv6');
}

function readService(text: string, at: ServiceName['at'], wants: string): ServiceName {
	const [, name = '', portText, word] = /^([^:]+)(?::([^:/]+)(?:\/(.+))?)?$/.exec(text) ?? refuse(wants);
	const { namespace, name: service } = namespaced(name);
	const port = portText === undefined ? null : /^\d+$/.test(portText) ? readPort(portText) : portText;
	const names = [namespace, service, ...(typeof port === 'string' ? [port] : [])];
	if (!names.every(isDnsLabel)) refuse(wants);
	return { kind: 'service', namespace, service, port, protocol: readProtocol(word), at };
}

/** `NAMESPACE/NAME`, or a name in the namespace `default`, as for kubectl. */
function namespaced(text: string): PodId {
	const slash = text.indexOf('/');
	return slash < 0
		? { namespace: 'default', name: text }
		: { namespace: text.slice(0, slash), name: text.slice(slash + 1) };
}

function readProtocol(word: string | undefined): Protocol | null {
	if (word === undefined || word === 'tcp' || word === 'udp' || word === 'sctp') return word ?? null;
	return refuse('tcp, udp or sctp after the port');
}

function readPort(text: string): number {
	const port = Number(text);
	return /^\d{1,5}$/.test(text) && port >= 1 && port <= 65535 ? port : refuse('a port from 1 to 65535');
}

function readAddress(text: string, wants: string): { readonly family: IpFamily; readonly address: string } {
	const parsed = parseAddress(text);
	return 'invalid' in parsed ? refuse(wants) : { family: parsed.family, address: parsed.address };
}
