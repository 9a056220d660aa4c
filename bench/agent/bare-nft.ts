import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Runs `nft -f` and nothing else. */
export interface BareNft {
	/** @returns how long it took, in seconds. @throws Error when nft fails */
	readonly apply: (file: string) => Promise<number>;
	readonly close: () => Promise<void>;
}

/** Bash is small and starts programs at once, which a large process does not. */
const SCRIPT = `
while read -r file; do
	start=$EPOCHREALTIME
	ip netns exec "$0" nft -f "$file"
	code=$?
	echo "$code $start $EPOCHREALTIME"
done`;

/** A shell that waits for files to be loaded into a namespace. */
export function startBareNft(namespace: string): BareNft {
	const shell = spawn('bash', ['-c', SCRIPT, namespace], {
		stdio: ['pipe', 'pipe', 'inherit'],
		env: { ...process.env, LC_ALL: 'C' },
	});
	const lines = createInterface({ input: shell.stdout });
	const ended = new Promise<void>((resolve) => shell.once('exit', () => resolve()));
	const apply = async (file: string) => {
		const answer = new Promise<string>((resolve) => lines.once('line', resolve));
		shell.stdin.write(`${file}\n`);
		const [code, start, end] = (await answer).split(' ').map(Number);
		if (code !== 0 || start === undefined || end === undefined) throw new Error(`nft -f ${file} ended with ${code}`);
		return end - start;
	};
	const close = async () => {
		shell.stdin.end();
		await ended;
	};
	return { apply, close };
}
