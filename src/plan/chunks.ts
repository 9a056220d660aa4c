import { elementKey } from '../model/program.ts';
import type { Elements, Transaction } from '../model/transaction.ts';
import type { Unit } from './plan.ts';
import { weight } from './transaction.ts';

/**
 * Units in groups, each to be one transaction. A group is as heavy as allowed at the most, but for a unit that is heavier
 * alone, and for those between which elements move: what one gives up and another takes changes hands at once, so they
 * are in the first group together.
 * @param most as `weight` counts
 */
export function chunks(units: readonly Unit[], most: number): readonly (readonly Unit[])[] {
	const total = units.reduce((sum, unit) => sum + weight(unit.change), 0);
	if (total <= most) return units.length === 0 ? [] : [units];
	const moving = movingUnits(units);
	const groups: Unit[][] = moving.size === 0 ? [] : [[...moving]];
	let free = 0;
	for (const unit of units) {
		if (moving.has(unit)) continue;
		const cost = weight(unit.change);
		if (cost > free) {
			groups.push([]);
			free = most;
		}
		groups.at(-1)?.push(unit);
		free -= cost;
	}
	return groups;
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
