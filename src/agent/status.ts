import { createHash } from 'node:crypto';
import type { TableStatus, WatchStatus } from '../health/status.ts';
import type { WatchStats } from '../host/watch/watch-stats.ts';
import type { IpFamily } from '../model/ip.ts';
import { transaction } from '../model/transaction.ts';
import { renderTransaction } from '../render/render.ts';
import type { Show } from '../render/templates.ts';
import type { AgentObserver } from './observer.ts';
import { type TableState, tableOf } from './table-state.ts';

/** What the last synchronisations of each table came to. */
export interface TableHistory extends Partial<AgentObserver> {
	readonly tables: (states: readonly TableState[]) => readonly TableStatus[];
}

/** Remembers it. @param show for digests, which are made when somebody asks */
export function newTableHistory(show: Show, date: () => number = Date.now): TableHistory {
	const last = new Map<IpFamily, Pick<TableStatus, 'lastSync' | 'failure' | 'contact'>>();
	const digests = new WeakMap<object, string>();
	return {
		onSyncEnd: (results) => {
			for (const result of results) {
				const before = last.get(result.family) ?? { lastSync: null, failure: null, contact: null };
				last.set(
					result.family,
					result.kind === 'failed'
						? { ...before, failure: result.reason }
						: { lastSync: date(), failure: null, contact: result.synced.contact ?? before.contact },
				);
			}
		},
		tables: (states) =>
			states.map((state) => {
				const { name, applied, wanted, quarantined } = state;
				const history = last.get(name.family) ?? { lastSync: null, failure: null, contact: null };
				return {
					family: name.family,
					table: name.table,
					...history,
					digest: applied === null ? null : digestOf(state, applied.generation, digests, show),
					generation: applied?.generation.join('.') ?? null,
					servicePorts: wanted.size,
					quarantined: [...quarantined].map(([port, { reason }]) => ({ name: port, reason })),
				};
			}),
	};
}

/** Of the table's text. It is kept with the generation, which is a new object after every transaction. */
function digestOf(
	{ name, applied }: TableState,
	generation: object,
	digests: WeakMap<object, string>,
	show: Show,
): string | null {
	const known = digests.get(generation);
	if (known !== undefined || applied === null) return known ?? null;
	const { sets, maps, chains } = tableOf(applied);
	const text = renderTransaction(transaction(name, { addedSets: sets, addedMaps: maps, chains }), show);
	const digest = createHash('sha256').update(text).digest('hex');
	digests.set(generation, digest);
	return digest;
}

/** The watches as the status page shows them. @param now on the watches' clock */
export function watchStatus(stats: ReadonlyMap<string, Readonly<WatchStats>>, now: number): readonly WatchStatus[] {
	return [...stats].map(([resource, { watching, held, lastContact, troubles }]) => ({
		resource,
		watching,
		objects: held,
		secondsSinceContact: lastContact === null ? null : (now - lastContact) / 1000,
		troubles,
	}));
}
