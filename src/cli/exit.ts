import { ClusterError } from '../host/kubeconfig.ts';

/** The exit codes every command uses; `changed`, `gate` and `incomplete` are of comparisons. */
export const EXIT = { done: 0, failed: 1, changed: 2, gate: 3, incomplete: 4, usage: 64 } as const;

/** Trouble that ends a command, with the sentence for the user. */
export class CommandError extends Error {
	override readonly name = 'CommandError';
	readonly code: number;

	constructor(message: string, code: number = EXIT.failed, options: ErrorOptions = {}) {
		super(message, options);
		this.code = code;
	}
}

/** What a command ends with over an error: what is wrong with the cluster is told in its sentence, anything else is a bug. */
export function ending(cause: unknown): unknown {
	return cause instanceof ClusterError ? new CommandError(cause.message, EXIT.failed, { cause }) : cause;
}

/** Worst first. */
const PRECEDENCE: readonly number[] = [EXIT.usage, EXIT.failed, EXIT.gate, EXIT.incomplete, EXIT.changed, EXIT.done];

/** Of several exit codes the one that a command ends with. */
export function worst(codes: readonly number[]): number {
	return PRECEDENCE.find((code) => codes.includes(code)) ?? EXIT.done;
}
