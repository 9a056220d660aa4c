import type { Ruleset } from '../model/ruleset.ts';
import type { Transaction } from '../model/transaction.ts';
import { checkedText } from './checked-text.ts';
import type { Show } from './templates.ts';

/**
 * The text of a ruleset, as `nft -f` takes it: replacing its tables in one transaction.
 * @throws TemplateError when a template fails or lets a control character through
 */
export function render(ruleset: Ruleset, show: Show): string {
	const tables = ruleset.tables.map((table) => show(table, table.family));
	const page = { kind: 'ruleset', node: ruleset.node, zone: ruleset.zone, tables };
	return finished(show(page, 'ip'));
}

/**
 * The text of a transaction, as `nft -f` takes it; empty where it does nothing. The texts of several are one transaction
 * when they are given to nft as one file.
 * @throws TemplateError as render does
 */
export function renderTransaction(each: Transaction, show: Show): string {
	const declares = each.addedSets.length + each.addedMaps.length + each.chains.length > 0;
	const page = { ...each, declares };
	const shown = show(page, each.family);
	return shown === '' ? '' : finished(shown);
}

function finished(shown: string): string {
	return checkedText(shown.endsWith('\n') ? shown : `${shown}\n`);
}
