import { commentText } from '../../model/comment.ts';
import type { IpFamily } from '../../model/ip.ts';
import type { Chain, MapElement, NamedSet, SetElement, Table, VerdictMap } from '../../model/ruleset.ts';
import { listedComment, listedFields, listedRule, listedValue } from './listed-rule.ts';

// How `nft --numeric list table` of nft 1.0.6 and 1.1 prints what the built-in templates write: each object by its lines, from the
// first one to the last but `}`, and the elements of sets and maps one by one.

/** The size that nft gives to sets that packets add to. */
const DYNAMIC_SIZE = 65_535;

/** The first line of a table. */
export function listedTableHeader(family: IpFamily, table: string): string {
	return `table ${family} ${table} {`;
}

/** The lines of a table that are about nothing in it. */
export function listedTable({ family, name, comment }: Table): readonly string[] {
	return [listedTableHeader(family, name), `\tcomment "${commentText(comment)}"`];
}

/** The first line of an object, by which its elements are known. */
export function listedHeader({
	kind,
	name,
}: {
	readonly kind: 'set' | 'map' | 'chain';
	readonly name: string;
}): string {
	return `\t${kind} ${name} {`;
}

/** The lines of a set but for its elements. */
export function listedSet(set: NamedSet, family: IpFamily): readonly string[] {
	return [
		listedHeader(set),
		`\t\ttypeof ${listedFields(set.fields, family)}`,
		...(set.interval ? ['\t\tflags interval'] : []),
		...(set.timeout === null
			? []
			: [`\t\tsize ${DYNAMIC_SIZE}`, '\t\tflags dynamic,timeout', `\t\ttimeout ${set.timeout}s`]),
		...commentLine(set.comment),
	];
}

/** The lines of a map but for its elements. */
export function listedMap(map: VerdictMap, family: IpFamily): readonly string[] {
	return [listedHeader(map), `\t\ttypeof ${listedFields(map.fields, family)} : verdict`, ...commentLine(map.comment)];
}

function commentLine(comment: string | null): readonly string[] {
	return comment === null ? [] : [`\t\tcomment "${commentText(comment)}"`];
}

/** An element of a set. */
export function listedElement({ key }: SetElement): string {
	return key.map(listedValue).join(' . ');
}

/** An element of a map. */
export function listedMapElement(element: MapElement): string {
	const { note, verdict } = element;
	const what = verdict.kind === 'goto' ? `goto ${verdict.chain}` : verdict.kind;
	return `${listedElement(element)}${listedComment(note)} : ${what}`;
}

/** The lines of a chain. Its comment stands on the first rule. */
export function listedChain(chain: Chain, family: IpFamily): readonly string[] {
	const { hook, comment, rules } = chain;
	return [
		listedHeader(chain),
		...(hook === null ? [] : [`\t\ttype ${hook.type} hook ${hook.hook} priority ${hook.priority}; policy accept;`]),
		...rules.map((rule, index) => `\t\t${listedRule(rule, rule.note ?? (index === 0 ? comment : null), family)}`),
	];
}
