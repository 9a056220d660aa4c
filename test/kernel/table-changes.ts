import fc from 'fast-check';
import { isObject, type Json } from '../../src/model/json.ts';
import type { Chain, MapElement, Table } from '../../src/model/ruleset.ts';
import type { Difference } from '../../src/readback/differences.ts';

/** What somebody else does to a table: nft commands, and the one difference that must be found afterwards. */
export interface Change {
	readonly commands: readonly string[];
	readonly difference: Difference;
}

/** One kind of change, of the thing that is drawn; null where the table has nothing to change so. */
type Kind = (table: Table, draw: number, handles: Handles) => Change | null;

/** The handles of a chain's rules, in order. */
type Handles = (chain: string) => readonly number[];

/** A kind of change and what is drawn for it. */
export const arbitraryChange = fc.record({ kind: fc.nat(), draw: fc.nat() });

/** The change that was drawn, or the next kind that the table has something for. */
export function changeOf(table: Table, listing: Json, { kind, draw }: { kind: number; draw: number }): Change {
	const handles = handlesIn(listing);
	for (let tried = 0; tried < KINDS.length; tried++) {
		const change = KINDS[(kind + tried) % KINDS.length]?.(table, draw, handles) ?? null;
		if (change !== null) return change;
	}
	throw new Error('a table to which nothing can be done');
}

export const CHANGE_KINDS: readonly string[] = [
	'delete a rule',
	'take a comment away',
	'add a rule',
	'insert a rule',
	'flush a chain',
	'delete a base chain',
	'change a policy',
	'add a chain',
	'add a set',
	'add a counter',
	'delete an element of a set',
	'add an element to a set',
	'delete an element of a map',
	'add an element to a map',
	'change a verdict',
	'change the comment of an element',
];

