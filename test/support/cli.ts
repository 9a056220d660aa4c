import { execa } from 'execa';

/** How a run of the command line ended. */
export interface Run {
	readonly code: number | undefined;
	readonly stdout: string;
	readonly stderr: string;
	/** lines of stderr */
	readonly lines: readonly string[];
}

export interface RunOptions {
	readonly input?: string;
	readonly cwd?: string;
	readonly env?: Readonly<Record<string, string>>;
}

/** The built command line. */
export const PROGRAM = `${process.cwd()}/dist/nft-gen.js`;

/** Starts `nft-gen ARGUMENTS` as a process of its own, which knows nothing of the machine's own clusters. */
export async function nftGen(
	args: readonly string[],
	{ input = '', env = {}, ...options }: RunOptions = {},
): Promise<Run> {
	const { exitCode, stdout, stderr } = await execa(process.execPath, [PROGRAM, ...args], {
		...options,
		input,
		env: { HOME: '/nonexistent', KUBECONFIG: '', ...env },
		reject: false,
		stripFinalNewline: false,
	});
	return { code: exitCode, stdout, stderr, lines: stderr.split('\n').filter((line) => line !== '') };
}
