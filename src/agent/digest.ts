import { hashNumber, hashSum } from '../model/hash-sum.ts';
import { known } from '../model/known.ts';
import type { PortProgram } from '../model/program.ts';
import type { Table } from '../model/ruleset.ts';
import type { Content } from './table-state.ts';

/**
 * A digest of what a table holds: the frame's, and the sum of the service ports', in whatever order they are. Programs never
 * change, so each is looked at once, and after a change of a few only these are.
 */
export function digestOf({ frame, ports }: Content): string {
	let sum = 0n;
	for (const program of ports.values()) sum += remembered(program, portText);
	return [remembered(frame, JSON.stringify), hashSum(sum)].map((each) => each.toString(16)).join('.');
}

const hashes = new WeakMap<object, bigint>();

function remembered<T extends Table | PortProgram>(each: T, text: (each: T) => string): bigint {
	return known(hashes, each, () => hashNumber(text(each)));
}

function portText({ owner, chains, sets, setElements, mapElements }: PortProgram): string {
	return JSON.stringify([owner, chains, sets, [...setElements], [...mapElements]]);
}
