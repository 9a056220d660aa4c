import { randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotations } from '../../action/annotations.ts';
import { commandsFor, diffWords } from '../../action/diff-words.ts';
import { type ActionInputs, type Environment, readInputs } from '../../action/inputs.ts';
import { outputText, workflowCommand } from '../../action/workflow-command.ts';
import { runOwnProgram } from '../../host/own-program.ts';
import { readText } from '../../host/text-file.ts';
import { withSeverity } from '../../report/counts.ts';
import { type Budget, GITHUB_BUDGET, markdownReport } from '../../report/markdown.ts';
import { type ReadReport, readJsonReport } from '../../report/read-json.ts';
import { isUnchanged } from '../../report/verdict.ts';
import { CommandError, EXIT } from '../exit.ts';
import { writeResult } from '../output.ts';
import type { World } from '../world.ts';
import { linkBaseOf, targetIn } from './action-world.ts';

/**
 * `nft-gen action preview`: compares once and makes everything of it that needs no token. A gate that failed fails a later step,
 * when all is reported; here its exit code is an output.
 * @returns 0 where the outputs say how it ended
 * @throws CommandError where it runs in no workflow
 */
export async function actionPreview(world: World, environment: Environment): Promise<number> {
	const say = (line: string) => writeResult(null, `${line}\n`, world.stdout);
	const inputs = readInputs(environment);
	if ('wrong' in inputs) {
		await say(workflowCommand('error', inputs.wrong, { title: 'nft-gen' }));
		await writeOutputs({ 'exit-code': String(EXIT.usage) }, environment);
		return EXIT.done;
	}
	const folder = await mkdtemp(join(environment.RUNNER_TEMP ?? tmpdir(), 'nft-gen-'));
	const files = { json: join(folder, 'diff.json'), sarif: inputs.sarif ? join(folder, 'diff.sarif') : null };
	const code = await compared(diffWords(inputs, files), say, environment);
	const text = await readText(files.json).catch(() => null);
	const report = text === null ? { wrong: 'there is none; the log says why' } : readJsonReport(text);
	if ('wrong' in report) {
		const sentence = `the report of nft-gen diff, which ended with exit code ${code}, cannot be used: ${report.wrong}`;
		await say(workflowCommand('error', sentence, { title: 'nft-gen' }));
		await writeOutputs({ 'exit-code': String(code === EXIT.done ? EXIT.failed : code) }, environment);
		return EXIT.done;
	}
	if (inputs.annotations) for (const line of annotations(report)) await say(line);
	const markdown = join(folder, 'comment.md');
	await writeFile(markdown, await markdownOf(report, inputs, GITHUB_BUDGET, environment));
	if (inputs.summary) await writeSummary(report, inputs, environment);
	await writeOutputs(
		{
			'exit-code': String(code),
			...countsOf(report),
			'json-path': files.json,
			'markdown-path': markdown,
			'sarif-path': files.sarif ?? '',
		},
		environment,
	);
	return EXIT.done;
}

/**
 * What is printed has names from the pull request in it, and the runner takes lines that begin with `::` for commands, until
 * somebody says a word that nobody can have guessed.
 */
async function compared(
	words: readonly string[],
	say: (line: string) => Promise<void>,
	{ INPUT_TOKEN: _secret, ...environment }: Environment,
): Promise<number> {
	const word = randomUUID();
	await say(`::stop-commands::${word}`);
	const code = await runOwnProgram(words, environment);
	await say(`::${word}::`);
	return code;
}

function countsOf({ changes }: ReadReport) {
	return {
		'has-changes': String(!isUnchanged(changes)),
		errors: String(withSeverity(changes.findings, 'error').length),
		warnings: String(withSeverity(changes.findings, 'warn').length),
		digest: changes.head.digest,
	};
}

async function markdownOf(
	{ changes, places, gates }: ReadReport,
	inputs: ActionInputs,
	budget: Budget,
	environment: Environment,
): Promise<string> {
	return markdownReport(changes, places, gates, {
		commands: commandsFor(changes, inputs),
		key: inputs.key,
		linkBase: linkBaseOf(await targetIn(environment), environment),
		previous: null,
		budget,
	});
}

/** Somewhat below what GitHub takes of a step: 1 MiB. */
const MOST_SUMMARY_BYTES = 900 * 1024;

async function writeSummary(report: ReadReport, inputs: ActionInputs, environment: Environment): Promise<void> {
	const file = environment.GITHUB_STEP_SUMMARY ?? '';
	if (file === '') return;
	const { size } = await stat(file).catch(() => ({ size: 0 }));
	const bytes = MOST_SUMMARY_BYTES - size;
	const text = await markdownOf(report, inputs, { characters: bytes, bytes }, environment);
	await appendFile(file, `${size === 0 ? '' : '\n'}${text}`);
}

async function writeOutputs(outputs: Readonly<Record<string, string>>, environment: Environment): Promise<void> {
	const file = environment.GITHUB_OUTPUT ?? '';
	if (file === '') throw new CommandError('GITHUB_OUTPUT is not set: this is a step of a GitHub workflow', EXIT.usage);
	const delimiter = `nft-gen-${randomUUID()}`;
	const texts = Object.entries(outputs).map(([name, value]) => outputText(name, value, delimiter));
	await appendFile(file, texts.join(''));
}
