import { rule } from '../compile/rules.ts';
import { socketText } from '../model/ip.ts';
import { elementKey, type PortProgram } from '../model/program.ts';
import type { Chain, Dnat, NamedSet, Rule, Spread, Table, VerdictMap } from '../model/ruleset.ts';
import type { Elements } from '../model/transaction.ts';

/** What two states are compared of: a service port's rules, or a table without any Service; null where there are none. */
export type RuleSide = PortProgram | Table | null;

/** A rule, an element of a set or map, or a set of a service port's own: the unit in which changes are counted and shown. */
export interface RuleItem {
	/** the chain, set or map it stands in, as nft calls it: `chain cluster/shop/web/http`; empty for a set of its own */
	readonly place: string;
	/** equal for items that do the same, whatever service ports, notes and comments are called */
	readonly effect: string;
	/** equal for items that do the same, are called the same and say the same */
	readonly wording: string;
	/** with a single element, where it is one */
	readonly shown: Rule | NamedSet | Elements;
}

/**
 * The items of one side. Endpoints are a set: each is an item, the same whether it has a rule or a place in a map, and
 * whatever its number is (the draw between them moves with every endpoint that comes or leaves).
 */
export function ruleItems(side: RuleSide): readonly RuleItem[] {
	if (side === null) return [];
	if ('owner' in side) {
		const sets = [...side.setElements].map(([name, elements]) => ({ name, elements }));
		const maps = [...side.mapElements].map(([name, elements]) => ({ name, elements }));
		return [...side.sets.map(setItem), ...chainItems(side.chains), ...elementItems(sets), ...mapItems(maps)];
	}
	const sets = side.sets.map((set) => setItem({ ...set, elements: [] }));
	return [...sets, ...chainItems(side.chains), ...elementItems(side.sets), ...mapItems(side.maps)];
}

/** ROLE/NAMESPACE/SERVICE/PORT, quoted or not. Nothing else in rules has so many parts. */
const OWN_NAME = /([^"/]+)\/[^"/]+\/[^"/]+\/[^"/]+/g;

/**
 * A text without the names of service ports (`compile/names.ts`): the chain `cluster/shop/web/http` is `cluster`, the set
 * `affinity/shop/web/http/10.1.4.9.80` is `affinity/10.1.4.9.80`.
 */
export function withoutOwner(text: string): string {
	return text.includes('/') ? text.replace(OWN_NAME, '$1') : text;
}

/** Those of some items that others do not have as often. @param key what makes two items the same */
export function beyond(
	some: readonly RuleItem[],
	others: readonly RuleItem[],
	key: 'effect' | 'wording',
): readonly RuleItem[] {
	const matches = new Map<string, number>();
	for (const other of others) matches.set(other[key], (matches.get(other[key]) ?? 0) + 1);
	return some.filter((item) => {
		const left = matches.get(item[key]) ?? 0;
		matches.set(item[key], left - 1);
		return left <= 0;
	});
}

function setItem(set: NamedSet): RuleItem {
	return item('', JSON.stringify({ ...set, comment: null }), [set.name, set.comment], set);
}

function chainItems(chains: readonly Chain[]): readonly RuleItem[] {
	return chains.flatMap((chain) =>
		chain.rules.flatMap(withoutDraw).map((each) => {
			return item(`chain ${chain.name}`, effectOf(each), [each.note, chain.comment], each);
		}),
	);
}

/** What a rule does; in short for an endpoint, of which there are many. */
function effectOf({ when, then }: Rule): string {
	const [first, ...others] = then;
	const isEndpoint = first?.kind === 'dnat' && when.length + others.length === 0;
	return isEndpoint ? `${first.protocol} ${first.target}` : JSON.stringify([when, then]);
}

/** An endpoint's rule without its chance; a map of endpoints as a rule for each. */
function withoutDraw({ when, then, note }: Rule): readonly Rule[] {
	const asked = when.filter((match) => match.kind !== 'chance');
	const spread = then.find((action) => action.kind === 'spread');
	if (spread === undefined) return [rule(asked, then, note)];
	return dnats(spread).map((dnat) => {
		const actions = then.map((action) => (action === spread ? dnat : action));
		return rule(asked, actions, note);
	});
}

function dnats({ protocol, targets }: Spread): readonly Dnat[] {
	return targets.map(({ address, port }) => ({ kind: 'dnat', protocol, target: socketText(address, port) }));
}

function elementItems(sets: readonly Pick<NamedSet, 'name' | 'elements'>[]): readonly RuleItem[] {
	return sets.flatMap(({ name, elements }) =>
		elements.map((element) => {
			const shown: Elements = { kind: 'set-elements', container: name, elements: [element] };
			return item(`set ${name}`, elementKey(element), [], shown);
		}),
	);
}

function mapItems(maps: readonly Pick<VerdictMap, 'name' | 'elements'>[]): readonly RuleItem[] {
	return maps.flatMap(({ name, elements }) =>
		elements.map((element) => {
			const shown: Elements = { kind: 'map-elements', container: name, elements: [element] };
			const does = JSON.stringify([elementKey(element), element.verdict]);
			return item(`map ${name}`, does, [does, element.note], shown);
		}),
	);
}

function item(place: string, does: string, says: readonly (string | null)[], shown: RuleItem['shown']): RuleItem {
	const effect = `${withoutOwner(place)}\n${withoutOwner(does)}`;
	return { place, effect, wording: [effect, place, ...says].join('\n'), shown };
}
