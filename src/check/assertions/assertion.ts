import type { IpFamily } from '../../model/ip.ts';
import type { TextPlace } from '../../model/problem.ts';
import type { ClientName, DestinationName } from '../../trace/ends.ts';

/** Who opens the connection; `any-pod` is one of the node that is no endpoint. */
export type AssertedClient = ClientName | { readonly kind: 'any-pod' };

/** On which nodes it has to hold: all, those that a label selector names, or some by name. */
export type NodeChoice =
	| { readonly kind: 'all' }
	| { readonly kind: 'selector'; readonly terms: readonly LabelTerm[] }
	| { readonly kind: 'names'; readonly names: readonly string[] };

/** `pool=edge`, `pool!=edge`, `!pool` */
export interface LabelTerm {
	readonly key: string;
	/** null asks for the label itself, whatever its value */
	readonly value: string | null;
	readonly negate: boolean;
}

/** What has to become of the connection. */
export interface Expectation {
	readonly fate: 'delivered' | 'unreachable' | 'refused' | 'dropped';
	/** what follows is of connections that are delivered; null and false ask for nothing */
	readonly source: 'preserved' | 'masqueraded' | null;
	readonly minEndpoints: number | null;
	readonly maxEndpoints: number | null;
	/** `pod:NAMESPACE/NAME` or `ADDRESS:PORT`: no other endpoint may be reached */
	readonly to: readonly string[] | null;
	readonly sameZone: boolean;
	readonly sameNode: boolean;
}

/** What somebody says of the cluster. */
export interface Assertion {
	readonly name: string;
	readonly place: TextPlace;
	readonly from: AssertedClient;
	readonly to: DestinationName;
	/** as it was written */
	readonly said: { readonly from: string; readonly to: string; readonly nodes: string };
	readonly nodes: NodeChoice;
	/** null asks for each that both ends have */
	readonly family: IpFamily | null;
	readonly expect: Expectation;
}

/** Reads the names of ends as the command line does; a name that is none says what is wanted instead. */
export interface EndReaders {
	readonly client: (text: string) => ClientName | { readonly wants: string };
	readonly destination: (text: string) => DestinationName | { readonly wants: string };
}
