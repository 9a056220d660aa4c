import type { Resource } from '../../src/host/watch/resources.ts';
import { type Answer, refusal } from './api-server.ts';
import { selected } from './stand-in-selectors.ts';
import type { ApiObject, Store } from './stand-in-store.ts';

/** Pages of lists, all pages of a list from one moment, as etcd keeps them. */
export type Pager = (resource: Resource, query: URLSearchParams, shuffled: boolean) => Answer;

interface Snapshot {
	readonly version: number;
	readonly items: readonly ApiObject[];
}

export function createPager(store: Store): Pager {
	const snapshots = new Map<string, Snapshot>();

	return ({ name, kind, apiVersion }, query, shuffled) => {
		const [id = '', offset = '0'] = (query.get('continue') ?? '').split('.');
		const now = () => ({
			version: store.version(),
			items: itemsOf(store.objects(name).filter(selected(query)), shuffled),
		});
		const snapshot = id === '' ? now() : snapshots.get(id);
		if (snapshot === undefined || (id !== '' && snapshot.version < store.floor())) {
			return refusal(410, 'The provided continue parameter is too old');
		}
		const start = Number(offset);
		const end = start + (Number(query.get('limit')) || snapshot.items.length);
		const own = id === '' ? `${name}-${snapshot.version}-${snapshots.size}` : id;
		if (end < snapshot.items.length) snapshots.set(own, snapshot);
		const next = end < snapshot.items.length ? { continue: `${own}.${end}` } : {};
		const metadata = { resourceVersion: String(snapshot.version), ...next };
		return {
			status: 200,
			body: { kind: `${kind}List`, apiVersion, metadata, items: snapshot.items.slice(start, end) },
		};
	};
}

/** Items of a list do not say what they are. */
function itemsOf(objects: readonly ApiObject[], shuffled: boolean): readonly ApiObject[] {
	const items = objects.map(({ kind: _kind, apiVersion: _version, ...rest }) => rest);
	if (!shuffled) return items;
	return [...items, ...items]
		.map((item) => ({ item, place: Math.random() }))
		.sort((a, b) => a.place - b.place)
		.map(({ item }) => item);
}
