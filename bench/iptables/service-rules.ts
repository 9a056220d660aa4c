import type { Endpoint } from '../../src/model/cluster-state.ts';
import type { Reachable } from '../kube-proxy/reachable.ts';
import { endpointChain, portName, serviceChain } from './names.ts';
import { comment } from './skeleton.ts';

/** The chains of a service port and of each of its endpoints. */
export function serviceChains({ port, endpoints }: Reachable): readonly string[] {
	return [serviceChain(port), ...endpoints.map((endpoint) => endpointChain(port, endpoint))];
}

/**
 * The rules of a service port: one in KUBE-SERVICES, through which every new connection walks until one matches, one for
 * each endpoint that takes its share at random, and two in the chain of each endpoint.
 * @param isLarge a large cluster has no comments on the rules of endpoints
 */
export function serviceRules(reachable: Reachable, isLarge: boolean): readonly string[] {
	const { port, clusterIp, endpoints, podNetwork } = reachable;
	const chain = serviceChain(port);
	const protocol = `-m ${port.protocol} -p ${port.protocol}`;
	const toService = `${comment(`${portName(port)} cluster IP`)} ${protocol} -d ${clusterIp} --dport ${port.port}`;
	return [
		`-A KUBE-SERVICES ${toService} -j ${chain}`,
		...(podNetwork === null ? [] : [`-A ${chain} ${toService} ! -s ${podNetwork} -j KUBE-MARK-MASQ`]),
		...endpoints.map((endpoint, index) => {
			const note = isLarge ? '' : ` ${comment(`${portName(port)} to ${endpoint.target}`)}`;
			return `-A ${chain}${note}${share(endpoints.length - index)} -j ${endpointChain(port, endpoint)}`;
		}),
		...endpoints.flatMap((endpoint) => endpointRules(reachable, endpoint, isLarge)),
	];
}

function endpointRules({ port }: Reachable, endpoint: Endpoint, isLarge: boolean): readonly string[] {
	const rule = `-A ${endpointChain(port, endpoint)}${isLarge ? '' : ` ${comment(portName(port))}`}`;
	return [
		`${rule} -s ${endpoint.address} -j KUBE-MARK-MASQ`,
		`${rule} -m ${port.protocol} -p ${port.protocol} -j DNAT --to-destination ${endpoint.target}`,
	];
}

/** One of those that are left; the last one takes what the others did not. */
function share(left: number): string {
	return left === 1 ? '' : ` -m statistic --mode random --probability ${(1 / left).toFixed(10)}`;
}
