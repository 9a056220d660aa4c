import type { IpFamily } from '../model/ip.ts';
import type { Drop, Goto, Hook, Rule } from '../model/ruleset.ts';

// A table as the kernel holds it: the ruleset's own words where they fit, and data of any other kind as it was printed.

export interface FoundTable {
	readonly kind: 'table';
	readonly family: IpFamily;
	readonly name: string;
	/** null also where nft does not print it, as 1.0.6 */
	readonly comment: string | null;
	/** What our tables never have: flags such as `dormant`. */
	readonly foreign: readonly string[];
	readonly sets: readonly FoundSet[];
	readonly maps: readonly FoundMap[];
	readonly chains: readonly FoundChain[];
	/** Objects of kinds that our tables never have, such as counters and flow tables. */
	readonly others: readonly FoundOther[];
}

export interface FoundSet {
	readonly kind: 'set';
	readonly name: string;
	readonly comment: string | null;
	/** nft's types: they do not say whether an address is a source or a destination */
	readonly types: readonly string[];
	readonly interval: boolean;
	readonly timeout: number | null;
	readonly foreign: readonly string[];
	readonly elements: readonly FoundElement[];
}

export interface FoundElement {
	/** A text for each type. What is no address or network of ours is spelled as nft does: `10.0.0.1-10.0.0.9`. */
	readonly key: readonly string[];
	readonly note: string | null;
	/** What our elements never have, such as counters. */
	readonly foreign: string | null;
}

export interface FoundMap {
	readonly kind: 'map';
	readonly name: string;
	readonly comment: string | null;
	readonly types: readonly string[];
	readonly foreign: readonly string[];
	readonly elements: readonly FoundMapElement[];
}

export interface FoundMapElement extends FoundElement {
	readonly verdict: Goto | Drop | Foreign;
}

export interface FoundChain {
	readonly kind: 'chain';
	readonly name: string;
	readonly comment: string | null;
	readonly hook: Hook | null;
	/** A hook or a policy that our chains never have. */
	readonly foreign: readonly string[];
	readonly rules: readonly (Rule | Foreign)[];
}

/** Something that no ruleset of ours says; the text is nft's JSON. */
export interface Foreign {
	readonly kind: 'foreign';
	readonly text: string;
	readonly note: string | null;
}

export interface FoundOther {
	/** nft's word: `counter`, `flowtable` */
	readonly kind: string;
	readonly name: string;
}
