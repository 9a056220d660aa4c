import { createHash } from 'node:crypto';
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
	return [remembered(frame, JSON.stringify), BigInt.asUintN(BITS, sum)].map((each) => each.toString(16)).join('.');
}

const BITS = 128;

const known = new WeakMap<object, bigint>();

function remembered<T extends Table | PortProgram>(each: T, text: (each: T) => string): bigint {
	const before = known.get(each);
	if (before !== undefined) return before;
	const digest = createHash('sha256').update(text(each)).digest('hex');
	const number = BigInt(`0x${digest.slice(0, BITS / 4)}`);
	known.set(each, number);
	return number;
}

function portText({ owner, chains, sets, setElements, mapElements }: PortProgram): string {
	return JSON.stringify([owner, chains, sets, [...setElements], [...mapElements]]);
}
