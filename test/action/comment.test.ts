import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { jsonReport } from '../../src/report/json.ts';
import { largePreview, type Preview, shopPreview } from '../support/change-sets.ts';
import { temporaryFolder } from '../support/folder.ts';
import { readLog } from './log.ts';
import { type Job, runAction, runWorkflow } from './runner.ts';
import { FORK_PULL, HEAD_SHA, PULL_REQUEST, scene, workflowRun } from './scene.ts';
import { BOT, type StandIn, standInGitHub, TOKEN } from './stand-in-github.ts';

const PREVIEW = 'docs/workflows/fork-preview.yml';
const COMMENT = 'docs/workflows/fork-comment.yml';

function reportOf({ changes, places, gates }: Preview): string {
	return jsonReport(changes, places, gates, '0.1.0');
}

/** A report of some run, as an artifact, and the job that comments on it; nothing is checked out there. */
async function artifact(
	report: string,
): Promise<{ readonly job: Job; readonly github: StandIn; readonly file: string }> {
	const folder = await temporaryFolder(onTestFinished);
	const github = await standInGitHub(onTestFinished);
	github.pulls.push(FORK_PULL);
	const file = join(folder, 'artifacts/nft-gen/diff.json');
	mkdirSync(dirname(file), { recursive: true });
	writeFileSync(file, report);
	const job = {
		workspace: folder,
		temp: folder,
		eventName: 'workflow_run',
		event: workflowRun(),
		api: github.api,
		token: TOKEN,
	};
	return { job, github, file };
}

/** The same, on a pull request that is not a fork's. */
async function ownReport(report: string) {
	const { job, file, github } = await artifact(report);
	const own = { ...job, eventName: 'pull_request', event: PULL_REQUEST };
	return { github, comment: () => runAction('comment', { 'json-path': file }, own) };
}

describe("the two workflows for forks' pull requests", () => {
	it('compare without any right, and comment without any file of the pull request', async () => {
		const { job, github } = await scene(onTestFinished);
		github.pulls.push(FORK_PULL);
		const preview = await runWorkflow(PREVIEW, { ...job, token: 'reads-only' });
		expect([preview.codes.Gate, github.requests, preview.summary.includes('service-blackholed')]).toEqual([
			3,
			[],
			true,
		]);
		const empty = await temporaryFolder(onTestFinished);
		const comment = await runWorkflow(COMMENT, {
			...job,
			workspace: empty,
			eventName: 'workflow_run',
			event: workflowRun(),
		});
		expect([comment.failed, readLog(comment.log).commands]).toEqual([false, []]);
		expect(github.comments.map(({ body }) => body.split('\n')[1])).toEqual([
			'### ❌ nft-gen: 1 error, 2 warnings, 1 failed gate',
		]);
		expect(github.requests).toEqual([
			'GET /pulls?state=open&per_page=100&head=stranger%3Achange',
			'GET /user',
			'GET /issues/7/comments?per_page=100&page=1',
			'POST /issues/7/comments',
		]);
	});

	it.each([
		[
			'was pushed to since',
			[{ ...FORK_PULL, head: { ...FORK_PULL.head, sha: '0'.repeat(40) } }],
			{},
			/pushed to since/,
		],
		['was closed', [], {}, /it was closed/],
		['is one of two', [FORK_PULL, { ...FORK_PULL, number: 8 }], {}, /several open pull requests/],
		['has lost its fork', [FORK_PULL], { head_repository: null }, /the branch that ran is gone/],
	])('write nothing where the pull request %s', async (_what, pulls, run, why) => {
		const { job, github } = await artifact(reportOf(shopPreview()));
		github.pulls.splice(0, 1, ...pulls);
		const { failed, log } = await runWorkflow(COMMENT, { ...job, event: workflowRun(run) });
		expect([failed, github.comments]).toEqual([false, []]);
		expect(readLog(log).commands).toEqual([expect.stringMatching(why)]);
	});

	it('do nothing after a run that no pull request started', async () => {
		const { job, github } = await artifact(reportOf(shopPreview()));
		await runWorkflow(COMMENT, { ...job, event: workflowRun({ event: 'push' }) });
		expect(github.requests).toEqual([]);
		const { log } = await runAction('comment', { 'json-path': 'x' }, { ...job, event: workflowRun({ event: 'push' }) });
		expect(log).toContain('no comment');
	});

	it('take the number of the pull request from GitHub, and none from the artifact', async () => {
		const report = JSON.stringify({ ...JSON.parse(reportOf(shopPreview())), number: 1, pull_request: { number: 1 } });
		const { job, github } = await artifact(report);
		await runWorkflow(COMMENT, job);
		expect(github.requests.at(-1)).toBe('POST /issues/7/comments');
	});

	it.each([
		['is no report', '{}', /cannot be used: it is not what "nft-gen schema diff" describes/],
		['is no JSON', '::add-mask::x\n', /cannot be used: it is no JSON/],
		['is too large', ' '.repeat(64 * 1024 * 1024 + 1), /is no file of at most 64 MiB/],
	])('refuse an artifact that %s', async (_what, report, why) => {
		const { job, github } = await artifact(report);
		const { failed, log } = await runWorkflow(COMMENT, job);
		expect([failed, github.requests]).toEqual([true, []]);
		expect(readLog(log).commands).toEqual([expect.stringMatching(why)]);
	});

	it('refuse an artifact that is a link to a file of the runner', async () => {
		const { job, github, file } = await artifact('');
		rmSync(file);
		symlinkSync('/etc/hostname', file);
		const { failed, log } = await runWorkflow(COMMENT, job);
		expect([failed, github.requests]).toEqual([true, []]);
		expect(log).toContain('is no file of at most 64 MiB');
	});
});

