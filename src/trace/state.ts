import type { Packet } from '../model/packet.ts';
import type { Fraction } from './fraction.ts';

/** What the tracer must know about the node beyond its rules. */
export interface World {
	/** whether an address is one of the node's own, loopback included */
	readonly isLocal: (address: string) => boolean;
}

/** A packet on its way, with what the rules did to it so far. */
export interface State {
	readonly packet: Packet;
	readonly rewritten: boolean;
	readonly marked: boolean;
	readonly masqueraded: boolean;
	readonly steps: readonly Step[];
}

/** A rule that acted on the packet. */
export interface Step {
	readonly chain: string;
	/** its place in the chain, from 0 */
	readonly rule: number;
	/** what it did: `goto cluster/shop/web/http`, `dnat to 10.244.1.5:8080` */
	readonly did: string;
	/** why: what is noted at the element of the map it used, at the rule, or at the chain */
	readonly note: string | null;
}

/** One of the ways a packet can go, and how likely it is. */
export interface Branch<End> {
	readonly share: Fraction;
	readonly state: State;
	readonly end: End;
}

/** How a chain is left: at its end or by return, accepted for this hook, dropped, or refused. */
export type ChainEnd = 'fell-through' | 'accepted' | 'dropped' | 'refused';
