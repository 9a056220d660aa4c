import type { Command } from 'commander';
import { CommandError, EXIT } from './exit.ts';
import { writeResult } from './output.ts';
import type { Perform, World } from './world.ts';

const HELP = `
git calls this for files of rules, where a repository holds rendered ones, and shows what differs as rules: moved lines and the
numbers of a draw between endpoints are left out.

  echo '*.nft diff=nft-gen' >> .gitattributes
  git config diff.nft-gen.command 'nft-gen git-diff-driver'
`;

/** Adds the command `git-diff-driver` to the program. */
export function addGitDiffDriver(program: Command, perform: Perform): void {
	program
		.command('git-diff-driver')
		.description('Show what differs between two files of rules, as an external diff of git.')
		.argument(
			'<words...>',
			'what git passes: PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE, and more for a renamed file',
		)
		.addHelpText('after', HELP)
		.action((words: readonly string[]) => perform((world) => gitDiffDriver(words, world)));
}

/**
 * `nft-gen git-diff-driver`, as git calls it (gitdocs "GIT_EXTERNAL_DIFF").
 * @returns 0, whatever differs: git gives up at anything else
 * @throws CommandError when a file cannot be read, or somebody else calls it
 */
async function gitDiffDriver(words: readonly string[], { stdout }: World): Promise<number> {
	const [path = '', oldFile, , , newFile, , , newPath = path] = words;
	// Loaded here only: other commands do without.
	const { plain } = await import('../report/escape.ts');
	if (words.length === 1) {
		await writeResult(null, `* Unmerged path ${plain(path)}\n`, stdout);
		return EXIT.done;
	}
	if (oldFile === undefined || newFile === undefined || words.length < 7) {
		throw new CommandError('git-diff-driver is called by git, with seven words or nine', EXIT.usage);
	}
	const { rulesetTextDiff } = await import('../text-diff/text-diff.ts');
	const lines = rulesetTextDiff(await read(oldFile), await read(newFile));
	const names = [oldFile === NOTHING ? NOTHING : `a/${path}`, newFile === NOTHING ? NOTHING : `b/${newPath}`];
	const text = [
		`diff --nft-gen ${names.join(' ')}`,
		`--- ${names[0]}`,
		`+++ ${names[1]}`,
		...(lines.length === 0 ? [' nothing differs but the order of lines and the numbers of draws'] : lines),
	];
	await writeResult(null, text.map((line) => `${plain(line)}\n`).join(''), stdout);
	return EXIT.done;
}

/** What git passes for a file that is not there. */
const NOTHING = '/dev/null';

async function read(file: string): Promise<string> {
	if (file === NOTHING) return '';
	const { readText } = await import('../host/text-file.ts');
	const { reason } = await import('../host/reason.ts');
	return readText(file).catch((cause: unknown) => {
		throw new CommandError(`${file} ${reason(cause)}`, EXIT.failed, { cause });
	});
}
