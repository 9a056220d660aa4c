import { execa } from 'execa';
import { reason } from '../reason.ts';
import { SourceError } from '../source-error.ts';

/** Where git is asked. */
export interface GitPlace {
	/** of the repository, or below it */
	readonly folder: string;
	readonly environment: NodeJS.ProcessEnv;
}

/** What git answered. */
export interface GitAnswer {
	readonly done: boolean;
	readonly stdout: Buffer;
	/** the first line of what it complained of, without `fatal:` */
	readonly complaint: string;
}

const TIME_LIMIT_MS = 120_000;
/** More than that no repository has of manifests. */
const MOST_BYTES = 1 << 29;

/**
 * Runs git once, without a shell.
 * @param input its standard input
 * @throws SourceError when it cannot be run, does not end, or prints too much
 */
export async function git(args: readonly string[], place: GitPlace, input = ''): Promise<GitAnswer> {
	const ended = await execa('git', args, {
		cwd: place.folder,
		env: gitEnvironment(place.environment),
		extendEnv: false,
		input,
		encoding: 'buffer',
		stripFinalNewline: false,
		maxBuffer: MOST_BYTES,
		timeout: TIME_LIMIT_MS,
		reject: false,
	});
	if (ended.code === 'ENOENT') {
		throw new SourceError('a revision is read with git, which is not installed or not on the PATH');
	}
	if (ended.timedOut) throw new SourceError(`git ${args[0]} did not end within ${TIME_LIMIT_MS / 1000} s`);
	if (ended.isMaxBuffer) throw new SourceError(`git ${args[0]} printed more than ${MOST_BYTES >> 20} MiB`);
	if (ended.exitCode === undefined) throw new SourceError(`git ${reason(ended.cause)}`);
	const complaints = Buffer.from(ended.stderr).toString('utf8');
	return {
		done: ended.exitCode === 0,
		stdout: Buffer.from(ended.stdout),
		complaint: (complaints.split('\n')[0] ?? '').replace(/^(?:fatal|error): /, ''),
	};
}

/** What decides which files of configuration git reads. The others lead it to another repository, or make it talk. */
const KEPT = /^GIT_(?:CONFIG_\w+|CEILING_DIRECTORIES|DISCOVERY_ACROSS_FILESYSTEM|EXEC_PATH)$/;

/** Inside a hook, git's variables name the hook's repository and index; the folder is to decide instead. */
function gitEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
	const kept = Object.entries(environment).filter(([name]) => !name.startsWith('GIT_') || KEPT.test(name));
	return {
		...Object.fromEntries(kept),
		// A path is a path, whatever signs are in it; messages are in English; nothing is asked, fetched or written.
		GIT_LITERAL_PATHSPECS: '1',
		LC_ALL: 'C',
		GIT_TERMINAL_PROMPT: '0',
		GIT_NO_LAZY_FETCH: '1',
		GIT_OPTIONAL_LOCKS: '0',
	};
}
