import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { parse } from 'yaml';
import { type Contexts, holds, substituted } from './expression.ts';

// Runs a workflow's steps as GitHub's runner does: expressions first, then bash, with files for what steps give.

/** The folder of the Action. */
export const ACTION = process.cwd();

/** A job's surroundings. */
export interface Job {
	/** what was checked out */
	readonly workspace: string;
	/** for the runner's own files; artifacts are kept in it between runs */
	readonly temp: string;
	readonly eventName: string;
	readonly event: object;
	/** the stand-in's address */
	readonly api: string;
	readonly token: string;
}

/** What became of a job. */
export interface JobResult {
	readonly failed: boolean;
	/** exit codes by the names of the steps that ran */
	readonly codes: Readonly<Record<string, number>>;
	readonly log: string;
	readonly summary: string;
	readonly outputs: Readonly<Record<string, string>>;
}

interface Step {
	readonly name?: string;
	readonly id?: string;
	readonly if?: string;
	readonly run?: string;
	readonly uses?: string;
	readonly env?: Readonly<Record<string, string>>;
	readonly with?: Readonly<Record<string, unknown>>;
	readonly 'continue-on-error'?: boolean;
}

interface ActionFile {
	readonly inputs: Readonly<Record<string, { readonly required?: boolean; readonly default?: string }>>;
	readonly outputs?: Readonly<Record<string, { readonly value: string }>>;
	readonly runs: { readonly steps: readonly Step[] };
}

/** An action file of ours. */
export function actionFile(folder: string): ActionFile {
	return parse(readFileSync(join(ACTION, folder, 'action.yml'), 'utf8')) as ActionFile;
}

/** Runs the only job of a workflow file. */
export async function runWorkflow(file: string, job: Job): Promise<JobResult> {
	const { jobs } = parse(readFileSync(file, 'utf8')) as {
		readonly jobs: Readonly<Record<string, { readonly if?: string; readonly steps: readonly Step[] }>>;
	};
	const [only] = Object.values(jobs);
	if (only === undefined || !holds(only.if, false, contextsOf(job, {}, {}))) return NOTHING;
	return runSteps(only.steps, job, {}, ACTION);
}

const NOTHING: JobResult = { failed: false, codes: {}, log: '', summary: '', outputs: {} };

