import type { Frontend } from '../model/change-set.ts';
import type { Service, ServiceAddresses, ServicePort, ServicePortId } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import { compareBytes } from '../model/order.ts';
import type { Pair } from './pairs.ts';
import { answersNodePorts, type SitePair } from './sites.ts';

/** An address at which a Service answers on one side at least, and where a packet to it goes. */
export interface Target {
	readonly owner: ServicePortId;
	readonly frontend: Frontend;
	readonly daddr: string;
	readonly dport: number;
}

/** All addresses at which a Service answers before or after, with a port that nobody named for each ClusterIP; sorted. */
export function targetsOf(pair: Pair<Service>, site: SitePair): readonly Target[] {
	const { family } = site.after.here;
	// What both sides have is named as the new side names it.
	const ports = [...(pair.before?.ports ?? []), ...(pair.after?.ports ?? [])];
	const unused = unusedPort(ports);
	const targets = new Map<string, Target>();
	for (const port of ports) {
		const addresses = port.addresses[family];
		if (addresses === null) continue;
		const ofPort = [
			...addressTargets(port, addresses, family),
			...nodePortTargets(port, site),
			...otherPort(port, addresses, family, unused),
		];
		for (const target of ofPort) targets.set(keyOf(target.frontend), target);
	}
	return [...targets.entries()].sort(([a], [b]) => compareBytes(a, b)).map(([, target]) => target);
}

/** How many those are of a Service that does not change, on a node where NodePorts answer. */
export function targetCount({ ports }: Service, family: IpFamily): number {
	const clusterIps = new Set<string>();
	let count = 0;
	for (const { nodePort, addresses: all } of ports) {
		const addresses = all[family];
		if (addresses === null) continue;
		const { clusterIp, externalIps, loadBalancerIps } = addresses;
		if (clusterIp !== null) clusterIps.add(clusterIp);
		count += Number(clusterIp !== null) + Number(nodePort !== null) + externalIps.length + loadBalancerIps.length;
	}
	return count + clusterIps.size;
}

/** Whether NodePorts answer at an address that the node has on both sides. */
export function isNodePortReachable({ before, after }: SitePair): boolean {
	return after.view.addresses.some((address) => answersNodePorts(before, address) && answersNodePorts(after, address));
}

/** What tells frontends of a Service apart, as text. */
export function keyOf({ kind, family, address, port, protocol }: Frontend): string {
	return [kind, family, address ?? '', port ?? '', protocol].join(' ');
}

function addressTargets(
	{ id: owner, port, protocol }: ServicePort,
	addresses: ServiceAddresses,
	family: IpFamily,
): readonly Target[] {
	const at = (kind: Frontend['kind'], address: string): Target => ({
		owner,
		frontend: { kind, family, address, port, protocol },
		daddr: address,
		dport: port,
	});
	return [
		...(addresses.clusterIp === null ? [] : [at('cluster-ip', addresses.clusterIp)]),
		...addresses.externalIps.map((address) => at('external-ip', address)),
		...addresses.loadBalancerIps.map((address) => at('load-balancer-ip', address)),
	];
}

/** Addresses that answer on both sides are one; one that answers on a single side is told by itself. */
function nodePortTargets({ id: owner, nodePort: port, protocol }: ServicePort, site: SitePair): readonly Target[] {
	if (port === null) return [];
	const { family } = site.after.here;
	const own = new Set([...site.before.view.addresses, ...site.after.view.addresses]);
	const answering = [...own].map((daddr) => ({
		daddr,
		on: [answersNodePorts(site.before, daddr), answersNodePorts(site.after, daddr)],
	}));
	const onBoth = answering.find(({ on }) => on.every(Boolean));
	const onOne = answering.filter(({ on }) => on[0] !== on[1]);
	const at = (address: string | null, daddr: string): Target => ({
		owner,
		frontend: { kind: 'node-port', family, address, port, protocol },
		daddr,
		dport: port,
	});
	return [...(onBoth === undefined ? [] : [at(null, onBoth.daddr)]), ...onOne.map(({ daddr }) => at(daddr, daddr))];
}

/** Every other port of a ClusterIP is treated alike, whatever the protocol. */
function otherPort(
	{ id }: ServicePort,
	{ clusterIp }: ServiceAddresses,
	family: IpFamily,
	dport: number,
): readonly Target[] {
	if (clusterIp === null) return [];
	const frontend: Frontend = { kind: 'other-port', family, address: clusterIp, port: null, protocol: 'tcp' };
	return [{ owner: { ...id, port: '' }, frontend, daddr: clusterIp, dport }];
}

function unusedPort(ports: readonly ServicePort[]): number {
	const used = new Set(ports.map((each) => each.port));
	let port = 1;
	while (used.has(port)) port++;
	return port;
}
