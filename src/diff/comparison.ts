import type { FlowChange, FlowCount } from '../model/change-set.ts';
import type { Service, ServicePortId } from '../model/cluster-state.ts';
import type { IpFamily } from '../model/ip.ts';
import type { PortProgram } from '../model/program.ts';
import type { Table } from '../model/ruleset.ts';

/** A Service that is not the same on both sides; null on a side where it is not proxied. */
export interface ServiceChange {
	readonly namespace: string;
	readonly name: string;
	readonly before: Service | null;
	readonly after: Service | null;
}

/** What a service port's rules become on some nodes. */
export interface ProgramChange {
	readonly owner: ServicePortId;
	readonly family: IpFamily;
	/** sorted bytewise, one at least; the programs are those of the first, others may differ in their own names and addresses */
	readonly nodes: readonly string[];
	readonly before: PortProgram | null;
	readonly after: PortProgram | null;
}

/** What a node's table without any Service becomes. */
export interface FrameChange {
	readonly family: IpFamily;
	readonly nodes: readonly string[];
	readonly before: Table;
	readonly after: Table;
}

/** Two states of a cluster, compared node by node, without any judgement. */
export interface Comparison {
	/** sorted by name */
	readonly services: readonly ServiceChange[];
	readonly unchangedServices: number;
	/** names, sorted bytewise; of those on both sides behaviour is compared */
	readonly nodes: {
		readonly both: readonly string[];
		readonly joined: readonly string[];
		readonly left: readonly string[];
	};
	/** sorted by owner, frontend and client */
	readonly flows: readonly FlowChange[];
	readonly count: FlowCount;
	readonly programs: readonly ProgramChange[];
	readonly frames: readonly FrameChange[];
}
