import { commentText } from '../model/comment.ts';
import type { IpFamily } from '../model/ip.ts';
import type { Action, Chain, Match, Rule } from '../model/ruleset.ts';
import type { Foreign, FoundChain } from './found.ts';
import { fewestNetworks } from './networks.ts';

// Texts that are equal exactly for rules that do the same and say the same.

/** A key for each rule of a chain that is wanted. Its comment stands on the first rule: kernels keep no other for chains. */
export function wantedRuleKeys(chain: Chain, family: IpFamily): readonly string[] {
	return chain.rules.map((rule, index) => {
		const note = rule.note ?? (index === 0 ? chain.comment : null);
		return ruleKey(rule, note === null ? null : commentText(note), family);
	});
}

/** A key for each rule of a chain that was found. */
export function foundRuleKeys(chain: FoundChain, family: IpFamily): readonly string[] {
	return chain.rules.map((rule) => ruleKey(rule, rule.note, family));
}

function ruleKey(rule: Rule | Foreign, note: string | null, family: IpFamily): string {
	let key = note === null ? '' : `${JSON.stringify(note)} `;
	if (rule.kind === 'foreign') return `${key}foreign ${rule.text}`;
	for (const match of rule.when) key += `${matchKey(match, family)};`;
	for (const action of rule.then) key += `${actionKey(action)};`;
	return key;
}

function matchKey(match: Match, family: IpFamily): string {
	switch (match.kind) {
		case 'compare':
			return valuesKey(match.field, match.negate, [match.value], family);
		case 'among':
			return valuesKey(match.field, match.negate, match.values, family);
		case 'member':
			return `${match.fields.join()}${operator(match.negate)}@${match.set}`;
		case 'interface':
			return `interface${operator(match.negate)}${JSON.stringify(match.name)}`;
		case 'local':
			return `local ${match.field}`;
		case 'marked':
			return `marked ${match.mask}`;
		case 'chance':
			return `chance ${match.of}`;
		case 'new-connection':
		case 'rewritten':
			return match.kind;
	}
}

function operator(negate: boolean): string {
	return negate ? '!=' : '=';
}

/** One value and a set of that value are the same question, and so are networks and what they can be joined to. */
function valuesKey(field: string, negate: boolean, values: readonly string[], family: IpFamily): string {
	const isAddress = field === 'saddr' || field === 'daddr';
	const networks = isAddress && values.length > 1 ? fewestNetworks(family, values) : null;
	return `${field}${operator(negate)}${(networks ?? values).join()}`;
}

function actionKey(action: Action): string {
	switch (action.kind) {
		case 'goto':
		case 'jump':
			return `${action.kind} ${action.chain}`;
		case 'dispatch':
			return `dispatch ${action.fields.join()} ${action.map}`;
		case 'dnat':
			return `dnat ${action.protocol} ${action.target}`;
		case 'spread':
			return `spread ${action.protocol} ${action.targets.map(({ index, address, port }) => `${index}=${address}.${port}`).join()}`;
		case 'mark':
		case 'unmark':
			return `${action.kind} ${action.mask}`;
		case 'remember':
			return `remember ${action.set}`;
		case 'return':
		case 'drop':
		case 'reject':
		case 'masquerade':
			return action.kind;
	}
}
