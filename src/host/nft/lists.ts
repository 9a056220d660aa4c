import type { IpFamily } from '../../model/ip.ts';

// What nft is told to list of a table in parts: each is what stands behind the word `list`.

/** All but the rules: chains by their names, and sets and maps with what is in them. Some of these name other tables' things too. */
export function listsWithoutRules(family: IpFamily, table: string): readonly string[] {
	const ofTable = ['sets', 'counters', 'quotas', 'limits'].map((kind) => `${kind} table ${family} ${table}`);
	return [...ofTable, `maps ${family}`, `flowtables ${family}`, `chains ${family}`];
}

/** Chains with their rules. @param names that nft takes as they are */
export function listsOfChains(family: IpFamily, table: string, names: readonly string[]): readonly string[] {
	return names.map((name) => `chain ${family} ${table} ${name}`);
}

/** The commands as nft takes them one by one, each made by itself: a file of commands is one batch, for which it would read all at once. */
export function interactive(lists: readonly string[]) {
	return { args: ['--interactive'], input: lists.map((each) => `list ${each}\n`).join('') } as const;
}