describe('a comment', () => {
	it('fits what GitHub takes, whatever was found', async () => {
		const { github, comment } = await ownReport(reportOf(largePreview({ errors: 3000, warnings: 3000, infos: 3000 })));
		const { failed } = await comment();
		expect([failed, github.comments.length]).toEqual([false, 1]);
		expect([...(github.comments[0]?.body ?? '')].length).toBeLessThanOrEqual(65_536);
	});

	it('is found among many others', async () => {
		const { github, comment } = await ownReport(reportOf(shopPreview()));
		await comment();
		github.comments.unshift(...Array.from({ length: 230 }, (_, id) => ({ id, body: 'x', user: BOT })));
		const { failed } = await comment();
		expect([failed, github.comments.length]).toEqual([false, 231]);
		expect(github.requests.at(-1)).toBe('PATCH /issues/comments/1000');
	});

	it('is left as it is where it says the same', async () => {
		const { github, comment } = await ownReport(reportOf(shopPreview()));
		for (const _time of [1, 2, 3]) await comment();
		expect(github.requests.filter((each) => !each.startsWith('GET'))).toEqual([
			'POST /issues/7/comments',
			'PATCH /issues/comments/1000',
		]);
		expect(github.comments[0]?.body).toContain('No new error or warning since last push.');
	});

	it('is not written twice where the answer was lost', async () => {
		const { github, comment } = await ownReport(reportOf(shopPreview()));
		github.faults.push({ method: 'POST', status: 502, done: true });
		const { failed } = await comment();
		expect([failed, github.comments.length]).toEqual([false, 1]);
	});

	it('is written anew where somebody deleted it meanwhile', async () => {
		const { github, comment } = await ownReport(reportOf(shopPreview()));
		await comment();
		github.faults.push({ method: 'PATCH', status: 404, message: 'Not Found' });
		const { failed } = await comment();
		expect([failed, github.comments.length]).toEqual([false, 1]);
		expect(github.requests.filter((each) => each.startsWith('PATCH'))).toHaveLength(2);
	});

	it.each([
		[
			'asked too often',
			{ status: 403, headers: { 'retry-after': '0' }, message: 'You have exceeded a secondary rate limit' },
		],
		['busy', { status: 429, headers: { 'retry-after': '0' }, message: 'Too many requests' }],
	])('comes later where GitHub was %s', async (_what, fault) => {
		const { github, comment } = await ownReport(reportOf(shopPreview()));
		github.faults.push({ method: 'POST', ...fault }, { method: 'GET', ...fault });
		const { failed, log } = await comment();
		expect([failed, github.comments.length, readLog(log).commands]).toEqual([false, 1, []]);
	});

	it('needs a token that is one', async () => {
		const { job, file, github } = await artifact(reportOf(shopPreview()));
		const ended = async (token: string) => {
			const { failed, log } = await runAction('comment', { 'json-path': file, token }, job);
			return [failed, ...readLog(log).commands];
		};
		expect([await ended(''), await ended('ghp_expired')]).toMatchInlineSnapshot(`
			[
			  [
			    false,
			    "::notice title=nft-gen%3A comment::no comment: there is no token; the report is in the summary of the job",
			  ],
			  [
			    true,
			    "::warning title=nft-gen%3A comment::no comment: GitHub answered 401 to GET /repos/shop/deploy/pulls: Bad credentials",
			  ],
			]
		`);
		expect(github.comments).toEqual([]);
	});

	it('names the commit whose lines it links to', async () => {
		const { github, comment } = await ownReport(reportOf(shopPreview()));
		await comment();
		expect(github.comments[0]?.body).toContain(`https://github.com/shop/deploy/blob/${HEAD_SHA}/deploy/web.yaml#L14`);
	});
});
