import { works } from '../../test/support/works.ts';
import { inNamespace, type Namespaces } from '../measure/namespaces.ts';
import { type Run, run } from '../measure/process.ts';

/** The older framework first: the other one of these has nft's, and what measures it would measure nft's work. */
const PROGRAMS = ['iptables-legacy-restore', 'iptables-restore'] as const;

/** Programs of the older framework wait for each other, in whatever namespace they are. */
const WAIT = ['--wait', '60'] as const;

/** The program that loads such a file on this machine; null where there is none, or the kernel does not take its rules. */
export function restoreProgram(namespaces: Namespaces, file: string): string | null {
	const namespace = namespaces.add();
	try {
		return PROGRAMS.find((program) => works(() => inNamespace(namespace, program, ...WAIT, file))) ?? null;
	} finally {
		namespaces.remove(namespace);
	}
}

/** Times the loading of a file of iptables rules in a given namespace. */
export function restoreInto(namespace: string, program: string, file: string): Promise<Run> {
	return run({ program: 'ip', args: ['netns', 'exec', namespace, program, ...WAIT, file], output: null });
}
