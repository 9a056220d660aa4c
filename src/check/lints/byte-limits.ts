import type { ServicePortId } from '../../model/cluster-state.ts';
import type { Table } from '../../model/ruleset.ts';
import type { Lint, Linted } from './lint.ts';

/** nft's limits (1.0.6): NFT_NAME_MAXLEN without the byte that ends it, and the user data of a comment. */
const MOST_NAME_BYTES = 255;
const MOST_COMMENT_BYTES = 128;

/** Finds names that nft refuses, and comments that are cut before nft sees them. */
export function byteLimits({ table }: Linted): readonly Lint[] {
	return [...longNames(table), ...longComments(table)];
}

/** A text of the table that nft counts the bytes of. */
interface Text {
	readonly what: string;
	readonly text: string | null;
	readonly owner: ServicePortId | null;
}

function longNames(table: Table): readonly Lint[] {
	const names: readonly Text[] = [
		{ what: 'table', text: table.name, owner: null },
		...table.sets.map(({ name }) => ({ what: 'set', text: name, owner: null })),
		...table.maps.map(({ name }) => ({ what: 'map', text: name, owner: null })),
		...table.chains.map(({ name, owner }) => ({ what: 'chain', text: name, owner })),
	];
	return tooLong(names, MOST_NAME_BYTES).map(({ what, text, owner }) => ({
		id: 'name-too-long',
		owner,
		sentence: `the name of ${what} ${text} has ${bytesOf(text)} bytes, of which nft takes ${MOST_NAME_BYTES}`,
	}));
}

function longComments(table: Table): readonly Lint[] {
	const comments: readonly Text[] = [
		{ what: `table ${table.name}`, text: table.comment, owner: null },
		...table.sets.map(({ name, comment }) => ({ what: `set ${name}`, text: comment, owner: null })),
		...table.maps.flatMap(({ name, comment, elements }) => [
			{ what: `map ${name}`, text: comment, owner: null },
			...elements.map(({ key, note, owner }) => ({ what: `${key.join(' . ')} in map ${name}`, text: note, owner })),
		]),
		...table.chains.flatMap(({ name, comment, owner, rules }) => [
			{ what: `chain ${name}`, text: comment, owner },
			...rules.map(({ note }, index) => ({ what: `rule ${index + 1} of chain ${name}`, text: note, owner })),
		]),
	];
	return tooLong(comments, MOST_COMMENT_BYTES).map(({ what, text, owner }) => ({
		id: 'comment-too-long',
		owner,
		sentence: `the comment of ${what} has ${bytesOf(text)} bytes, of which nft takes ${MOST_COMMENT_BYTES}`,
	}));
}

function tooLong(texts: readonly Text[], most: number): readonly Text[] {
	return texts.filter(({ text }) => bytesOf(text) > most);
}

function bytesOf(text: string | null): number {
	return text === null ? 0 : Buffer.byteLength(text);
}
