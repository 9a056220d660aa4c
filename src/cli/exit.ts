/** The exit codes every command uses. */
export const EXIT = { done: 0, failed: 1, usage: 64 } as const;

/** Trouble that ends a command, with the sentence for the user. */
export class CommandError extends Error {
	override readonly name = 'CommandError';
	readonly code: number;

	constructor(message: string, code: number = EXIT.failed, options: ErrorOptions = {}) {
		super(message, options);
		this.code = code;
	}
}
