import type { Settings } from '../../src/model/settings.ts';
import { spoken } from '../../src/model/symbols.ts';
import { type Prepared, prepare } from '../../src/overlay/prepare.ts';
import { compiled } from '../support/compiled.ts';
import { documents } from '../support/objects.ts';

type Objects = readonly unknown[];

/** Both sides of a preview, as node n1 would have them. */
export interface Previewed extends Prepared {
	readonly before: Side;
	readonly after: Side;
}

/** What tests ask of a side. */
export interface Side {
	/** the whole ruleset with symbols */
	readonly text: string;
	/** where a chain's rules lead to, with symbols; null where there is no such chain */
	readonly targets: (chain: string) => readonly string[] | null;
	/** IPv4 addresses and ports that are served or refused, with symbols */
	readonly frontends: readonly string[];
	/** codes of problems */
	readonly problems: readonly string[];
}

const MAPS = ['services', 'nodeports', 'no-endpoints', 'no-endpoints-nodeports'];

/** Lays two lists of objects over a captured one and renders both. */
export function previewed(
	base: Objects,
	head: Objects,
	capture: Objects | null = null,
	settings: Partial<Settings> = {},
): Previewed {
	const found = prepare(documents(...base), documents(...head), capture === null ? null : documents(...capture));
	const side = (side: Prepared['base']): Side => {
		const ruleset = compiled(
			side.map(({ value }) => value),
			settings,
		);
		const said = (text: string) => spoken(text, found.symbols);
		return {
			text: said(ruleset.text),
			targets: (chain) => ruleset.chain(chain)?.map((rule) => said(rule.split('dnat to ')[1] ?? rule)) ?? null,
			frontends: MAPS.flatMap((map) => Object.keys(ruleset.map(map)).map(said)),
			problems: ruleset.problems.map(({ code }) => code),
		};
	};
	return { ...found, before: side(found.base), after: side(found.head) };
}
