import type { Service } from '../model/cluster-state.ts';
import { IP_FAMILIES } from '../model/ip.ts';

/** What of a Service another one can have to do with. */
export interface Ties {
	/** what it claims: another Service that claims the same has to be settled with it */
	readonly claims: readonly string[];
	readonly clusterIps: readonly string[];
	readonly endpoints: readonly string[];
}

/** Who has to do with whom, by the names of Services. */
export interface Relations {
	/** Takes a Service's ties in, in place of those it had; null takes it out. */
	readonly set: (name: string, ties: Ties | null) => void;
	/** Some Services with all that have to do with them, however indirectly. */
	readonly closure: (names: Iterable<string>) => ReadonlySet<string>;
}

/** What ties a Service to others. @param claimsOf what its ports claim */
export function tiesOf(service: Service, claimsOf: (port: Service['ports'][number]) => Iterable<string>): Ties {
	const found = { claims: new Set<string>(), clusterIps: new Set<string>(), endpoints: new Set<string>() };
	for (const port of service.ports) {
		for (const claim of claimsOf(port)) found.claims.add(claim);
		for (const family of IP_FAMILIES) {
			const clusterIp = port.addresses[family]?.clusterIp;
			if (clusterIp) found.clusterIps.add(clusterIp);
			for (const { address } of port.endpoints[family]) found.endpoints.add(address);
		}
	}
	return { claims: [...found.claims], clusterIps: [...found.clusterIps], endpoints: [...found.endpoints] };
}

/** An index of ties. Services that share pods have nothing to do with each other; an endpoint at a ClusterIP has with its Service. */
export function newRelations(): Relations {
	const tiesByName = new Map<string, Ties>();
	const claimants: Index = new Map();
	const owners: Index = new Map();
	const users: Index = new Map();
	const set: Relations['set'] = (name, ties) => {
		const before = tiesByName.get(name);
		if (before !== undefined) {
			remove(claimants, before.claims, name);
			remove(owners, before.clusterIps, name);
			remove(users, before.endpoints, name);
		}
		if (ties === null) tiesByName.delete(name);
		else {
			tiesByName.set(name, ties);
			add(claimants, ties.claims, name);
			add(owners, ties.clusterIps, name);
			add(users, ties.endpoints, name);
		}
	};
	const neighbours = function* (name: string): Generator<string> {
		const ties = tiesByName.get(name);
		if (ties === undefined) return;
		for (const claim of ties.claims) yield* namesOf(claimants, claim);
		for (const address of ties.clusterIps) yield* namesOf(users, address);
		for (const address of ties.endpoints) yield* namesOf(owners, address);
	};
	const closure: Relations['closure'] = (names) => {
		const found = new Set(names);
		for (const name of found) for (const other of neighbours(name)) found.add(other);
		return found;
	};
	return { set, closure };
}

/** One name alone, or several: most keys have one, and there are as many as endpoints. */
type Index = Map<string, string | Set<string>>;

function namesOf(index: Index, key: string): Iterable<string> {
	const names = index.get(key) ?? [];
	return typeof names === 'string' ? [names] : names;
}

function add(index: Index, keys: Iterable<string>, name: string): void {
	for (const key of keys) {
		const names = index.get(key);
		if (names === undefined) index.set(key, name);
		else if (typeof names !== 'string') names.add(name);
		else if (names !== name) index.set(key, new Set([names, name]));
	}
}

function remove(index: Index, keys: Iterable<string>, name: string): void {
	for (const key of keys) {
		const names = index.get(key);
		if (names === name) index.delete(key);
		else if (typeof names === 'object') {
			names.delete(name);
			if (names.size === 0) index.delete(key);
		}
	}
}
