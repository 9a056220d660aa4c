import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { nftGen } from '../support/cli.ts';
import { cleanupPod, commandLine } from './manifests.ts';

const PAGES = ['deploy/README.md', 'docs/replacing-kube-proxy.md'];

/** The flags that a command knows; null for a command that there is not. */
async function knownFlags(command: string): Promise<ReadonlySet<string> | null> {
	const { code, stdout } = await nftGen([command, '--help']);
	if (code !== 0 || !stdout.startsWith(`Usage: nft-gen ${command} `)) return null;
	return new Set(stdout.match(/--[a-z][a-z-]*/g));
}

function flagsIn(words: readonly string[]): readonly string[] {
	return words.flatMap((word) => /^--[a-z][a-z-]*/.exec(word) ?? []);
}

/** Every `nft-gen COMMAND …` in a page, up to the end of the command. */
function commandsIn(page: string): readonly { readonly command: string; readonly flags: readonly string[] }[] {
	const text = readFileSync(page, 'utf8').replaceAll(/\\\n\s*/g, '');
	return [...text.matchAll(/nft-gen (render|agent|explain|trace)\b([^\n`|#>]*)/g)].map(
		([, command = '', rest = '']) => ({
			command,
			flags: flagsIn(rest.split(' ')),
		}),
	);
}

const AGENT = await knownFlags('agent');
const reason = AGENT === null ? ' (skipped: there is no nft-gen agent yet)' : '';

describe.skipIf(AGENT === null)(`the flags of the agent${reason}`, () => {
	it('in the DaemonSet are ones that it knows', () => {
		const [command, ...args] = commandLine('n1');
		expect(command).toBe('agent');
		expect(flagsIn(args).filter((flag) => !AGENT?.has(flag))).toEqual([]);
	});

	it('in the Job are ones that it knows', () => {
		const [command, ...args] = cleanupPod().container.args;
		expect(command).toBe('agent');
		expect(flagsIn(args).filter((flag) => !AGENT?.has(flag))).toEqual([]);
	});

	it('and those of other commands, where operators are told to run them, are known', async () => {
		const commands = PAGES.flatMap(commandsIn);
		expect(commands.length).toBeGreaterThan(0);
		for (const { command, flags } of commands) {
			const known = await knownFlags(command);
			expect(
				flags.filter((flag) => !known?.has(flag)),
				command,
			).toEqual([]);
		}
	});
});

describe('the metrics that operators are told to watch', () => {
	it('are ones that there are', () => {
		const code = readdirSync('src/host/metrics')
			.map((file) => readFileSync(`src/host/metrics/${file}`, 'utf8'))
			.join();
		const told = PAGES.flatMap((page) => readFileSync(page, 'utf8').match(/(?:nftgen|kubeproxy)_[a-z_]+/g) ?? []);
		expect(told.length).toBeGreaterThan(0);
		const unknown = told.filter((name) => !code.includes(`'${name.replace(/^(?:nftgen|kubeproxy)_/, '')}'`));
		expect(unknown).toEqual([]);
	});
});
