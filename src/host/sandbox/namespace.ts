import { readFileSync } from 'node:fs';
import { NFT, type NftOptions } from '../nft/nft-process.ts';
import { newKept, type ProcessOptions, runProcess } from '../process.ts';
import { type NotStarted, type Prober, startProber } from './start-prober.ts';

/** A network namespace without a name: it is gone when the process in it is. */
export interface Namespace {
	readonly prober: Prober;
	/** what stands before a command that is to happen in it */
	readonly enter: readonly string[];
	/** calls of nft that happen in it */
	readonly nft: NftOptions;
	/** Runs a shell script in it. @throws Error with what it complained of */
	readonly run: (script: string) => Promise<void>;
}

/** More than the largest ruleset takes. */
const TIME_LIMIT = 60_000;

/** Root makes a namespace and stays who it is: in a user namespace nft may not send large messages. Others need one. */
const WAYS: readonly (readonly string[])[] =
	process.getuid?.() === 0 ? [[], ['--user', '--map-root-user']] : [['--user', '--map-root-user']];

/** Makes a network namespace, in a user namespace of its own where the user is not root. */
export async function openNamespace(): Promise<Namespace | NotStarted> {
	let why = '';
	for (const way of WAYS) {
		const prober = await startProber(['unshare', ...way, '--net']);
		if (!('why' in prober)) return usable(namespaceOf(prober, way.length > 0));
		why = prober.why;
	}
	return { why: `no network namespace can be made here: ${why}${hint()}` };
}

const PROGRAMS = ['ip', 'nft'].map(
	(program) => `command -v ${program} > /dev/null || { echo the program ${program} is missing >&2; exit 1; }`,
);

async function usable(namespace: Namespace): Promise<Namespace | NotStarted> {
	try {
		await namespace.run(PROGRAMS.join('\n'));
		return namespace;
	} catch (error) {
		await namespace.prober.stop();
		return { why: error instanceof Error ? error.message : String(error) };
	}
}

/** Makes a second one whose packets only the first one's can reach. */
export async function openBeside(first: Namespace): Promise<Namespace | NotStarted> {
	const prober = await startProber([...first.enter, 'unshare', '--net']);
	if ('why' in prober) return { why: `no second network namespace can be made here: ${prober.why}` };
	return namespaceOf(prober, first.enter.includes('--user'));
}

function namespaceOf(prober: Prober, inUserNamespace: boolean): Namespace {
	const user = inUserNamespace ? ['--user', '--preserve-credentials'] : [];
	// Users other than root often have no /usr/sbin in their path, and that is where nft and ip are.
	const path = `PATH=${process.env.PATH ?? '/usr/bin:/bin'}:/usr/sbin:/sbin`;
	const enter = ['nsenter', '--target', String(prober.pid), ...user, '--net', 'env', path];
	const options: ProcessOptions = { command: enter, timeLimit: TIME_LIMIT, signal: null };
	return {
		prober,
		enter,
		nft: { ...NFT, ...options, command: [...enter, 'nft'] },
		run: async (script) => {
			const printed = newKept(0);
			const { outcome, stderr } = await runProcess(['sh', '-euc', script], options, printed.add);
			if (outcome === 'missing') throw new Error('the program nsenter is missing');
			if (outcome !== 'done') throw new Error(stderr.trim().split('\n')[0] || `sh ${outcome}`);
		},
	};
}

/** What forbids namespaces on usual systems, and how to allow them. */
const SWITCHES: readonly (readonly [file: string, forbids: string, allow: string])[] = [
	[
		'kernel/apparmor_restrict_unprivileged_userns',
		'1',
		'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
	],
	['kernel/unprivileged_userns_clone', '0', 'sudo sysctl -w kernel.unprivileged_userns_clone=1'],
	['user/max_user_namespaces', '0', 'sudo sysctl -w user.max_user_namespaces=10000'],
];

function hint(): string {
	const found = SWITCHES.find(([file, forbids]) => settingOf(file) === forbids);
	return found === undefined ? ' (run it as root)' : ` (allow it with "${found[2]}", or run it as root)`;
}

function settingOf(file: string): string {
	try {
		return readFileSync(`/proc/sys/${file}`, 'utf8').trim();
	} catch {
		return '';
	}
}
