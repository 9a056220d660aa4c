// First packets of connections that are really sent, and what became of them.

/** Transport protocols that have sockets everywhere; SCTP has none here. */
export type ProbeProtocol = 'tcp' | 'udp';

/** Where a socket is: on the node itself, or anywhere else. */
export type ProbePlace = 'node' | 'network';

/** An address at which somebody answers. */
export interface Listener {
	readonly at: ProbePlace;
	readonly protocol: ProbeProtocol;
	readonly address: string;
	readonly port: number;
}

/** A connection to be opened, or a datagram to be sent. */
export interface Probe {
	readonly from: ProbePlace;
	readonly protocol: ProbeProtocol;
	/** the client's address */
	readonly source: string;
	readonly address: string;
	readonly port: number;
	/** milliseconds after which no answer is silence */
	readonly patience: number;
}

/** What became of a probe. */
export type ProbeAnswer =
	/** `by` is the listener as `ADDRESS:PORT`, `source` the client's address as the listener saw it */
	| { readonly kind: 'answered'; readonly by: string; readonly source: string }
	/** by ICMP, or a TCP reset */
	| { readonly kind: 'refused' }
	/** nothing came back in time */
	| { readonly kind: 'silence' }
	/** it could not be sent */
	| { readonly kind: 'failed'; readonly why: string };
