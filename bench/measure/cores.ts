import { execFileSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

const CORES = 2;

/** The goals are for two cores: on a larger machine this process keeps to two of them, and so does all that it starts. */
export function keepToTwoCores(say: (message: string) => void): void {
	if (availableParallelism() <= CORES) return;
	const pid = String(process.pid);
	try {
		const allowed = execFileSync('taskset', ['-cp', pid], { encoding: 'utf8' }).replace(/.*: /, '');
		const cores = listedNumbers(allowed).slice(0, CORES);
		execFileSync('taskset', ['-acp', cores.join(','), pid], { stdio: 'pipe' });
	} catch {
		say(`taskset is missing: all ${availableParallelism()} cores are used, not ${CORES}`);
	}
}

/** `0-2,5` as 0, 1, 2, 5. */
function listedNumbers(text: string): readonly number[] {
	return text
		.trim()
		.split(',')
		.flatMap((range) => {
			const [from = 0, to = from] = range.split('-').map(Number);
			return Array.from({ length: to - from + 1 }, (_, index) => from + index);
		});
}
