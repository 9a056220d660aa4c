import { ClusterError, message } from '../kubeconfig.ts';
import { Refusal } from './answers.ts';
import { Silence } from './connection.ts';
import { UnreadableLine } from './event-line.ts';
import { LineTooLong } from './lines.ts';
import type { TroubleReason } from './watch-stats.ts';

/** Why a list or a watch came to nothing, and what follows from it. */
export interface Failure {
	readonly reason: TroubleReason;
	readonly what: string;
	/** whether the version we hold is of no use any more, or a line was lost: all is listed again */
	readonly resync: boolean;
	/** how long the API server told us to wait; null where it did not */
	readonly retryAfterMs: number | null;
}

/** An ERROR event ended a watch. */
export class ErrorEvent extends Error {
	override readonly name = 'ErrorEvent';
	readonly status: number;
	readonly retryAfterMs: number | null;

	constructor(message: string, status: number, retryAfterMs: number | null) {
		super(message);
		this.status = status;
		this.retryAfterMs = retryAfterMs;
	}
}

/** The connection of a watch was lost. */
export class BrokenOff extends Error {
	override readonly name = 'BrokenOff';
}

/** Credentials cannot be read, or the program for them failed. */
export class NoCredentials extends Error {
	override readonly name = 'NoCredentials';
}

/** What an error of a list or a watch means; null when it is none that is to be expected. */
export function failureOf(error: unknown): Failure | null {
	if (error instanceof Refusal) return refused(error);
	if (error instanceof ErrorEvent) return ended(error);
	const reason = reasonOf(error);
	if (reason === null) return null;
	return { reason, what: message(error), resync: RESYNC.has(reason), retryAfterMs: null };
}

const RESYNC: ReadonlySet<TroubleReason> = new Set<TroubleReason>(['unreadable-line', 'line-too-long', 'expired']);

function reasonOf(error: unknown): TroubleReason | null {
	if (error instanceof UnreadableLine) return 'unreadable-line';
	if (error instanceof LineTooLong) return 'line-too-long';
	if (error instanceof NoCredentials) return 'unauthorized';
	if (error instanceof Error && error.cause instanceof Silence) return 'silent';
	if (error instanceof BrokenOff) return 'broken';
	if (error instanceof ClusterError) return error.cause === undefined ? 'refused' : 'unreachable';
	return null;
}

const REASONS: ReadonlyMap<number, TroubleReason> = new Map([
	[401, 'unauthorized'],
	[403, 'forbidden'],
	[404, 'forbidden'],
	[410, 'expired'],
	[429, 'throttled'],
	[503, 'throttled'],
]);

function refused({ message: what, status, retryAfterMs }: Refusal): Failure {
	const reason = REASONS.get(status) ?? 'refused';
	// As client-go does (`rest/with_retry.go` checkWait): of a 429 and of the server's own errors.
	const heeded = status === 429 || status >= 500;
	// 400 is the answer to a version that is no number to it.
	return { reason, what, resync: status === 410 || status === 400, retryAfterMs: heeded ? retryAfterMs : null };
}

function ended({ message: said, status, retryAfterMs }: ErrorEvent): Failure {
	const reason = status === 410 ? 'expired' : 'error-event';
	const what = `the API server ended the watch with an error${status === 0 ? '' : ` ${status}`}: ${said}`;
	return { reason, what, resync: status === 410, retryAfterMs };
}
