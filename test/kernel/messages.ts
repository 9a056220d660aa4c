// What the tests and the agents in the namespaces say to each other: one JSON value a line.

/** The transport protocols that agents speak. */
export type Transport = 'tcp' | 'udp';

/** A question to an agent. */
export type Question =
	/** answer on an address and port; asking twice is fine */
	| { readonly ask: 'listen'; readonly protocol: Transport; readonly address: string; readonly port: number }
	/** open a connection, or send a datagram, and tell who answered */
	| ({ readonly ask: 'probe' } & Target)
	/** open a TCP connection and keep it, under a number of the asker's choice */
	| ({ readonly ask: 'open'; readonly connection: number } & Target)
	/** send something over a kept connection and wait for its echo */
	| { readonly ask: 'echo'; readonly connection: number; readonly timeout: number }
	| { readonly ask: 'close'; readonly connection: number }
	/** send a datagram from a UDP socket that is kept, under a number of the asker's choice, and tell who answered */
	| ({ readonly ask: 'send-from'; readonly socket: number } & Target);

/** Where a probe goes. */
export interface Target {
	readonly protocol: Transport;
	readonly address: string;
	readonly port: number;
	/** the address to send from; null leaves the choice to the kernel */
	readonly source: string | null;
	/** milliseconds after which no answer is silence */
	readonly timeout: number;
}

/** What became of a probe. */
export type Answer =
	/** `by` is the endpoint as `ADDRESS:PORT` or `[ADDRESS]:PORT`, `source` the client's address as the endpoint saw it */
	| { readonly kind: 'answered'; readonly by: string; readonly source: string }
	/** a TCP reset, or ICMP port unreachable */
	| { readonly kind: 'refused' }
	/** nothing came back in time */
	| { readonly kind: 'silence' }
	/** anything else, which no test expects */
	| { readonly kind: 'failed'; readonly why: string };

export interface Asked {
	readonly id: number;
	readonly question: Question;
}

export interface Answered {
	readonly id: number;
	readonly answer: Answer;
}
