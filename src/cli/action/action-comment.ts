import { commentStep, ownComment } from '../../action/comment.ts';
import { commandsFor } from '../../action/diff-words.ts';
import { type ActionInputs, type Environment, readInputs } from '../../action/inputs.ts';
import { pullOf, type Target } from '../../action/target.ts';
import { workflowCommand } from '../../action/workflow-command.ts';
import { type GitHub, GitHubError, gitHub } from '../../host/github/github.ts';
import { reason } from '../../host/reason.ts';
import { readUpTo } from '../../host/text-file.ts';
import { shown } from '../../model/names.ts';
import { commentMarker } from '../../report/comment-data.ts';
import { GITHUB_BUDGET, markdownReport } from '../../report/markdown.ts';
import { type ReadReport, readJsonReport } from '../../report/read-json.ts';
import { isUnchanged } from '../../report/verdict.ts';
import { EXIT } from '../exit.ts';
import { writeResult } from '../output.ts';
import type { World } from '../world.ts';
import { linkBaseOf, targetIn } from './action-world.ts';

/**
 * `nft-gen action comment`: makes the comment of the JSON report, which may come from a stranger's run, and puts it in the place
 * of the earlier one. Where the token may not, it says so and is content.
 * @returns 1 where the report cannot be used or GitHub has trouble
 */
export async function actionComment(world: World, environment: Environment): Promise<number> {
	const tell = (kind: 'error' | 'warning' | 'notice', sentence: string) =>
		writeResult(null, `${workflowCommand(kind, sentence, { title: 'nft-gen: comment' })}\n`, world.stdout);
	const inputs = readInputs(environment);
	if ('wrong' in inputs) {
		await tell('error', inputs.wrong);
		return EXIT.usage;
	}
	const report = await readReport(environment.INPUT_JSON_PATH ?? '');
	if ('wrong' in report) {
		await tell('error', `no comment: ${report.wrong}`);
		return EXIT.failed;
	}
	const token = (environment.INPUT_TOKEN ?? '').trim();
	if (token === '') {
		await tell('notice', 'no comment: there is no token; the report is in the summary of the job');
		return EXIT.done;
	}
	const client = gitHub({
		api: environment.GITHUB_API_URL ?? 'https://api.github.com',
		repository: environment.GITHUB_REPOSITORY ?? '',
		token,
	});
	try {
		const target = await targetIn(environment);
		const number = await pullNumber(target, client);
		if (typeof number === 'number') await publish(number, target, report, inputs, client, environment);
		else await tell('notice', `no comment: ${number.why}`);
		return EXIT.done;
	} catch (error) {
		if (!(error instanceof GitHubError)) throw error;
		const mayNot = error.status === 403 || error.status === 404;
		await tell(
			mayNot ? 'notice' : 'warning',
			mayNot ? `${MAY_NOT} (${error.message})` : `no comment: ${error.message}`,
		);
		return mayNot ? EXIT.done : EXIT.failed;
	}
}

const MAY_NOT =
	'no comment: the token may not write one, as that of a pull request from a fork; the report is in the summary of the job,' +
	' and docs/github-action.md has a second workflow that may';

/** A large cluster's report has some megabytes. */
const MOST_REPORT_BYTES = 64 * 1024 * 1024;

async function readReport(file: string): Promise<ReadReport | { readonly wrong: string }> {
	try {
		const text = await readUpTo(file, MOST_REPORT_BYTES);
		if (text === null)
			return { wrong: `the report ${shown(file)} is no file of at most ${MOST_REPORT_BYTES >> 20} MiB` };
		const report = readJsonReport(text);
		return 'wrong' in report ? { wrong: `the report ${shown(file)} cannot be used: ${report.wrong}` } : report;
	} catch (cause) {
		return { wrong: `the report ${shown(file)} ${reason(cause)}` };
	}
}

async function pullNumber(target: Target, client: GitHub): Promise<number | { readonly why: string }> {
	switch (target.kind) {
		case 'none':
			return { why: target.why };
		case 'pull-request':
			return target.number;
		case 'branch':
			return pullOf(await client.openPulls(target.head), target.headSha);
	}
}

const MOST_TRIES = 3;

/** Begins anew where an answer was lost, or somebody deleted the comment meanwhile: what is there then decides. */
async function publish(
	pull: number,
	target: Target,
	report: ReadReport,
	inputs: ActionInputs,
	client: GitHub,
	environment: Environment,
): Promise<void> {
	const viewer = await client.viewer();
	for (let tries = 1; ; tries++) {
		const existing = ownComment(await client.comments(pull), commentMarker(inputs.key), viewer);
		const body = markdownReport(report.changes, report.places, report.gates, {
			commands: commandsFor(report.changes, inputs),
			key: inputs.key,
			linkBase: linkBaseOf(target, environment),
			previous: existing?.body ?? null,
			budget: GITHUB_BUDGET,
		});
		const step = commentStep(inputs.comment, isUnchanged(report.changes), existing, body);
		try {
			if (step.kind === 'create') await client.createComment(pull, body);
			else if (step.kind === 'update') await client.updateComment(step.id, body);
			return;
		} catch (error) {
			const isGone = step.kind === 'update' && statusOf(error) === 404;
			const isLost = step.kind === 'create' && (statusOf(error) ?? 500) >= 500;
			if (!(error instanceof GitHubError) || !(isGone || isLost) || tries === MOST_TRIES) throw error;
		}
	}
}

function statusOf(error: unknown): number | null {
	return error instanceof GitHubError ? error.status : 0;
}
