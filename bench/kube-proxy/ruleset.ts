import type { ClusterState, Endpoint, ServicePort } from '../../src/model/cluster-state.ts';
import { IP_FAMILIES, type IpFamily } from '../../src/model/ip.ts';
import { chainBase } from './names.ts';
import { chain, commonChains, namedSets } from './skeleton.ts';

/** The node that rules are made for, and the network of all pods as kube-proxy is told it. */
export interface KubeProxySettings {
	readonly node: string;
	readonly podNetwork: string;
}

/**
 * A ruleset of the shape that kube-proxy 1.36 and later has: each service port a chain of one rule with an anonymous map
 * of its endpoints. Written as one block for each table, as ours is, so that shapes are compared and not ways of writing.
 * @throws Error for Services other than ClusterIPs with ready endpoints, which this does not know how to write
 */
export function kubeProxyRuleset(state: ClusterState, settings: KubeProxySettings): string {
	return IP_FAMILIES.map((family) => table(state, settings, family)).join('\n');
}

function table(state: ClusterState, { node, podNetwork }: KubeProxySettings, family: IpFamily): string {
	const ports = state.services.flatMap((service) =>
		service.ports.flatMap((port) => {
			const clusterIp = port.addresses[family]?.clusterIp ?? null;
			if (clusterIp === null) return [];
			assertPlain(service.affinitySeconds, port, port.endpoints[family]);
			return [{ port, clusterIp, endpoints: port.endpoints[family] }];
		}),
	);
	const here = ports.flatMap(({ port, endpoints }) =>
		endpoints
			.filter((endpoint) => endpoint.node === node)
			.map(({ address, port: number }) => `${address} . ${address} . ${port.protocol} . ${number}`),
	);
	const nodePortIps = state.nodes.find((each) => each.name === node)?.addresses[family].slice(0, 1) ?? [];
	const network = family === (podNetwork.includes(':') ? 'ip6' : 'ip') ? podNetwork : null;
	return [
		`add table ${family} kube-proxy\ndelete table ${family} kube-proxy\n`,
		`table ${family} kube-proxy {\n\tcomment "rules for kube-proxy"\n`,
		namedSets(family, {
			'cluster-ips': [...new Set(ports.map(({ clusterIp }) => clusterIp))],
			'nodeport-ips': nodePortIps,
			'hairpin-connections': [...new Set(here)],
			'service-ips': ports.map(
				({ port, clusterIp }) => `${clusterIp} . ${port.protocol} . ${port.port} : goto service-${chainBase(port)}`,
			),
		}),
		commonChains({ family, podNetwork: network, nodePortIps }),
		...ports.map(({ port, endpoints }) => chain(`service-${chainBase(port)}`, [dnat(family, port, endpoints)])),
		'}\n',
	].join('');
}

function dnat(family: IpFamily, { protocol }: ServicePort, endpoints: readonly Endpoint[]): string {
	const [only] = endpoints;
	if (only !== undefined && endpoints.length === 1) return `meta l4proto ${protocol} dnat to ${only.target}`;
	const slots = endpoints.map(({ address, port }, index) => `${index} : ${address} . ${port}`).join(', ');
	return `meta l4proto ${protocol} dnat ${family} addr . port to numgen random mod ${endpoints.length} map { ${slots} }`;
}

function assertPlain(affinitySeconds: number | null, port: ServicePort, endpoints: readonly Endpoint[]): void {
	const external =
		port.nodePort !== null || port.addresses.ip?.loadBalancerIps.length || port.addresses.ip?.externalIps.length;
	if (affinitySeconds === null && !external && endpoints.length > 0 && endpoints.every((each) => each.ready)) return;
	throw new Error(`${port.id.namespace}/${port.id.service} is no plain ClusterIP with ready endpoints`);
}
