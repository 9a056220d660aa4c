import type { Behaviour } from './behaviour.ts';
import type { ByFamily, Cidr, IpFamily } from './ip.ts';

/** How traffic of the cluster's own pods is told from other traffic (kube-proxy's `detectLocalMode`). */
export type DetectLocal =
	| { readonly mode: 'cluster-cidr' | 'node-cidr' | 'none' }
	| { readonly mode: 'bridge' | 'prefix'; readonly interface: string };

/** Where NodePorts answer: `primary` asks for the node's primary address of each family, networks for more. */
export interface NodePortAddresses {
	readonly primary: boolean;
	readonly networks: readonly Cidr[];
}

/**
 * Where hints come from: the slices as they are; computed for each Service that asks for them and has none; or computed
 * for all, whatever the slices say.
 */
export type HintsMode = 'as-is' | 'missing' | 'controller';

/** What the user decides about a ruleset; kube-proxy has the same settings. */
export interface Settings {
	readonly node: string;
	/** What the cluster's release of Kubernetes does. */
	readonly behaviour: Behaviour;
	readonly families: readonly IpFamily[];
	readonly table: string;
	/** The pod networks as the user gave them; an empty list asks the Nodes' podCIDRs. */
	readonly clusterCidrs: readonly Cidr[];
	/** The Service networks as the user gave them; an empty list asks the ServiceCIDR objects. */
	readonly serviceCidrs: readonly Cidr[];
	readonly nodePortAddresses: NodePortAddresses;
	readonly hints: HintsMode;
	readonly masqueradeAll: boolean;
	/** 0 to 31 */
	readonly masqueradeBit: number;
	readonly detectLocal: DetectLocal;
	/** The node's addresses; where a family is empty, the Node object's are used. */
	readonly nodeIps: ByFamily<readonly string[]>;
	/** The node's zone; null asks the Node object. */
	readonly zone: string | null;
}

/** What the user decides about the rules of every node. */
export type NetworkSettings = Omit<Settings, 'node'>;
