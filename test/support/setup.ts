import { execa } from 'execa';

/** Runs once before all tests: builds the command line that some of them start, and finds or installs what the kernel tests need. */
export async function setup(): Promise<void> {
	await execa('node', ['build.mjs']);
	await installDebianPackages();
}

const PACKAGES: Readonly<Record<string, string>> = {
	nft: 'nftables',
	ip: 'iproute2',
	conntrack: 'conntrack',
	ping: 'iputils-ping',
};

/** On Debian, as root, the missing programs are installed. Elsewhere the kernel tests say themselves what they miss. */
async function installDebianPackages(): Promise<void> {
	const missing: string[] = [];
	for (const [program, name] of Object.entries(PACKAGES)) {
		const { exitCode } = await execa('sh', ['-c', `command -v ${program}`], { reject: false });
		if (exitCode !== 0) missing.push(name);
	}
	if (missing.length === 0 || process.getuid?.() !== 0) return;
	const env = { DEBIAN_FRONTEND: 'noninteractive' };
	await execa('apt-get', ['update'], { reject: false, env });
	await execa('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { reject: false, env });
}
