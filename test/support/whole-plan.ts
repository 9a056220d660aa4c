import { servicePortName } from '../../src/model/cluster-state.ts';
import type { PortProgram, TableProgram } from '../../src/model/program.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import { frameChange } from '../../src/plan/frame-change.ts';
import { holdersOf } from '../../src/plan/holders.ts';
import { type PortPair, portUnits, type Unit } from '../../src/plan/plan.ts';

/** Everything that takes a table from one program to another. */
export interface WholePlan {
	readonly frame: Transaction;
	readonly units: readonly Unit[];
	/** chains to be removed afterwards */
	readonly left: readonly string[];
}

/** Plans it. @param before null when there is no table yet @throws Error where only a new table will do */
export function wholePlan(before: TableProgram | null, after: TableProgram): WholePlan {
	const frame = frameChange(before?.frame ?? null, after.frame);
	if (frame === null) throw new Error('a new table is needed');
	const [old, kept] = [byName(before?.ports ?? []), byName(after.ports)];
	const gone = [...old].filter(([name]) => !kept.has(name)).map(([, port]): PortPair => [port, null]);
	const others = [...kept].map(([name, port]): PortPair => [old.get(name) ?? null, port]);
	const name = { family: after.frame.family, table: after.frame.name };
	const units = portUnits(name, [...gone, ...others], holdersOf(old.values()));
	const chains = new Set(chainNames(after.ports));
	return { frame, units, left: chainNames(before?.ports ?? []).filter((chain) => !chains.has(chain)) };
}

function byName(ports: readonly PortProgram[]): ReadonlyMap<string, PortProgram> {
	return new Map(ports.map((port) => [servicePortName(port.owner), port]));
}

function chainNames(ports: readonly PortProgram[]): readonly string[] {
	return ports.flatMap((port) => port.chains.map((chain) => chain.name));
}
