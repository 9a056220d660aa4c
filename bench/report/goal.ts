import type { Table } from './table.ts';

/** Something measured. */
interface Measure {
	readonly what: string;
	readonly value: number;
	/** how numbers are written: `×` for ratios, `MB` for memory, `s` for seconds, nothing for counts */
	readonly unit: '×' | 'MB' | 's' | '';
}

/** Something that must not be more than a given number. */
interface AtMost extends Measure {
	readonly most: number;
}

/** Something that must not be less than a given number. */
interface AtLeast extends Measure {
	readonly least: number;
}

/** Something measured, and what it should be. */
export type Goal = AtMost | AtLeast;

/** Whether the goal is reached. */
export function isMet(goal: Goal): boolean {
	return 'most' in goal ? goal.value <= goal.most : goal.value >= goal.least;
}

/** All goals, one in each row. */
export function goalTable(goals: readonly Goal[]): Table {
	return {
		title: 'Goals',
		columns: ['', 'measured', 'goal', ''],
		rows: goals.map((goal) => [goal.what, withUnit(goal.value, goal.unit), bound(goal), isMet(goal) ? 'ok' : 'MISSED']),
	};
}

function bound(goal: Goal): string {
	return 'most' in goal ? `≤ ${withUnit(goal.most, goal.unit)}` : `≥ ${withUnit(goal.least, goal.unit)}`;
}

function withUnit(value: number, unit: Goal['unit']): string {
	if (unit === '×' || unit === 's') return `${value.toFixed(value < 0.1 ? 4 : 2)} ${unit}`;
	return `${Math.round(value)} ${unit}`.trimEnd();
}
