import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A program called nft that stands before the real one. */
export interface NftShim {
	/** what PATH has to begin with */
	readonly folder: string;
	/** Begins to keep what nft is given, which takes some time at each call. */
	readonly keep: () => void;
	/** Keeps no more. @returns how many bytes of commands nft was given meanwhile */
	readonly takeBytes: () => number;
}

/**
 * Makes one: it keeps what comes in, when it has to, then becomes nft. What is only to be checked is not kept.
 * @param folder an empty one
 * @param path where the real one is looked for
 */
export function makeNftShim(folder: string, path: string = process.env.PATH ?? ''): NftShim {
	const kept = join(folder, 'kept');
	const flag = join(folder, 'keep');
	let counted = 0;
	mkdirSync(kept);
	writeFileSync(join(folder, 'nft'), script(path, flag, kept), { mode: 0o755 });
	const takeBytes = () => {
		rmSync(flag);
		const before = counted;
		// Files stay, as an nft may be about to read one.
		counted = readdirSync(kept).reduce((sum, name) => sum + statSync(join(kept, name)).size, 0);
		return counted - before;
	};
	return { folder, keep: () => writeFileSync(flag, ''), takeBytes };
}

/** kube-proxy gives nft a pipe, our agent a file whose end has been reached, so that it has to be opened anew. */
function script(path: string, flag: string, kept: string): string {
	return `#!/bin/sh
PATH=${quoted(path)}
[ -e ${quoted(flag)} ] || exec nft "$@"
case " $* " in
*" --check "*) exec nft "$@" ;;
*" -f - "*) cat >${quoted(kept)}/$$ ;;
*" --file /proc/self/fd/0 "*) cat /proc/self/fd/0 >${quoted(kept)}/$$ ;;
*) exec nft "$@" ;;
esac
exec nft "$@" <${quoted(kept)}/$$
`;
}

/** A text as one word of a shell. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}
