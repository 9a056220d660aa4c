import { spawn } from 'node:child_process';

/**
 * Runs nft-gen once more, with what it says and what it prints both on our standard output, so that one reads it in order.
 * @returns its exit code; 1 where a signal ended it
 * @throws the system's error when it cannot be started
 */
export function runOwnProgram(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
	const [, script = ''] = process.argv;
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [script, ...words], { env: environment, stdio: ['ignore', 1, 1] });
		child.on('error', reject);
		child.on('close', (code) => resolve(code ?? 1));
	});
}
