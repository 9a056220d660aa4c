import { readFileSync } from 'node:fs';
import { describe, expect, it, onTestFinished } from 'vitest';
import { diffFormat } from '../../src/report/json-format.ts';
import { AFTER, BEFORE } from '../support/pull-request.ts';
import { readLog } from './log.ts';
import { actionFile, runAction, runWorkflow } from './runner.ts';
import { scene } from './scene.ts';
import { BOT, TOKEN } from './stand-in-github.ts';

const WORKFLOW = 'docs/workflows/preview.yml';
const SIDES = { base: 'HEAD^1:deploy', head: 'deploy', cluster: 'cluster.json.gz' };

describe('the workflow of fifteen lines', () => {
	it('comments, annotates, sums up, and then fails for the error', async () => {
		const { job, github } = await scene(onTestFinished);
		const { failed, codes, log, summary } = await runWorkflow(WORKFLOW, job);
		expect([failed, codes.Compare, codes.Comment, codes.Gate]).toEqual([true, 0, 0, 3]);
		expect(readLog(log).commands).toMatchInlineSnapshot(`
			[
			  "::error title=nft-gen%3A gate::--fail-on error failed: there is 1 error",
			  "::error file=deploy/web.yaml,line=8,col=10,title=nft-gen%3A service-blackholed::shop/web:http: no endpoint is left; clients are refused (spec.selector.app: web → webb); the selector app=webb matches none of 14 Pods in shop; did you mean app=web?",
			  "::warning file=deploy/admin.yaml,line=7,col=9,title=nft-gen%3A newly-exposed-nodeport::shop/admin:http: every node leads to it at NodePort ‹nodePort of shop/admin:http› (spec.type: ClusterIP → NodePort); whoever reaches a node reaches it now; source ranges do not hold for NodePorts",
			  "::warning file=deploy/edge.yaml,line=8,col=26,title=nft-gen%3A client-ip-hidden::shop/edge:http: the endpoints see a node's address instead of the client's (spec.externalTrafficPolicy: Local → Cluster); logs, rate limits and allow-lists of the endpoints see a node's address now; externalTrafficPolicy: Local keeps the client's",
			]
		`);
		expect(github.comments.map(({ body }) => body.split('\n').slice(0, 3))).toMatchInlineSnapshot(`
			[
			  [
			    "<!-- nft-gen:diff v1 key= -->",
			    "### ❌ nft-gen: 1 error, 2 warnings, 1 failed gate",
			    "",
			  ],
			]
		`);
		expect(github.comments[0]?.body).toMatch(
			/reproduce: `nft-gen diff [0-9a-f]{40}:deploy deploy --cluster cluster\.json\.gz`/,
		);
		expect(github.comments[0]?.body).toContain('https://github.com/shop/deploy/blob/8d02e1a');
		expect(summary).toContain('service-blackholed');
		expect(log).not.toContain(TOKEN);
	});

	it('has no more than fifteen lines', () => {
		expect(readFileSync(WORKFLOW, 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(15);
	});

	it('replaces its comment at the next push, and says what is new', async () => {
		const { job, github, push } = await scene(onTestFinished);
		await runWorkflow(WORKFLOW, job);
		push({ 'deploy/web.yaml': BEFORE['deploy/web.yaml'] ?? '' });
		const { failed, codes } = await runWorkflow(WORKFLOW, job);
		expect([failed, codes.Gate, github.comments.length]).toEqual([false, 0, 1]);
		expect(github.comments[0]?.body).toContain('Resolved: 1 error.');
		push(BEFORE);
		await runWorkflow(WORKFLOW, job);
		expect(github.comments.map(({ body }) => body.split('\n')[1])).toEqual(['### ✅ nft-gen: no change']);
	});

	it('says nothing about a pull request that changes nothing', async () => {
		const { job, github, push } = await scene(onTestFinished);
		push(BEFORE);
		const { failed, log } = await runWorkflow(WORKFLOW, job);
		expect([failed, github.comments, readLog(log).commands]).toEqual([false, [], []]);
		expect(github.requests.filter((each) => !each.startsWith('GET'))).toEqual([]);
	});

	it('does without the comment where a fork may only read', async () => {
		const { job, github } = await scene(onTestFinished);
		github.faults.push({ method: 'POST', status: 403, message: 'Resource not accessible by integration' });
		const { codes, log, summary } = await runWorkflow(WORKFLOW, job);
		expect([codes.Comment, codes.Gate]).toEqual([0, 3]);
		expect(readLog(log).commands.at(-1)).toMatchInlineSnapshot(
			`"::notice title=nft-gen%3A comment::no comment: the token may not write one, as that of a pull request from a fork; the report is in the summary of the job, and docs/github-action.md has a second workflow that may (GitHub answered 403 to POST /repos/shop/deploy/issues/7/comments: Resource not accessible by integration)"`,
		);
		expect(summary).toContain('service-blackholed');
	});

	it('does not fail for trouble that GitHub has', async () => {
		const { job, github, push } = await scene(onTestFinished);
		push({ 'deploy/web.yaml': BEFORE['deploy/web.yaml'] ?? '' });
		const trouble = { method: 'GET', status: 503, headers: { 'retry-after': '0' }, message: 'Unavailable' };
		github.faults.push(...Array.from({ length: 4 }, () => trouble));
		const { failed, codes, log } = await runWorkflow(WORKFLOW, job);
		expect([failed, codes.Comment]).toEqual([false, 1]);
		expect(readLog(log).commands.at(-1)).toBe(
			'::warning title=nft-gen%3A comment::no comment: GitHub answered 503 to GET /user: Unavailable',
		);
	});
});

describe('the Action', () => {
	it('gives what it found as outputs and files', async () => {
		const { job } = await scene(onTestFinished);
		const { outputs } = await runAction('', { ...SIDES, comment: 'never', sarif: true }, job);
		const { 'json-path': json = '', 'markdown-path': markdown = '', 'sarif-path': sarif = '', ...rest } = outputs;
		expect(rest).toEqual({
			'exit-code': '0',
			'has-changes': 'true',
			errors: '1',
			warnings: '2',
			digest: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
		});
		expect(diffFormat.parse(JSON.parse(readFileSync(json, 'utf8'))).summary.error).toBe(1);
		expect(readFileSync(markdown, 'utf8')).toMatch(
			/^<!-- nft-gen:diff v1 key= -->\n### ❌ nft-gen: 1 error, 2 warnings\n/,
		);
		expect(readFileSync(sarif, 'utf8')).toContain('"partialFingerprints"');
	});

	it('G7: exposes every exit code, and fails for those that are failures', async () => {
		const { job } = await scene(onTestFinished);
		const ended = async (inputs: object) => {
			const { failed, codes, outputs } = await runAction('', { ...SIDES, comment: 'never', ...inputs }, job);
			return [failed, outputs['exit-code'], codes.Gate];
		};
		expect(await ended({ args: '--detailed-exitcode' })).toEqual([false, '2', 0]);
		expect(await ended({ 'only-affects': 'shop/web shop/admin' })).toEqual([true, '3', 3]);
		expect(await ended({ cluster: '', args: '--strict' })).toEqual([true, '4', 4]);
		expect(await ended({ base: 'nowhere:deploy' })).toEqual([true, '1', 1]);
		expect(await ended({ 'fail-on': 'errors' })).toEqual([true, '64', 64]);
		expect(await ended({ summary: 'maybe' })).toEqual([true, '64', 64]);
		expect(await ended({ head: '' })).toEqual([true, '64', 64]);
		expect(await ended({ base: '--output=/tmp/x' })).toEqual([true, '64', 64]);
	});

	it('compares one target of a configuration, and says so where there are several', async () => {
		const { job, github, push } = await scene(onTestFinished);
		const target = (name: string) => ({ name, path: 'deploy', cluster: 'cluster.json.gz' });
		push({ 'nft-gen.yaml': JSON.stringify({ targets: [target('prod'), target('test')] }) });
		const one = await runAction('', { base: 'HEAD^1:deploy', head: 'deploy', target: 'prod' }, job);
		expect([one.outputs['exit-code'], one.outputs.errors, github.comments[0]?.body.split('\n')[0]]).toEqual([
			'0',
			'1',
			'<!-- nft-gen:diff v1 key=prod -->',
		]);
		const all = await runAction('', { args: '--base HEAD^1' }, job);
		expect(readLog(all.log).commands).toMatchInlineSnapshot(`
			[
			  "::error title=nft-gen::the report of nft-gen diff, which ended with exit code 0, cannot be used: it is of several targets, of which one has to be named",
			]
		`);
	});

	it('leaves out what is switched off', async () => {
		const { job, github } = await scene(onTestFinished);
		const inputs = { ...SIDES, comment: 'never', summary: false, annotations: false };
		const { summary, log } = await runAction('', inputs, job);
		expect([summary, readLog(log).commands, github.requests]).toEqual(['', [], []]);
	});

	it('always comments where it is asked to, under its own key', async () => {
		const { job, github, push } = await scene(onTestFinished);
		push(BEFORE);
		for (const key of ['prod', 'test', 'prod']) await runAction('', { ...SIDES, comment: 'always', key }, job);
		expect(github.comments.map(({ body }) => body.split('\n')[0])).toEqual([
			'<!-- nft-gen:diff v1 key=prod -->',
			'<!-- nft-gen:diff v1 key=test -->',
		]);
	});

	it('lets no text of the pull request be a command, an option or a script', async () => {
		const { job, github, push } = await scene(onTestFinished);
		const file = 'deploy/a,b=$(id)`id`%0A::error::.yaml';
		const [, tail = ''] = (AFTER['deploy/web.yaml'] ?? '').split('app: webb');
		const selector = JSON.stringify('x\n::add-mask::e\n##[error]x');
		push({
			'deploy/web.yaml': '# moved\n',
			[file]: `${(BEFORE['deploy/web.yaml'] ?? '').split('app: web')[0]}app: ${selector}${tail}`,
			'deploy/::notice::x.yaml': 'apiVersion: v1\nkind: Service\nmetadata: { name: "::add-mask::x" }\n',
		});
		const { log, codes } = await runWorkflow(WORKFLOW, job);
		expect(codes.Gate).toBe(3);
		const { commands, lines } = readLog(log);
		expect(lines.join('\n')).toContain('::notice::x.yaml');
		const allowed =
			/^::(?:error|warning|notice) (?:file=deploy\/[^,:\s]*,line=\d+,col=\d+,)?title=nft-gen%3A [\w-]+::[^\r\n]*$/;
		expect(commands.filter((each) => !allowed.test(each))).toEqual([]);
		expect(commands.join('\n')).toContain('file=deploy/a%2Cb=$(id)`id`%250A%3A%3Aerror%3A%3A.yaml,line=');
		expect(github.comments).toHaveLength(1);
	});

	it('writes inputs into no script, and gives the token to the comment only', () => {
		const steps = ['', 'comment'].flatMap((folder) => actionFile(folder).runs.steps);
		expect(steps.filter(({ run = '' }) => run.includes('${{'))).toEqual([]);
		const holders = steps.filter(({ env = {} }) => Object.values(env).some((text) => text.includes('token')));
		expect(holders.map(({ name }) => name)).toEqual(['Comment', 'Comment']);
	});

	it('edits no comment but its own', async () => {
		const { job, github } = await scene(onTestFinished);
		const marker = '<!-- nft-gen:diff v1 key= -->\nAll is well.';
		github.comments.push(
			{ id: 1, body: marker, user: { login: 'stranger', type: 'User' } },
			{ id: 2, body: `quoted:\n${marker}`, user: BOT },
		);
		await runWorkflow(WORKFLOW, job);
		expect(github.comments.map(({ body }) => body.includes('service-blackholed'))).toEqual([false, false, true]);
	});
});
