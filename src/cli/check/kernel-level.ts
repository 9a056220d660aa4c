import { listTable } from '../../host/nft/nft.ts';
import { loadRuleset } from '../../host/sandbox/load-ruleset.ts';
import { type Namespace, openNamespace } from '../../host/sandbox/namespace.ts';
import type { Ruleset, Table } from '../../model/ruleset.ts';
import { loadableOf } from '../../proof/loadable.ts';
import { type Difference, differences } from '../../readback/differences.ts';
import { readTable } from '../../readback/read-table.ts';
import type { Show } from '../../render/templates.ts';

/** What the kernel makes of one node's ruleset. */
export interface KernelResult {
	readonly node: string;
	/** one sentence each, none where the kernel holds what was rendered */
	readonly problems: readonly string[];
}

/** Whether rulesets could be loaded at all, and what came of it. */
export type KernelLevel =
	| { readonly kind: 'run'; readonly results: readonly KernelResult[] }
	| { readonly kind: 'skipped'; readonly why: string };

/**
 * Loads each ruleset into a namespace of its own, lists it back, and compares what the kernel holds with what was rendered.
 * It needs no root where user namespaces are allowed, and changes nothing of this machine's own tables.
 */
export async function kernelLevel(rulesets: readonly Ruleset[], show: Show): Promise<KernelLevel> {
	const results: KernelResult[] = [];
	for (const ruleset of rulesets) {
		const namespace = await openNamespace();
		if ('why' in namespace) return { kind: 'skipped', why: namespace.why };
		try {
			const found = await problemsOf(ruleset, namespace, show);
			if ('why' in found) return { kind: 'skipped', why: found.why };
			results.push({ node: ruleset.node, problems: found });
		} finally {
			await namespace.prober.stop();
		}
	}
	return { kind: 'run', results };
}

async function problemsOf(
	ruleset: Ruleset,
	{ nft }: Namespace,
	show: Show,
): Promise<readonly string[] | { readonly why: string }> {
	try {
		const obstacle = await loadRuleset(loadableOf(ruleset, show), nft);
		if (obstacle !== null) return obstacle;
	} catch (error) {
		return [error instanceof Error ? error.message : String(error)];
	}
	const problems: string[] = [];
	for (const table of ruleset.tables) problems.push(...(await tableProblems(table, nft)));
	return problems;
}

async function tableProblems(table: Table, nft: Namespace['nft']): Promise<readonly string[]> {
	const name = `table ${table.family} ${table.name}`;
	const listing = await listTable(table.family, table.name, nft);
	if (listing.kind !== 'listed') return [`${name} cannot be listed: nft says ${listing.kind}`];
	const found = readTable(listing.json);
	if ('unreadable' in found) return [`${name} cannot be read back: ${found.unreadable}`];
	return differences(found, table).map((each) => `${name}: ${differenceText(each)}`);
}

function differenceText(difference: Difference): string {
	switch (difference.kind) {
		case 'missing':
			return `${difference.what} ${difference.name} is missing in the kernel`;
		case 'extra':
			return `${difference.what} ${difference.name} is in the kernel and not in the ruleset`;
		case 'remade':
			return `${difference.what} ${difference.name} is of another make in the kernel`;
		case 'rules':
			return `chain ${difference.chain} has other rules in the kernel, from rule ${difference.first + 1} on`;
		case 'elements': {
			const { what, name, missing, extra, changed } = difference;
			return `${what} ${name} has other elements in the kernel: ${missing.length} missing, ${extra.length} too much, ${changed.length} changed`;
		}
	}
}
