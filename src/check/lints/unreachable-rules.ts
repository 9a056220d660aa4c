import type { Action, Chain, Rule } from '../../model/ruleset.ts';
import type { Lint, Linted } from './lint.ts';

/** Finds rules behind one that always ends its chain, and actions behind one that ends its rule. */
export function unreachableRules({ table }: Linted): readonly Lint[] {
	return table.chains.flatMap((chain) => [...behindRules(chain), ...behindActions(chain)]);
}

function behindRules({ name, owner, rules }: Chain): readonly Lint[] {
	const last = rules.findIndex((rule) => isCertain(rule) && rule.then.some(isFinal));
	if (last < 0 || last === rules.length - 1) return [];
	const sentence = `rule ${last + 1} of chain ${name} always ends it; no packet comes to rule ${last + 2}`;
	return [{ id: 'unreachable-rule', owner, sentence }];
}

function behindActions({ name, owner, rules }: Chain): readonly Lint[] {
	return rules.flatMap(({ then }, index) => {
		const last = then.findIndex(isFinal);
		if (last < 0 || last === then.length - 1) return [];
		const sentence = `rule ${index + 1} of chain ${name} ends with ${then[last]?.kind}, and has more actions behind it`;
		return [{ id: 'unreachable-rule', owner, sentence }];
	});
}

/** Whether a rule holds for every packet. */
function isCertain({ when }: Rule): boolean {
	return when.every((match) => match.kind === 'chance' && match.of === 1);
}

/** Whether no packet goes on in the chain after an action. A map may have no element for a packet, a jump may return. */
function isFinal({ kind }: Action): boolean {
	switch (kind) {
		case 'goto':
		case 'return':
		case 'drop':
		case 'reject':
		case 'dnat':
		case 'spread':
		case 'masquerade':
			return true;
		case 'jump':
		case 'dispatch':
		case 'mark':
		case 'unmark':
		case 'remember':
			return false;
	}
}
