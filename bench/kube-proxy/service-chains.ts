import type { Endpoint, ServicePort } from '../../src/model/cluster-state.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import { chainBase, endpointBase } from './names.ts';
import type { Reachable } from './reachable.ts';
import type { KubeProxyRelease } from './release.ts';
import { chain } from './skeleton.ts';

/**
 * The chains of a service port as kube-proxy's `pkg/proxy/nftables/proxier.go` writes them: up to 1.35 a chain for the
 * Service and one for each endpoint, from 1.36 on one chain with an anonymous map.
 */
export function serviceChains(release: KubeProxyRelease, reachable: Reachable): string {
	return release === '1.35' ? chainPerEndpoint(reachable) : chainWithMap(reachable);
}

function chainPerEndpoint({ family, port, clusterIp, endpoints, podNetwork }: Reachable): string {
	const names = endpoints.map((endpoint) => `endpoint-${endpointBase(port, endpoint)}`);
	const notFromPods = `${family} daddr ${clusterIp} ${port.protocol} dport ${port.port} ${family} saddr != ${podNetwork}`;
	const slots = names.map((name, index) => `${index} : goto ${name}`).join(', ');
	return [
		chain(`service-${chainBase(port)}`, [
			...(podNetwork === null ? [] : [`${notFromPods} jump mark-for-masquerade`]),
			`numgen random mod ${endpoints.length} vmap { ${slots} }`,
		]),
		...endpoints.map(({ address, target }, index) =>
			chain(names[index] ?? '', [
				`${family} saddr ${address} jump mark-for-masquerade`,
				`meta l4proto ${port.protocol} dnat to ${target}`,
			]),
		),
	].join('');
}

function chainWithMap({ family, port, endpoints }: Reachable): string {
	return chain(`service-${chainBase(port)}`, [dnat(family, port, endpoints)]);
}

function dnat(family: IpFamily, { protocol }: ServicePort, endpoints: readonly Endpoint[]): string {
	const [only] = endpoints;
	if (only !== undefined && endpoints.length === 1) return `meta l4proto ${protocol} dnat to ${only.target}`;
	const slots = endpoints.map(({ address, port }, index) => `${index} : ${address} . ${port}`).join(', ');
	return `meta l4proto ${protocol} dnat ${family} addr . port to numgen random mod ${endpoints.length} map { ${slots} }`;
}
