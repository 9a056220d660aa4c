import { expect, it } from 'vitest';
import { loadRuleset } from '../../src/host/sandbox/load-ruleset.ts';
import { isLongTaken, LONG, USER_NAMESPACE } from './long-message.ts';
import { describeKernel } from './requirements.ts';

const PIECE = 'add table ip long\n';

describeKernel('loading a ruleset into a user namespace (fault 49)', () => {
	const isTaken = isLongTaken();

	it.skipIf(isTaken)('takes pieces where the whole is too large', async () => {
		expect(await loadRuleset({ whole: PIECE, pieces: () => ['nonsense'] }, USER_NAMESPACE)).toBeNull();
		expect(await loadRuleset({ whole: LONG, pieces: () => [PIECE, PIECE] }, USER_NAMESPACE)).toBeNull();
		await expect(loadRuleset({ whole: LONG, pieces: () => [PIECE, 'nonsense\n'] }, USER_NAMESPACE)).rejects.toThrow(
			/^the kernel does not take the ruleset: line 1: syntax error/,
		);
	});

	it.skipIf(isTaken)('says so where there would be too many', async () => {
		const pieces = () => Array.from({ length: 101 }, () => 'nonsense\n');
		expect(await loadRuleset({ whole: LONG, pieces }, USER_NAMESPACE)).toEqual({
			why: 'a ruleset is too large for a user namespace, where the kernel takes 200 kB at once (run it as root)',
		});
	});

	it.runIf(isTaken)('needs no pieces with an nft that has no such limit', async () => {
		expect(await loadRuleset({ whole: LONG, pieces: () => ['nonsense'] }, USER_NAMESPACE)).toBeNull();
	});
});
