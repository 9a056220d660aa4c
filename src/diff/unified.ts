import { servicePortName } from '../model/cluster-state.ts';
import { familyName, type IpFamily } from '../model/ip.ts';
import { sortedBy } from '../model/order.ts';
import type { Comparison, FrameChange, ProgramChange } from './comparison.ts';
import { joinedRenames } from './renames.ts';
import { type RuleDifference, ruleDifference } from './rule-count.ts';
import { type RuleItem, withoutOwner } from './rule-items.ts';

/** Writes a rule, an element or a set on one line, in nft's words. */
export type LineOf = (shown: RuleItem['shown'], family: IpFamily) => string;

/**
 * What changes in one node's rules, as unified text: a hunk for the table itself and for each service port, sorted; in it
 * the chains, sets and maps that something leaves (`-`) or comes to (`+`). Every endpoint is a line of its own, without the
 * draw between them. What only is called otherwise or says something else is not shown.
 * @param node of other nodes with the same change the text differs in their own names and addresses
 * @returns empty where no rule comes or leaves; else it ends with a line end
 */
export function unifiedText(
	node: string,
	{ programs, frames }: Pick<Comparison, 'programs' | 'frames'>,
	lineOf: LineOf,
): string {
	const onNode = ({ nodes }: ProgramChange | FrameChange) => nodes.includes(node);
	const byOwner = sortedBy(joinedRenames(programs.filter(onNode)), ({ owner, family }) =>
		[owner.namespace, owner.service, owner.port, family].join('\0'),
	);
	return [
		...frames.filter(onNode).flatMap((change) => hunk(`table ${change.after.name}`, change, lineOf)),
		...byOwner.flatMap((change) => hunk(`service ${servicePortName(change.owner)}`, change, lineOf)),
	]
		.map((line) => `${line}\n`)
		.join('');
}

function hunk(subject: string, change: ProgramChange | FrameChange, lineOf: LineOf): readonly string[] {
	const line = (sign: string, { place, shown }: RuleItem) => {
		return `${sign}${place === '' ? '' : '\t'}${lineOf(shown, change.family)}`;
	};
	const places = changedPlaces(ruleDifference(change.before, change.after));
	const lines = places.flatMap(({ name, removed, added }) => [
		...(name === '' ? [] : [` ${name}`]),
		...removed.map((item) => line('-', item)),
		...added.map((item) => line('+', item)),
	]);
	return lines.length === 0 ? [] : [`@@ ${subject} (${familyName(change.family)}) @@`, ...lines];
}

/** A chain, set or map with what leaves it and comes to it. */
interface Place {
	readonly name: string;
	readonly removed: RuleItem[];
	readonly added: RuleItem[];
}

/** The places where something changes, sorted by name; one that is called otherwise now has its new name. */
function changedPlaces({ removed, added }: RuleDifference): readonly Place[] {
	const places = new Map<string, Place>();
	const at = ({ place }: RuleItem): Place => {
		const found = places.get(withoutOwner(place)) ?? { name: place, removed: [], added: [] };
		places.set(withoutOwner(place), found);
		return found;
	};
	for (const item of added) at(item).added.push(item);
	for (const item of removed) at(item).removed.push(item);
	return sortedBy(places.values(), ({ name }) => name);
}
