import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What nft read of the kernel before it could write. */
export interface Messages {
	readonly count: number;
	readonly bytes: number;
}

/** Counts what nft receives while it loads a file; null where strace is missing. @throws Error when nft fails */
export function messagesOf(namespace: string, file: string, log: string): Messages | null {
	if (spawnSync('strace', ['-V']).error !== undefined) return null;
	const strace = ['strace', '-e', 'trace=recvmsg', '-o', log, 'nft', '-f', file];
	const { status, stderr } = spawnSync('ip', ['netns', 'exec', namespace, ...strace], { encoding: 'utf8' });
	if (status !== 0)
		throw new Error(`nft -f ${file} ended with ${status}\n${stderr.split('\n').slice(0, 5).join('\n')}`);
	const sizes = [...readFileSync(log, 'utf8').matchAll(/^recvmsg\(.* = (\d+)$/gm)].map(([, size]) => Number(size));
	return { count: sizes.length, bytes: sizes.reduce((sum, size) => sum + size, 0) };
}
