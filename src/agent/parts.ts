import type { PortProgram } from '../model/program.ts';
import type { TableState } from './table-state.ts';

/** What of a table is looked at in one go. */
export type Part =
	| { readonly kind: 'whole' }
	/** all but the rules: chains by their names, and sets and maps with what is in them */
	| { readonly kind: 'objects' }
	/** the rules of the frame */
	| { readonly kind: 'frame' }
	/** the rules of some service ports, by name */
	| { readonly kind: 'ports'; readonly names: readonly string[] };

export const WHOLE: readonly Part[] = [{ kind: 'whole' }];

/** How many rules and chains are read at once. */
export interface PartSizes {
	/** tables of no more are read as a whole */
	readonly whole: number;
	readonly part: number;
}

/** nft takes some 3 KB for each rule that it reads at once; in parts, it takes 0.1 s for so many. */
export const PART_SIZES: PartSizes = { whole: 20_000, part: 2500 };

/** The parts in which a table is looked at, one after the other, by an nft that can be asked for parts. */
export function partsOf(state: TableState, sizes: PartSizes): readonly Part[] {
	const { applied } = state;
	if (applied === null || isSeenWhole(state)) return WHOLE;
	const parts: Part[] = [{ kind: 'objects' }, { kind: 'frame' }];
	let names: string[] = [];
	let [inPart, inAll] = [0, 0];
	for (const [name, port] of applied.ports) {
		const weight = weightOf(port);
		if (inPart + weight > sizes.part && names.length > 0) {
			parts.push({ kind: 'ports', names });
			names = [];
			inPart = 0;
		}
		names.push(name);
		inPart += weight;
		inAll += weight;
	}
	return inAll <= sizes.whole ? WHOLE : [...parts, { kind: 'ports', names }];
}

function weightOf({ chains }: PortProgram): number {
	return chains.reduce((sum, { rules }) => sum + 1 + rules.length, 0);
}

/**
 * Whether a look at any part becomes one at the whole table: what a service port in quarantine has in the kernel is not known as
 * rules, and a text that was not as expected says nothing of its part.
 */
export function isSeenWhole({ quarantined, textMisread }: TableState): boolean {
	return quarantined.size > 0 || textMisread > 0;
}
