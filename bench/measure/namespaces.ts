import { execFileSync } from 'node:child_process';

/** Throw-away network namespaces, where rules are loaded so that the machine's own stay untouched. */
export interface Namespaces {
	/** Makes one and gives its name. @throws Error where the kernel or the rights are missing */
	readonly add: () => string;
	/** Removes one, and ends what still runs in it. */
	readonly remove: (name: string) => void;
	/** Removes all that are left. */
	readonly clear: () => void;
}

/** Namespaces that are named after this process, so that two benchmarks do not meet. */
export function createNamespaces(): Namespaces {
	const names = new Set<string>();
	let count = 0;
	const remove = (name: string): void => {
		names.delete(name);
		endProcesses(name);
		execFileSync('ip', ['netns', 'del', name], { stdio: 'pipe' });
	};
	return {
		add: () => {
			const name = `nftgen-bench-${process.pid}-${count++}`;
			execFileSync('ip', ['netns', 'add', name], { stdio: 'pipe' });
			names.add(name);
			return name;
		},
		remove,
		clear: () => {
			for (const name of names) remove(name);
		},
	};
}

/** Runs a command inside a namespace and gives what it printed. */
export function inNamespace(name: string, program: string, ...args: readonly string[]): string {
	return execFileSync('ip', ['netns', 'exec', name, program, ...args], { stdio: 'pipe', encoding: 'utf8' });
}

/** A namespace that is removed while programs run in it lives on, without a name. */
function endProcesses(namespace: string): void {
	const pids = execFileSync('ip', ['netns', 'pids', namespace], { stdio: 'pipe', encoding: 'utf8' });
	for (const pid of pids.split('\n').filter(Boolean)) {
		try {
			process.kill(Number(pid), 'SIGKILL');
		} catch {
			// It has ended by itself.
		}
	}
}
