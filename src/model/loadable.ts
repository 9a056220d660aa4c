/** A ruleset as text: in one transaction, and in several that make the same of an empty kernel. */
export interface Loadable {
	readonly whole: string;
	readonly pieces: () => readonly string[];
}
