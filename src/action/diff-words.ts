import type { ChangeSet, Side } from '../model/change-set.ts';
import type { Commands } from '../report/commands.ts';
import type { ActionInputs } from './inputs.ts';

/** Where the comparison writes what the Action goes on with. */
export interface ReportFiles {
	readonly json: string;
	/** null where nobody wants it */
	readonly sarif: string | null;
}

/** The comparison as words after `nft-gen`: text for the log, and files, all of one run. */
export function diffWords(inputs: ActionInputs, { json, sarif }: ReportFiles): readonly string[] {
	return [
		'diff',
		...[inputs.base, inputs.head].filter((side) => side !== ''),
		...option('--cluster', inputs.cluster),
		...option('--config', inputs.config),
		...option('--target', inputs.target),
		...option('--fail-on', inputs.failOn),
		...inputs.onlyAffects.flatMap((scope) => ['--only-affects', scope]),
		...option('--ignore', inputs.ignore),
		...option('--max-removed-percent', inputs.maxRemovedPercent),
		...inputs.args,
		'--write',
		`json=${json}`,
		...(sarif === null ? [] : ['--write', `sarif=${sarif}`]),
	];
}

function option(name: string, value: string): readonly string[] {
	return value === '' ? [] : [name, value];
}

/**
 * The command by which a reader of the comment gets the same on his own machine, where a pull request's HEAD^1 is another
 * commit: commits are named in full. Gates do not matter to what is found.
 */
export function commandsFor({ base, head }: ChangeSet, { cluster, target, args }: ActionInputs): Commands {
	const options = [...option('--cluster', cluster), ...option('--target', target), ...args];
	const again = ['nft-gen', 'diff', sideWord(base), sideWord(head), ...options];
	return { again, read: { base: null, head: null } };
}

/** A source that begins as an option would was never given on a command line. */
function sideWord({ source, commit }: Side): string {
	const path = /^(?:git:)?[^:]*:(.*)$/s.exec(source)?.[1];
	if (commit !== null && path !== undefined) return `${commit}:${path}`;
	return source.startsWith('-') && source !== '-' ? `./${source}` : source;
}
