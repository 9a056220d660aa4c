import type { ServicePortId } from '../../model/cluster-state.ts';
import type { ServicePortView } from '../../model/node-view.ts';
import type { Table } from '../../model/ruleset.ts';
import type { CheckId } from '../catalogue.ts';

/** A table, and the service ports it was made of. */
export interface Linted {
	readonly table: Table;
	readonly servicePorts: readonly ServicePortView[];
}

/** Something in a table that the kernel would load all the same. */
export interface Lint {
	readonly id: CheckId;
	/** whose rules they are; null for those that every table has */
	readonly owner: ServicePortId | null;
	readonly sentence: string;
}