/** Runs an action of ours. */
export async function runAction(
	folder: string,
	given: Readonly<Record<string, unknown>>,
	job: Job,
): Promise<JobResult> {
	const file = actionFile(folder);
	const unknown = Object.keys(given).filter((name) => !(name in file.inputs));
	if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(', ')}`);
	const inputs = Object.fromEntries(
		Object.entries(file.inputs).map(([name, { default: text = '' }]) => [
			name,
			String(given[name] ?? substituted(text, contextsOf(job, {}, {}))),
		]),
	);
	const ran = await runSteps(file.runs.steps, job, inputs, join(ACTION, folder));
	const outputs = Object.entries(file.outputs ?? {}).map(([name, { value }]) => [
		name,
		substituted(value, contextsOf(job, {}, ran.steps)),
	]);
	return { ...ran, outputs: Object.fromEntries(outputs) };
}

type StepResults = Readonly<Record<string, { readonly outputs: Readonly<Record<string, string>> }>>;

function contextsOf(job: Job, inputs: Readonly<Record<string, string>>, steps: StepResults): Contexts {
	return { inputs, steps, runner: { temp: job.temp }, github: { token: job.token, event: job.event } };
}

async function runSteps(
	steps: readonly Step[],
	job: Job,
	inputs: Readonly<Record<string, string>>,
	folder: string,
): Promise<JobResult & { readonly steps: StepResults }> {
	const results: Record<string, StepResults[string]> = {};
	const codes: Record<string, number> = {};
	let failed = false;
	let log = '';
	let summary = '';
	for (const [index, step] of steps.entries()) {
		const contexts = contextsOf(job, inputs, results);
		if (!holds(step.if, failed, contexts)) continue;
		const ran = await runStep(step, job, contexts, folder);
		codes[step.name ?? step.id ?? step.uses ?? String(index)] = ran.failed ? ran.code : 0;
		Object.assign(codes, ran.codes);
		if (step.id !== undefined) results[step.id] = { outputs: ran.outputs };
		failed ||= ran.failed && step['continue-on-error'] !== true;
		log += ran.log;
		summary += ran.summary;
	}
	return { failed, codes, log, summary, outputs: {}, steps: results };
}

type StepRun = JobResult & { readonly code: number };

async function runStep(step: Step, job: Job, contexts: Contexts, folder: string): Promise<StepRun> {
	const given = Object.fromEntries(
		Object.entries(step.with ?? {}).map(([name, value]) => [name, substituted(String(value), contexts)]),
	);
	if (step.run !== undefined) return runScript(step, job, contexts, folder);
	const [uses = ''] = step.uses?.split('@') ?? [];
	if (uses.startsWith('nft-gen/nft-gen')) {
		const ran = await runAction(uses.slice('nft-gen/nft-gen/'.length), given, job);
		return { ...ran, code: ran.failed ? 1 : 0 };
	}
	return { ...NOTHING, ...theirs(uses, given, job) };
}

/** What others' actions do for ours. */
function theirs(
	uses: string,
	given: Readonly<Record<string, string>>,
	{ temp }: Job,
): { failed: boolean; code: number } {
	const artifact = join(temp, 'artifacts', given.name ?? '');
	switch (uses) {
		case 'actions/checkout':
			return { failed: false, code: 0 };
		case 'actions/upload-artifact':
			mkdirSync(artifact, { recursive: true });
			cpSync(given.path ?? '', join(artifact, basename(given.path ?? '')));
			return { failed: false, code: 0 };
		case 'actions/download-artifact':
			if (!existsSync(artifact)) return { failed: true, code: 1 };
			cpSync(artifact, given.path ?? '', { recursive: true, verbatimSymlinks: true });
			return { failed: false, code: 0 };
		default:
			throw new Error(`the test knows no action ${uses}`);
	}
}

let scripts = 0;

async function runScript(step: Step, job: Job, contexts: Contexts, folder: string): Promise<StepRun> {
	const own = join(job.temp, `step-${process.pid}-${scripts++}`);
	mkdirSync(own, { recursive: true });
	const file = (name: string, content: string) => {
		writeFileSync(join(own, name), content);
		return join(own, name);
	};
	const output = file('output', '');
	const summary = file('summary', '');
	const script = file('script.sh', substituted(step.run ?? '', contexts));
	const env = Object.entries(step.env ?? {}).map(([name, text]) => [name, substituted(text, contexts)]);
	const { exitCode, all } = await execa('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
		cwd: job.workspace,
		extendEnv: false,
		env: {
			PATH: process.env.PATH ?? '',
			HOME: '/nonexistent',
			CI: 'true',
			RUNNER_TEMP: job.temp,
			GITHUB_ACTION_PATH: folder,
			GITHUB_API_URL: job.api,
			GITHUB_SERVER_URL: 'https://github.com',
			GITHUB_REPOSITORY: 'shop/deploy',
			GITHUB_EVENT_NAME: job.eventName,
			GITHUB_EVENT_PATH: file('event.json', JSON.stringify(job.event)),
			GITHUB_OUTPUT: output,
			GITHUB_STEP_SUMMARY: summary,
			...Object.fromEntries(env),
		},
		all: true,
		reject: false,
	});
	const code = exitCode ?? 1;
	return {
		failed: code !== 0,
		code,
		codes: {},
		log: `${all}\n`,
		summary: readFileSync(summary, 'utf8'),
		outputs: readOutputs(readFileSync(output, 'utf8')),
	};
}

/** `NAME<<WORD`, lines, `WORD`; or `NAME=VALUE`. */
function readOutputs(text: string): Readonly<Record<string, string>> {
	const outputs: Record<string, string> = {};
	for (const [, name = '', , value = ''] of text.matchAll(/^([\w-]+)<<(.+)\n([\s\S]*?)\n\2$/gm)) outputs[name] = value;
	return outputs;
}
