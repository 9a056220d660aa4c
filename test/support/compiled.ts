import { builtInTemplates } from '../../src/cli/built-in-templates.ts';
import type { IpFamily } from '../../src/model/ip.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Chain, MapElement, NamedSet, Ruleset, Table } from '../../src/model/ruleset.ts';
import type { Settings } from '../../src/model/settings.ts';
import { compileNode } from '../../src/pipeline.ts';
import { render } from '../../src/render/render.ts';
import { showBy } from '../../src/render/templates.ts';
import { documents, settings } from './objects.ts';

/** The built-in templates. */
export const show = showBy(await builtInTemplates());

/** A ruleset as text, by the built-in templates. */
export function rendered(ruleset: Ruleset): string {
	return render(ruleset, show);
}

/** A rendered ruleset with short ways to what tests ask for. */
export interface TestRuleset {
	readonly ruleset: Ruleset;
	readonly text: string;
	readonly problems: readonly Problem[];
	readonly table: (family?: IpFamily) => Table;
	/** the rules of a chain as nft text, or null when there is no such chain */
	readonly chain: (name: string, family?: IpFamily) => readonly string[] | null;
	/** the elements of a map as `key` → verdict text, such as `10.96.0.10 . tcp . 80` → `goto cluster/shop/web/http` */
	readonly map: (name: string, family?: IpFamily) => Readonly<Record<string, string>>;
	/** the keys of a set, or null when there is no such set */
	readonly set: (name: string, family?: IpFamily) => readonly string[] | null;
}

/** Compiles and renders objects for node n1 (or other settings). */
export function compiled(objects: readonly unknown[], changes: Partial<Settings> = {}): TestRuleset {
	const { ruleset, problems } = compileNode(documents(...objects), settings(changes));
	if (ruleset === null) throw new Error(`no ruleset: ${problems.map((problem) => problem.sentence).join('; ')}`);
	const table = (family: IpFamily = 'ip'): Table => {
		const found = ruleset.tables.find((each) => each.family === family);
		if (found === undefined) throw new Error(`no table of family ${family}`);
		return found;
	};
	return {
		ruleset,
		text: rendered(ruleset),
		problems,
		table,
		chain: (name, family) => chainRules(table(family), name),
		map: (name, family) => mapElements(table(family), name),
		set: (name, family) => setKeys(table(family).sets, name),
	};
}

function chainRules(table: Table, name: string): readonly string[] | null {
	const chain: Chain | undefined = table.chains.find((each) => each.name === name);
	return chain === undefined ? null : chain.rules.map((rule) => show(rule, table.family));
}

function mapElements(table: Table, name: string): Readonly<Record<string, string>> {
	const map = table.maps.find((each) => each.name === name);
	if (map === undefined) throw new Error(`no map ${name}`);
	const verdict = ({ verdict: it }: MapElement) => (it.kind === 'goto' ? `goto ${it.chain}` : it.kind);
	return Object.fromEntries(map.elements.map((element) => [element.key.join(' . '), verdict(element)]));
}

function setKeys(sets: readonly NamedSet[], name: string): readonly string[] | null {
	const set = sets.find((each) => each.name === name);
	return set === undefined ? null : set.elements.map((element) => element.key.join(' . '));
}
