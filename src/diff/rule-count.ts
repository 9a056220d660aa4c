import type { RuleCount } from '../model/change-set.ts';
import type { TableProgram } from '../model/program.ts';
import type { Rule } from '../model/ruleset.ts';
import { beyond, type RuleItem, type RuleSide, ruleItems } from './rule-items.ts';

/** What one side has and the other has not. */
export interface RuleDifference {
	readonly removed: readonly RuleItem[];
	readonly added: readonly RuleItem[];
	/** how many do the same as before under another name, note or comment */
	readonly cosmetic: number;
}

/** How many rules and elements come and leave, and how many only say something else. */
export interface CountedRules extends RuleCount {
	readonly cosmetic: number;
}

/**
 * Compares the rules and elements of two sides; their order counts for nothing. An element that several service ports
 * put into a set is each one's.
 */
export function ruleDifference(before: RuleSide, after: RuleSide): RuleDifference {
	if (before === after) return { removed: [], added: [], cosmetic: 0 };
	const [old, wanted] = [ruleItems(before), ruleItems(after)];
	const added = beyond(wanted, old, 'effect');
	return {
		removed: beyond(old, wanted, 'effect'),
		added,
		cosmetic: beyond(wanted, old, 'wording').length - added.length,
	};
}

/** Counts what `ruleDifference` finds in a change of a service port's program or of a frame. */
export function ruleCount(change: { readonly before: RuleSide; readonly after: RuleSide }): CountedRules {
	const { added, removed, cosmetic } = ruleDifference(change.before, change.after);
	return { added: added.length, removed: removed.length, cosmetic };
}

/** How many rules and elements a table has, counted as `ruleCount` counts those that change. */
export function countRules({ frame, ports }: TableProgram): number {
	return ports.reduce((sum, port) => sum + countSide(port), countSide(frame));
}

/** Without making items: a table can have a hundred thousand. */
function countSide(side: Exclude<RuleSide, null>): number {
	const rules = sum(side.chains.flatMap((chain) => chain.rules.map(weight)));
	const containers =
		'owner' in side
			? [...side.setElements.values(), ...side.mapElements.values()]
			: [...side.sets, ...side.maps].map((container) => container.elements);
	return side.sets.length + rules + sum(containers.map((elements) => elements.length));
}

/** A map of endpoints counts as a rule for each. */
function weight({ then }: Rule): number {
	const spread = then.find((action) => action.kind === 'spread');
	return spread === undefined ? 1 : spread.targets.length;
}

function sum(numbers: readonly number[]): number {
	return numbers.reduce((total, number) => total + number, 0);
}
