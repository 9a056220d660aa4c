import type { Measured } from './measure/repeat.ts';
import type { Goal } from './report/goal.ts';
import type { Table } from './report/table.ts';
import type { Workshop } from './workshop.ts';

/** What a part of the benchmark found out. */
export interface Findings {
	readonly tables: readonly Table[];
	readonly goals: readonly Goal[];
	/** a sentence each, printed below the tables */
	readonly remarks: readonly string[];
	/** everything measured, for programs */
	readonly measured: readonly Measured[];
}

/** A part of the benchmark, run alone by its name. */
export interface Part {
	readonly name: string;
	readonly title: string;
	/** whether it runs when no part is named */
	readonly byDefault: boolean;
	readonly run: (workshop: Workshop) => Promise<Findings>;
}
