import type { Protocol } from './cluster-state.ts';
import type { IpFamily } from './ip.ts';

/** The first packet of a connection, as it meets a node's rules. */
export interface Packet {
	readonly family: IpFamily;
	readonly protocol: Protocol;
	readonly saddr: string;
	readonly daddr: string;
	readonly dport: number;
	/** From the network, which includes pods on this node, or from a process of the node itself. */
	readonly from: 'network' | 'node';
	/** The interface it came in by; empty for the node itself and where nobody asks. */
	readonly iifname: string;
}
