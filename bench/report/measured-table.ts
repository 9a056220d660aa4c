import type { Measured } from '../measure/repeat.ts';
import type { Table } from './table.ts';
import { memory, time, times } from './units.ts';

/** Contestants side by side, each as a multiple of the first one. */
export function measuredTable(title: string, measured: readonly Measured[]): Table {
	const reference = measured[0]?.seconds.median ?? Number.NaN;
	return {
		title,
		columns: ['', 'median', 'least', 'most', 'runs', 'ratio', 'memory'],
		rows: measured.map(({ name, seconds, megabytes, runs }) => [
			name,
			time(seconds.median),
			time(seconds.min),
			time(seconds.max),
			String(runs.length),
			times(seconds.median, reference),
			memory(megabytes.max),
		]),
	};
}
