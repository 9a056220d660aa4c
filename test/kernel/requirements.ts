import { execFileSync } from 'node:child_process';
import { describe, it } from 'vitest';
import { works } from '../support/works.ts';
import { removeOrphans } from './wiring.ts';

/** Whether the kernel tests can run here, and what to do where they cannot. */
export type Decision =
	| { readonly kind: 'run' }
	/** told to whoever reads the output */
	| { readonly kind: 'skip'; readonly sentence: string }
	| { readonly kind: 'fail'; readonly sentence: string };

/** Kernel tests may be skipped on a laptop, with a word about it, but never in CI, where nobody would miss them. */
export function decide(missing: string | null, isCi: boolean): Decision {
	if (missing === null) return { kind: 'run' };
	if (isCi) return { kind: 'fail', sentence: `kernel tests must run in CI, and here ${missing}` };
	return { kind: 'skip', sentence: `kernel tests are skipped: ${missing}` };
}

/** What this machine lacks to load rules and send packets in namespaces of its own; null when it has everything. */
export function findMissing(run: (command: string, ...args: string[]) => void = execute): string | null {
	if (process.platform !== 'linux') return `the system is ${process.platform}, not Linux`;
	if (process.getuid?.() !== 0) return 'the user is not root';
	for (const [program, ...args] of PROGRAMS) {
		if (!works(() => run(program, ...args))) return `the program ${program} is missing`;
	}
	const name = `nftgen-${process.pid}-0-try`;
	try {
		if (!works(() => run('ip', 'netns', 'add', name))) return 'network namespaces cannot be made';
		if (!works(() => run('ip', 'netns', 'exec', name, 'nft', PROBE)))
			return 'the kernel lacks nftables, or parts of it';
	} finally {
		works(() => run('ip', 'netns', 'delete', name));
	}
	return null;
}

const PROGRAMS = [
	['nft', '--version'],
	['ip', '-V'],
	['conntrack', '--version'],
] as const;

/** One rule with every kind of expression that rulesets use. */
const PROBE = [
	'table ip try {',
	'map m { typeof ip daddr . meta l4proto . th dport : verdict; }',
	'chain nat { type nat hook postrouting priority 100; fib saddr type local masquerade fully-random; }',
	'chain pre { type nat hook prerouting priority -100; numgen random mod 2 == 0 meta l4proto tcp dnat to 192.0.2.1:1; }',
	'chain in { type filter hook input priority 0; ct state new ip daddr . meta l4proto . th dport vmap @m; reject; }',
	'}',
].join('\n');

function execute(command: string, ...args: string[]): void {
	execFileSync(command, args, { stdio: 'ignore' });
}

let decision: Decision | null = null;

function decideOnce(): Decision {
	if (decision !== null) return decision;
	decision = decide(findMissing(), process.env.CI === 'true');
	if (decision.kind === 'run') removeOrphans();
	else process.stderr.write(`${decision.sentence}\n`);
	return decision;
}

/** `describe` for tests that need a kernel: where it cannot be used they are skipped, saying why, or fail in CI. */
export function describeKernel(name: string, body: () => void): void {
	const decided = decideOnce();
	if (decided.kind === 'run') describe(name, body);
	else if (decided.kind === 'skip') describe.skip(`${name} (${decided.sentence})`, body);
	else {
		describe(name, () => {
			it('can use this machine', () => {
				throw new Error(decided.sentence);
			});
		});
	}
}
