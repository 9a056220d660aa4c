import { elementKey } from '../model/program.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import type { Unit } from './plan.ts';
import { weight } from './transaction.ts';

/**
 * Units in groups, each to be one transaction. A group is as heavy as allowed at the most, but for a unit that is heavier
 * alone, and for those between which elements move: what one gives up and another takes changes hands at once, so they
 * are in the first group together.
 * @param most asked before each group, as `weight` counts: how the one before went may have changed it
 */
export function* chunks(units: readonly Unit[], most: () => number): Generator<readonly Unit[]> {
	const total = units.reduce((sum, unit) => sum + weight(unit.change), 0);
	const moving = total <= most() ? new Set<Unit>() : movingUnits(units);
	if (moving.size > 0) yield [...moving];
	let group: Unit[] = [];
	let free = most();
	for (const unit of units) {
		if (moving.has(unit)) continue;
		const cost = weight(unit.change);
		if (cost > free && group.length > 0) {
			yield group;
			group = [];
			free = most();
		}
		group.push(unit);
		free -= cost;
	}
	if (group.length > 0) yield group;
}

/** Units of which one removes an element that another one adds. */
function movingUnits(units: readonly Unit[]): ReadonlySet<Unit> {
	const removedBy = new Map<string, Unit>();
	for (const unit of units) {
		for (const key of keys(unit.change.removedElements)) removedBy.set(key, unit);
	}
	const moving = new Set<Unit>();
	for (const unit of removedBy.size === 0 ? [] : units) {
		for (const key of keys(unit.change.addedElements)) {
			const other = removedBy.get(key);
			if (other !== undefined && other !== unit) moving.add(unit).add(other);
		}
	}
	return moving;
}

function keys(lists: Transaction['addedElements']): readonly string[] {
	return lists.flatMap(({ container, elements }: Elements) =>
		elements.map((element) => `${container} ${elementKey(element)}`),
	);
}
