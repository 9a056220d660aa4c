import type { Listener, Probe, ProbeAnswer } from '../../model/probe.ts';

// What a sandbox and the probers in its namespaces say to each other: one JSON value a line.

export type Question =
	| ({ readonly ask: 'listen' } & Pick<Listener, 'protocol' | 'address' | 'port'>)
	| ({ readonly ask: 'probe' } & Omit<Probe, 'from'>);

export interface Asked {
	readonly id: number;
	readonly question: Question;
}

/** The first one, of id 0, says that the prober is there. */
export interface Answered {
	readonly id: number;
	readonly answer: ProbeAnswer;
}

/** What a datagram asks with; its first byte tells questions from answers. */
export const DATAGRAM = '?';
