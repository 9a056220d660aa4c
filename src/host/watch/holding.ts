import { isOlder } from './resource-version.ts';

/** Which objects of a resource there are, in which version; the objects themselves are the consumer's. */
export interface Holding {
	/** Forgets all and holds these. */
	readonly replace: (versions: ReadonlyMap<string, string>) => void;
	/**
	 * Takes an object in; false when it is older than what we know, and nothing is to be done. An object that is not held is
	 * measured by the version that was reached before: events of a resource come in the order of their versions (API
	 * concepts, "efficient detection of changes"), so one from before then was deleted since, and is not to come back.
	 */
	readonly put: (key: string, version: string, reached: string) => boolean;
	/** Lets an object go, whatever version it is said to have; false when it was not there. */
	readonly remove: (key: string) => boolean;
	readonly size: () => number;
}

export function holding(): Holding {
	let held = new Map<string, string>();
	return {
		replace: (versions) => {
			held = new Map(versions);
		},
		put: (key, version, reached) => {
			if (isOlder(version, held.get(key) ?? reached)) return false;
			held.set(key, version);
			return true;
		},
		remove: (key) => held.delete(key),
		size: () => held.size,
	};
}
