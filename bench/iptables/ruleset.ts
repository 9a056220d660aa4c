import type { ClusterState } from '../../src/model/cluster-state.ts';
import { reachablePorts } from '../kube-proxy/reachable.ts';
import { serviceChains, serviceRules } from './service-rules.ts';
import { filterTable, natTable } from './skeleton.ts';

/** With more endpoints kube-proxy leaves comments out, as they take most of the room. */
const MOST_COMMENTED_ENDPOINTS = 1_000;

/**
 * What kube-proxy writes in iptables mode, after its `pkg/proxy/iptables/proxier.go` of 1.37: the IPv4 half, for
 * `iptables-restore`. Its jumps from the base chains are here too, which it adds one by one.
 * @throws Error for Services other than ClusterIPs with ready endpoints, which this does not know how to write
 */
export function iptablesRuleset(state: ClusterState, { podNetwork }: { readonly podNetwork: string }): string {
	const reachable = reachablePorts(state, 'ip', podNetwork);
	const isLarge = reachable.reduce((sum, { endpoints }) => sum + endpoints.length, 0) > MOST_COMMENTED_ENDPOINTS;
	return [
		filterTable(),
		natTable(
			reachable.flatMap(serviceChains),
			reachable.flatMap((each) => serviceRules(each, isLarge)),
		),
	].join('');
}
