import type { IncomingMessage } from 'node:http';
import { ClusterError, message } from '../kubeconfig.ts';
import type { Access } from './access.ts';
import { type Answer, get, reaching } from './answers.ts';
import { unlessStopped } from './clock.ts';
import { type Connection, type Sending, send } from './connection.ts';
import { NoCredentials } from './failure.ts';

type StoppableSending = Sending & { readonly signal: AbortSignal };

/** Asks for something whole; once more with new credentials when the API server does not know us (401). */
export async function ask(access: Access, path: string, sending: StoppableSending): Promise<Answer> {
	const connection = await credentialed(access.current(), sending.signal);
	const answer = await get(connection, path, sending);
	if (answer.status !== 401) return answer;
	return get(await credentialed(access.renewed(connection), sending.signal), path, sending);
}

/** Asks for a stream, in the same way; gives the answer as soon as it begins. */
export async function open(access: Access, path: string, sending: StoppableSending): Promise<IncomingMessage> {
	const begin = (connection: Connection) => reaching(connection, () => send(connection, path, sending));
	const connection = await credentialed(access.current(), sending.signal);
	const response = await begin(connection);
	if (response.statusCode !== 401) return response;
	response.destroy();
	return begin(await credentialed(access.renewed(connection), sending.signal));
}

/** A program for credentials may take its time; who is told to stop does not wait for it. */
async function credentialed(reading: Promise<Connection>, signal: AbortSignal): Promise<Connection> {
	let connection: Connection | null;
	try {
		connection = await unlessStopped(reading, signal);
	} catch (cause) {
		if (cause instanceof ClusterError) throw new NoCredentials(message(cause), { cause });
		throw cause;
	}
	if (connection === null) throw new NoCredentials('told to stop while reading credentials');
	return connection;
}