const KINDS: readonly Kind[] = [
	(table, draw, handles) => {
		const chain = pick(withRules(table), draw);
		const place = draw % chain.rules.length;
		const command = `delete rule ${inside(table)} ${chain.name} handle ${handles(chain.name)[place]}`;
		return { commands: [command], difference: rules(chain, place, -1) };
	},
	(table, _, handles) => {
		const [postrouting, first] = ['nat-postrouting', 1];
		const chain = table.chains.find((each) => each.name === postrouting);
		if (chain === undefined) return null;
		const fields = `${table.family} saddr . ${table.family} daddr . meta l4proto . th dport`;
		const text = `ct status dnat ${fields} @hairpin masquerade fully-random`;
		const command = `replace rule ${inside(table)} ${postrouting} handle ${handles(postrouting)[first]} ${text}`;
		return { commands: [command], difference: rules(chain, first, 0) };
	},
	(table, draw) => {
		const chain = pick(table.chains, draw);
		const command = `add rule ${inside(table)} ${chain.name} ${draw % 2 === 0 ? 'drop' : 'counter'}`;
		return { commands: [command], difference: rules(chain, chain.rules.length, 1) };
	},
	(table, draw) => {
		const chain = pick(table.chains, draw);
		return {
			commands: [`insert rule ${inside(table)} ${chain.name} th dport 1 accept`],
			difference: rules(chain, 0, 1),
		};
	},
	(table, draw) => {
		const chain = pick(withRules(table), draw);
		return {
			commands: [`flush chain ${inside(table)} ${chain.name}`],
			difference: rules(chain, 0, -chain.rules.length),
		};
	},
	(table, draw) => {
		const { name } = pick(
			table.chains.filter((chain) => chain.hook !== null),
			draw,
		);
		return {
			commands: [`delete chain ${inside(table)} ${name}`],
			difference: { kind: 'missing', what: 'chain', name },
		};
	},
	(table, draw) => {
		const { name } = pick(
			table.chains.filter((chain) => chain.hook?.type === 'filter'),
			draw,
		);
		const command = `chain ${inside(table)} ${name} { policy drop; }`;
		return { commands: [command], difference: { kind: 'remade', what: 'chain', name } };
	},
	(table) => ({
		commands: [`add chain ${inside(table)} other`],
		difference: { kind: 'extra', what: 'chain', name: 'other' },
	}),
	(table) => ({
		commands: [`add set ${inside(table)} other { type mark; }`],
		difference: { kind: 'extra', what: 'set', name: 'other' },
	}),
	(table) => ({
		commands: [`add counter ${inside(table)} other`],
		difference: { kind: 'extra', what: 'other', name: 'counter other' },
	}),
	(table, draw) => {
		const sets = table.sets.filter((set) => set.elements.length > 0);
		if (sets.length === 0) return null;
		const { name, elements } = pick(sets, draw);
		const { key } = pick(elements, draw);
		const command = `delete element ${inside(table)} ${name} { ${key.join(' . ')} }`;
		return { commands: [command], difference: { ...elementsOf('set', name), missing: [key] } };
	},
	(table) => {
		const key = [table.family === 'ip' ? '192.0.2.77' : '2001:db8:77::77'];
		const command = `add element ${inside(table)} cluster-ips { ${key.join()} }`;
		return { commands: [command], difference: { ...elementsOf('set', 'cluster-ips'), extra: [key] } };
	},
	(table, draw) =>
		ofElement(table, draw, ({ key }, name, where) => ({
			commands: [`delete element ${where} { ${key.join(' . ')} }`],
			difference: { ...elementsOf('map', name), missing: [key] },
		})),
	(table) => ({
		commands: [`add element ${inside(table)} nodeports { tcp . 32767 : drop }`],
		difference: { ...elementsOf('map', 'nodeports'), extra: [['tcp', '32767']] },
	}),
	(table, draw) =>
		ofElement(table, draw, ({ key, note, verdict }, name, where) => {
			const text = key.join(' . ');
			const other = verdict.kind === 'goto' ? 'drop' : 'goto refuse';
			const comment = note === null ? '' : ` comment "${note}"`;
			return {
				commands: [`delete element ${where} { ${text} }`, `add element ${where} { ${text}${comment} : ${other} }`],
				difference: { ...elementsOf('map', name), changed: [key] },
			};
		}),
	(table, draw) =>
		ofElement(table, draw, ({ key, verdict }, name, where) => {
			const text = key.join(' . ');
			const said = verdict.kind === 'goto' ? `goto ${verdict.chain}` : 'drop';
			return {
				commands: [`delete element ${where} { ${text} }`, `add element ${where} { ${text} comment "other" : ${said} }`],
				difference: { ...elementsOf('map', name), changed: [key] },
			};
		}),
];

function ofElement(
	table: Table,
	draw: number,
	change: (element: MapElement, map: string, where: string) => Change,
): Change | null {
	const maps = table.maps.filter((map) => map.elements.length > 0);
	if (maps.length === 0) return null;
	const { name, elements } = pick(maps, draw);
	return change(pick(elements, draw), name, `${inside(table)} ${name}`);
}

function inside(table: Table): string {
	return `${table.family} ${table.name}`;
}

function withRules(table: Table): readonly Chain[] {
	return table.chains.filter((chain) => chain.rules.length > 0);
}

function pick<T>(from: readonly T[], draw: number): T {
	const picked = from[draw % from.length];
	if (picked === undefined) throw new Error('there is nothing to pick from');
	return picked;
}

function rules(chain: Chain, first: number, more: number): Difference {
	const wanted = chain.rules.length;
	return { kind: 'rules', chain: chain.name, first, found: wanted + more, wanted };
}

function elementsOf<What extends 'set' | 'map'>(what: What, name: string) {
	return { kind: 'elements', what, name, missing: [], extra: [], changed: [] } as const;
}

function handlesIn(listing: Json): Handles {
	const handles = new Map<string, number[]>();
	const objects = isObject(listing) && Array.isArray(listing.nftables) ? listing.nftables : [];
	for (const object of objects as readonly Json[]) {
		const rule = isObject(object) ? object.rule : undefined;
		if (!isObject(rule) || typeof rule.chain !== 'string' || typeof rule.handle !== 'number') continue;
		handles.set(rule.chain, [...(handles.get(rule.chain) ?? []), rule.handle]);
	}
	return (chain) => handles.get(chain) ?? [];
}
