import type { TableUpdate, Update } from './follower.ts';

/** What several updates did, one after another, as one. Of a service port or a Service that several compiled, the last counts. */
export function joined(updates: readonly Update[]): Update {
	const families = updates.at(-1)?.tables.map(({ family }) => family) ?? [];
	return {
		tables: families.flatMap((family) => {
			const ofFamily = updates.flatMap(({ tables }) => tables.filter((table) => table.family === family));
			const last = ofFamily.at(-1);
			return last === undefined ? [] : [joinedTable(last, ofFamily)];
		}),
		services: new Map(updates.flatMap(({ services }) => [...services])),
	};
}

function joinedTable({ family, frame }: TableUpdate, all: readonly TableUpdate[]): TableUpdate {
	return {
		family,
		frame,
		ports: new Map(all.flatMap(({ ports }) => [...ports])),
		views: new Map(all.flatMap(({ views }) => [...views])),
	};
}
