import type { IpFamily } from '../model/ip.ts';
import type { ServicePortView } from '../model/node-view.ts';

/** Service ports that have endpoints, but none on this node, where a policy wants one. */
export interface NoLocalEndpoints {
	readonly internal: number;
	readonly external: number;
}

export interface NoLocalCounter {
	/** Takes in how a service port is treated now; null for one that left. @param name as `servicePortName` has it */
	readonly set: (family: IpFamily, name: string, view: Routing | null) => void;
	readonly counts: (family: IpFamily) => NoLocalEndpoints;
}

type Routing = Pick<ServicePortView, 'internal' | 'external'>;

/**
 * Counts service ports whose traffic is dropped for want of a local endpoint (kube-proxy `pkg/proxy/nftables/proxier.go`
 * syncProxyRules). kube-proxy counts under `external` also a Service that no address outside leads to yet.
 */
export function newNoLocalCounter(): NoLocalCounter {
	const dropped = { ip: drops(), ip6: drops() };
	return {
		set: (family, name, view) => {
			mark(dropped[family].internal, name, view?.internal === 'drop');
			mark(dropped[family].external, name, view?.external === 'drop');
		},
		counts: (family) => ({ internal: dropped[family].internal.size, external: dropped[family].external.size }),
	};
}

function drops() {
	return { internal: new Set<string>(), external: new Set<string>() };
}

function mark(names: Set<string>, name: string, isIn: boolean): void {
	if (isIn) names.add(name);
	else names.delete(name);
}
