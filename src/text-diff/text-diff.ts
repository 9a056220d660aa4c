import { type Block, blocksOf } from './blocks.ts';

/**
 * What differs between two files of rules, as unified text with a hunk for each chain, set or map: what leaves (`-`), what comes (`+`).
 * What only moved is not shown, but where the order of rules has a meaning.
 * @returns lines; none where nothing differs but order and numbers
 */
export function rulesetTextDiff(before: string, after: string): readonly string[] {
	const old = blocksOf(before);
	const now = blocksOf(after);
	// In the order of the new file; what it has no more comes last.
	return [...new Set([...now.keys(), ...old.keys()])].flatMap((name) => hunk(name, old.get(name), now.get(name)));
}

function hunk(name: string, before: Block | undefined, after: Block | undefined): readonly string[] {
	const [old, now] = [before?.lines ?? [], after?.lines ?? []];
	const removed = without(old, now);
	const added = without(now, old);
	const header = `@@ ${name === '' ? 'the file' : name} @@`;
	if (removed.length + added.length > 0) return [header, ...signed('-', removed), ...signed('+', added)];
	const isMoved = /(?:^| )chain \S+$/.test(name) && old.join('\n') !== now.join('\n');
	return isMoved ? [header, ' the rules are in another order', ...signed('-', old), ...signed('+', now)] : [];
}

function signed(sign: string, lines: readonly string[]): readonly string[] {
	return lines.map((line) => `${sign}${line}`);
}

/** The lines that others have not, each as often as it is more. */
function without(lines: readonly string[], others: readonly string[]): readonly string[] {
	const counts = new Map<string, number>();
	for (const line of others) counts.set(line, (counts.get(line) ?? 0) + 1);
	return lines.filter((line) => {
		const count = counts.get(line) ?? 0;
		counts.set(line, count - 1);
		return count <= 0;
	});
}
