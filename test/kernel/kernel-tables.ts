import { expect } from 'vitest';
import { differences } from '../../src/readback/differences.ts';
import { readTable } from '../../src/readback/read-table.ts';
import { compiled } from '../support/compiled.ts';
import type { StandIn } from '../support/stand-in-api-server.ts';
import { until } from './agent-run.ts';
import type { Lab } from './lab.ts';

/** Whether chains that are empty and that nobody wants count as wrong. */
export type LeftChains = 'ignored' | 'counted';

/** What of the kernel's tables is not what `render` would make of an API server's objects. */
export async function wrongTables(
	{ run }: Pick<Lab, 'run'>,
	server: Pick<StandIn, 'objects'>,
	left: LeftChains = 'ignored',
): Promise<readonly unknown[]> {
	const objects = (['services', 'endpointslices', 'nodes', 'servicecidrs'] as const).flatMap((name) =>
		server.objects(name),
	);
	const { ruleset } = compiled(objects, { hints: 'as-is' });
	const found = await Promise.all(
		ruleset.tables.map(async (table) => {
			const listing = await run('nft', ['-j', '-n', 'list', 'table', table.family, table.name]).catch(() => null);
			const is = listing === null ? null : readTable(JSON.parse(listing));
			if (is === null || 'unreadable' in is) return ['no table'];
			const chains = is.chains.filter(({ rules, hook }) => left === 'counted' || rules.length > 0 || hook !== null);
			const sets = is.sets.filter(({ name }) => name !== 'generation');
			return [...differences({ ...is, chains, sets }, table)];
		}),
	);
	return found.flat();
}

/** Waits until the kernel's tables are right. @throws Error with what is wrong, when that takes too long */
export async function untilRight(
	lab: Pick<Lab, 'run'>,
	server: Pick<StandIn, 'objects'>,
	left: LeftChains = 'ignored',
	milliseconds = 60_000,
): Promise<void> {
	let wrong: readonly unknown[] = [];
	const isRight = async () => {
		wrong = await wrongTables(lab, server, left);
		return wrong.length === 0;
	};
	await until('the tables are right', isRight, milliseconds).catch(() =>
		expect(wrong.slice(0, 5), `${wrong.length} wrong after ${milliseconds} ms`).toEqual([]),
	);
}
