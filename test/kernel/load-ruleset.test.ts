import { expect, it } from 'vitest';
import { NFT } from '../../src/host/nft/nft-process.ts';
import { loadRuleset } from '../../src/host/sandbox/load-ruleset.ts';
import { describeKernel } from './requirements.ts';

/** Each call has a user namespace of its own, where the kernel takes small messages only. */
const NAMESPACE = { ...NFT, command: ['unshare', '--user', '--map-root-user', '--net', 'nft'] };

const numbers = Array.from({ length: 20_000 }, (_, index) => `${index + 1},`);
const LONG = `table ip long {\n\tset s {\n\t\ttype mark\n\t\telements = { ${numbers.join(' ')} }\n\t}\n}\n`;
const PIECE = 'add table ip long\n';

describeKernel('loading a ruleset into a user namespace (fault 49)', () => {
	it('takes pieces where the whole is too large', async () => {
		expect(await loadRuleset({ whole: PIECE, pieces: () => ['nonsense'] }, NAMESPACE)).toBeNull();
		expect(await loadRuleset({ whole: LONG, pieces: () => [PIECE, PIECE] }, NAMESPACE)).toBeNull();
		await expect(loadRuleset({ whole: LONG, pieces: () => [PIECE, 'nonsense\n'] }, NAMESPACE)).rejects.toThrow(
			/^the kernel does not take the ruleset: line 1: syntax error/,
		);
	});

	it('says so where there would be too many', async () => {
		const pieces = () => Array.from({ length: 101 }, () => 'nonsense\n');
		expect(await loadRuleset({ whole: LONG, pieces }, NAMESPACE)).toEqual({
			why: 'a ruleset is too large for a user namespace, where the kernel takes 200 kB at once (run it as root)',
		});
	});
});
