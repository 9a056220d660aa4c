import type { Table } from './table.ts';

/** Something measured that must not be more than a given number. */
export interface Goal {
	readonly what: string;
	readonly value: number;
	readonly most: number;
	/** how numbers are written: `×` for ratios, `MB` for memory, `s` for seconds, nothing for counts */
	readonly unit: '×' | 'MB' | 's' | '';
}

/** Whether the goal is reached. */
export function isMet({ value, most }: Goal): boolean {
	return value <= most;
}

/** All goals, one in each row. */
export function goalTable(goals: readonly Goal[]): Table {
	return {
		title: 'Goals',
		columns: ['', 'measured', 'goal', ''],
		rows: goals.map((goal) => [
			goal.what,
			withUnit(goal.value, goal.unit),
			`≤ ${withUnit(goal.most, goal.unit)}`,
			isMet(goal) ? 'ok' : 'MISSED',
		]),
	};
}

function withUnit(value: number, unit: Goal['unit']): string {
	if (unit === '×' || unit === 's') return `${value.toFixed(2)} ${unit}`;
	return `${Math.round(value)} ${unit}`.trimEnd();
}
