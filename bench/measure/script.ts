import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PROJECT } from '../workshop.ts';

/** A script of the benchmark that runs in a namespace and has a line for each line it is given. */
export interface Script {
	/** what it said first */
	readonly greeting: string;
	/** Gives it a line and waits for its own. @throws Error when it ends first */
	readonly ask: (line: string) => Promise<string>;
	readonly end: () => void;
}

/** Starts one and waits for its first line; it ends when its standard input does. @throws Error when it ends first */
export async function startScript(namespace: string, path: string, args: readonly string[]): Promise<Script> {
	const command = ['netns', 'exec', namespace, process.execPath, '--import', 'tsx', path, ...args];
	const child = spawn('ip', command, { cwd: PROJECT, stdio: ['pipe', 'pipe', 'inherit'] });
	const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
	// What is written after its end is nothing to die of: whoever waits for the answer is told.
	child.stdin.on('error', () => {});
	const line = async () => {
		const { value, done } = await lines.next();
		if (done === true) throw new Error(`${path} ended`);
		return String(value);
	};
	const ask = (question: string) => {
		child.stdin.write(`${question}\n`);
		return line();
	};
	return { greeting: await line(), ask, end: () => child.stdin.end() };
}
