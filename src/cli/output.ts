import { reason } from '../host/reason.ts';
import { CommandError, EXIT } from './exit.ts';

/**
 * Writes a command's result to a file, or, where that is null, to standard output.
 * @param mode of a file that was not there
 * @throws CommandError when it cannot be written
 */
export async function writeResult(
	path: string | null,
	content: string | Uint8Array,
	stdout: NodeJS.WritableStream,
	mode?: number,
): Promise<void> {
	try {
		await (path === null ? print(content, stdout) : writeFile(path, content, mode));
	} catch (cause) {
		const why = errorCode(cause) === 'ENOENT' ? 'is in a folder that does not exist' : reason(cause);
		const what = path === null ? 'standard output' : path;
		throw new CommandError(`${what} cannot be written: it ${why}`, EXIT.failed, { cause });
	}
}

async function writeFile(path: string, content: string | Uint8Array, mode?: number): Promise<void> {
	// Loaded here only: it brings Node's cryptography along.
	const { writeWhole } = await import('../host/output.ts');
	await writeWhole(path, content, mode);
}

/** A reader such as `head` may stop reading early; that is no failure of ours. */
function print(content: string | Uint8Array, stdout: NodeJS.WritableStream): Promise<void> {
	return new Promise((resolve, reject) => {
		stdout.write(content, (error) => (error && errorCode(error) !== 'EPIPE' ? reject(error) : resolve()));
	});
}

function errorCode(error: unknown): string {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}
