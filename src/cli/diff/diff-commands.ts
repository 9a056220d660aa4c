import type { Commands } from '../../report/commands.ts';

/** Options that say how a report looks or where it goes, with a value or without. */
const WITH_VALUE = new Set([
	'--format',
	'--view',
	'-o',
	'--output',
	'--write',
	'--key',
	'--link-base',
	'--since-comment',
]);
const WITHOUT_VALUE = new Set(['--full', '--detailed-exitcode', '--strict', '--kernel']);

/** What the command line named. */
interface Compared {
	readonly base: string;
	readonly head: string;
	readonly cluster: string | null;
	/** all words after `diff` */
	readonly args: readonly string[];
}

/** The commands that a reader of the report may want next. */
export function commandsOf({ args, base, head, cluster }: Compared): Commands {
	return {
		again: ['nft-gen', 'diff', ...withoutOutput(args)],
		read: { base: cluster === null ? filesOf(base) : null, head: cluster === null ? filesOf(head) : null },
	};
}

function withoutOutput(args: readonly string[]): readonly string[] {
	const kept: string[] = [];
	for (let at = 0; at < args.length; at++) {
		const word = args[at] ?? '';
		if (WITH_VALUE.has(word)) at++;
		else if (!WITHOUT_VALUE.has(word) && !WITH_VALUE.has(word.replace(/=.*$/s, ''))) kept.push(word);
	}
	return kept;
}

/** Other commands read files and folders; of commits, clusters and standard input nobody can tell them. */
function filesOf(source: string): readonly string[] | null {
	return source === '-' || source.includes(':') ? null : ['-f', source];
}
