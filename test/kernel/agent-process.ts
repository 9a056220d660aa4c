import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Answer, Answered, Asked, Question } from './messages.ts';

/** A process in a namespace that sends and receives packets there. */
export interface Agent {
	readonly ask: (question: Question) => Promise<Answer>;
	readonly stop: () => Promise<void>;
}

let code: Promise<string> | null = null;

/** The agent as one script: Node 20 does not run TypeScript, and a loader would cost each agent a second. */
function agentCode(): Promise<string> {
	code ??= build({
		entryPoints: [fileURLToPath(new URL('agent.ts', import.meta.url))],
		bundle: true,
		write: false,
		platform: 'node',
		format: 'esm',
		target: 'node20',
	}).then((result) => result.outputFiles[0]?.text ?? '');
	return code;
}

/** Starts an agent in a network namespace; it serves any number of questions at once. */
export async function startAgent(namespace: string): Promise<Agent> {
	const node = [process.execPath, '--input-type=module', '--eval', await agentCode()];
	const child = spawn('ip', ['netns', 'exec', namespace, ...node], { stdio: ['pipe', 'pipe', 'inherit'] });
	const waiting = new Map<number, (answer: Answer) => void>();
	let last = 0;
	createInterface({ input: child.stdout }).on('line', (line) => {
		const { id, answer }: Answered = JSON.parse(line);
		waiting.get(id)?.(answer);
		waiting.delete(id);
	});
	child.stdin.on('error', () => {});
	child.on('exit', () => {
		for (const resolve of waiting.values()) resolve({ kind: 'failed', why: `the agent in ${namespace} is gone` });
	});
	const ask = (question: Question): Promise<Answer> => {
		last++;
		const asked: Asked = { id: last, question };
		return new Promise((resolve) => {
			if (child.exitCode !== null) return resolve({ kind: 'failed', why: `the agent in ${namespace} is gone` });
			waiting.set(asked.id, resolve);
			child.stdin.write(`${JSON.stringify(asked)}\n`);
		});
	};
	return { ask, stop: () => stop(child) };
}

function stop(child: ChildProcess): Promise<void> {
	if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
	return new Promise((resolve) => {
		child.once('exit', () => resolve());
		child.kill('SIGKILL');
	});
}
