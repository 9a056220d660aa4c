import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { accessTo, refreshed } from '../../../src/host/watch/access.ts';
import type { Connection } from '../../../src/host/watch/connection.ts';
import { kubeconfig } from '../../support/api-server.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { service } from '../../support/objects.ts';
import type { StandIn } from '../../support/stand-in-api-server.ts';
import { timeLapse } from '../../support/watched.ts';
import { holds, serverWith, soon, verbs, watching } from './scene.ts';

const WEB = service('web', ['10.96.0.20']);
const API = service('api', ['10.96.0.21']);

type User = (folder: string) => Readonly<Record<string, unknown>>;

/** The ways to a token in a file, as kubeconfigs spell them. */
const TOKEN_FILES: readonly (readonly [string, User])[] = [
	[
		'token file of the Pod',
		(folder) => ({ 'auth-provider': { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } } }),
	],
	['token-file', (folder) => ({ 'token-file': join(folder, 'token') })],
	['exec', (folder) => ({ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: join(folder, 'program') } })],
];

/** Gives the token of the file, and says that it is good for years. */
const PROGRAM = `#!/bin/sh
cd "$(dirname "$0")"
echo run >> runs
printf '{"kind":"ExecCredential","status":{"token":"%s","expirationTimestamp":"2099-01-01T00:00:00Z"}}' "$(cat token)"
`;

async function clusterOf(server: StandIn, user: User) {
	const folder = await temporaryFolder(onTestFinished, { token: 'one\n', program: PROGRAM });
	await chmod(join(folder, 'program'), 0o755);
	const file = join(folder, 'config');
	await writeFile(file, kubeconfig(server.url, user(folder)));
	return {
		choice: { kubeconfig: file, context: null },
		rotate: (token: string) => writeFile(join(folder, 'token'), `${token}\n`),
	};
}

function tokens({ requests }: StandIn): readonly (string | undefined)[] {
	return requests.map(({ authorization }) => authorization?.replace('Bearer ', ''));
}

describe('credentials', () => {
	it.each(TOKEN_FILES)(
		'fault 10: %s: a new token is read when the old one is refused, without a pause',
		async (_name, user) => {
			const server = await serverWith(WEB);
			server.behave({ token: 'one' });
			const { choice, rotate } = await clusterOf(server, user);
			const found = watching(server, { access: accessTo(choice, timeLapse(1)), clock: timeLapse(50) });
			await soon(() => expect(server.watching()).toBe(1));
			await rotate('two');
			server.behave({ token: 'two' });
			server.endWatches('abruptly');
			server.put(API);
			await holds(found, 'shop/api', 'shop/web');
			expect(tokens(server)).toEqual(['one', 'one', 'one', 'two']);
			expect(verbs(server)).toBe('LWWW');
			expect(found.troubles.map(({ reason }) => reason)).toEqual(['broken']);
		},
	);

	it('fault 10: also for a list', async () => {
		const server = await serverWith(WEB);
		server.behave({ token: 'two' });
		const [[, user] = ['', () => ({})]] = TOKEN_FILES;
		const { choice, rotate } = await clusterOf(server, user);
		const access = accessTo(choice, timeLapse(1));
		await access.current();
		await rotate('two');
		const found = watching(server, { access });
		await soon(() => expect(server.watching()).toBe(1));
		expect(tokens(server)).toEqual(['one', 'two', 'two']);
		expect(found.troubles).toEqual([]);
	});

	it('a token file is read anew after a minute', async () => {
		const server = await serverWith(WEB);
		const [[, user] = ['', () => ({})]] = TOKEN_FILES;
		const { choice, rotate } = await clusterOf(server, user);
		const clock = timeLapse(1000);
		watching(server, { access: accessTo(choice, clock), clock });
		await soon(() => expect(server.watching()).toBe(1));
		await rotate('two');
		const start = clock.now();
		await soon(() => expect(clock.now() - start).toBeGreaterThan(61_000));
		server.endWatches('cleanly');
		await soon(() => expect(server.requests).toHaveLength(3));
		expect(tokens(server)).toEqual(['one', 'one', 'two']);
	});

	it('that stay refused are read again with growing waits, and the operator is told', async () => {
		const server = await serverWith(WEB);
		server.behave({ token: 'another' });
		const [[, user] = ['', () => ({})]] = TOKEN_FILES;
		const { choice } = await clusterOf(server, user);
		const found = watching(server, { access: accessTo(choice, timeLapse(1)) });
		await soon(() => expect(found.troubles.length).toBeGreaterThan(2));
		expect(found.troubles[0]).toEqual({
			resource: 'services',
			reason: 'unauthorized',
			what: 'the API server refused /api/v1/services with status 401: Unauthorized; are the credentials still good?',
			retryInMs: 400,
		});
	});

	it('that cannot be read are waited for', async () => {
		const server = await serverWith(WEB);
		const { choice } = await clusterOf(server, () => ({}));
		const good = accessTo(choice, timeLapse(1));
		const bad = accessTo({ kubeconfig: '/no/such/file', context: null }, timeLapse(1));
		let there = false;
		const access = { ...good, current: () => (there ? good : bad).current() };
		const found = watching(server, { access });
		await soon(() => expect(found.troubles).not.toHaveLength(0));
		expect(found.troubles[0]).toMatchObject({ reason: 'unauthorized' });
		expect(found.troubles[0]?.what).toMatch(/^the kubeconfig \/no\/such\/file cannot be read: ENOENT/);
		there = true;
		await holds(found, 'shop/web');
	});
});

describe('access shared by several watches', () => {
	const connection = (server: string): Connection => ({ server, options: {} });

	it('reads once for all, again after a refusal, and goes on with the old when reading fails', async () => {
		let now = 0;
		let reads = 0;
		let broken = false;
		const access = refreshed(
			async () => {
				reads += 1;
				if (broken) throw new Error('not now');
				return connection(`read ${reads}`);
			},
			{ ...timeLapse(1), now: () => now },
		);
		const [first, second] = await Promise.all([access.current(), access.current()]);
		expect([first, second, reads]).toEqual([connection('read 1'), first, 1]);
		now = 59_999;
		expect(await access.current()).toBe(first);
		now = 60_000;
		const third = await access.current();
		expect(third).toEqual(connection('read 2'));
		expect(await access.renewed(first)).toBe(third);
		expect(await access.renewed(third)).toEqual(connection('read 3'));
		broken = true;
		now = 200_000;
		expect(await access.current()).toEqual(connection('read 3'));
		await expect(access.renewed(await access.current())).rejects.toThrow('not now');
	});

	it('does not wait for ever for a program, nor start it twice', async () => {
		let reads = 0;
		const access = refreshed(() => {
			reads += 1;
			return new Promise(() => {});
		}, timeLapse(1000));
		await expect(access.current()).rejects.toThrow('reading the credentials takes longer than 30 s');
		await expect(access.current()).rejects.toThrow('takes longer');
		expect(reads).toBe(1);
	});
});
