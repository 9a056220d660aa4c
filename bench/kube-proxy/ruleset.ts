import type { ClusterState } from '../../src/model/cluster-state.ts';
import { IP_FAMILIES, type IpFamily } from '../../src/model/ip.ts';
import { chainBase } from './names.ts';
import { reachablePorts } from './reachable.ts';
import type { KubeProxyRelease } from './release.ts';
import { serviceChains } from './service-chains.ts';
import { commonChains, namedSets } from './skeleton.ts';

/** The node that rules are made for, the network of all pods as kube-proxy is told it, and whose shape they have. */
export interface KubeProxySettings {
	readonly node: string;
	readonly podNetwork: string;
	readonly release: KubeProxyRelease;
}

/**
 * A ruleset of the shape that a release of kube-proxy writes. Written as one block for each table, as ours is, so that
 * shapes are compared and not ways of writing.
 * @throws Error for Services other than ClusterIPs with ready endpoints, which this does not know how to write
 */
export function kubeProxyRuleset(state: ClusterState, settings: KubeProxySettings): string {
	return IP_FAMILIES.map((family) => table(state, settings, family)).join('\n');
}

function table(state: ClusterState, { node, podNetwork, release }: KubeProxySettings, family: IpFamily): string {
	const network = family === (podNetwork.includes(':') ? 'ip6' : 'ip') ? podNetwork : null;
	const reachable = reachablePorts(state, family, network);
	const here = reachable.flatMap(({ port, endpoints }) =>
		endpoints
			.filter((endpoint) => endpoint.node === node)
			.map(({ address, port: number }) => `${address} . ${address} . ${port.protocol} . ${number}`),
	);
	const nodePortIps = state.nodes.find((each) => each.name === node)?.addresses[family].slice(0, 1) ?? [];
	return [
		`add table ${family} kube-proxy\ndelete table ${family} kube-proxy\n`,
		`table ${family} kube-proxy {\n\tcomment "rules for kube-proxy"\n`,
		namedSets(release, family, {
			'cluster-ips': [...new Set(reachable.map(({ clusterIp }) => clusterIp))],
			'nodeport-ips': nodePortIps,
			'hairpin-connections': [...new Set(here)],
			'service-ips': reachable.map(
				({ port, clusterIp }) => `${clusterIp} . ${port.protocol} . ${port.port} : goto service-${chainBase(port)}`,
			),
		}),
		commonChains(release, { family, podNetwork: network, nodePortIps }),
		...reachable.map((each) => serviceChains(release, each)),
		'}\n',
	].join('');
}
