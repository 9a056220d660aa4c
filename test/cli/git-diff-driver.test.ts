import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { nftGen, PROGRAM } from '../support/cli.ts';
import { repository } from '../support/repository.ts';

const RULES = `table ip nft-gen {
	chain cluster/shop/web/http {
		numgen random mod 2 == 0 meta l4proto tcp dnat to 10.244.1.5:8080
		meta l4proto tcp dnat to 10.244.2.5:8080
	}
}
`;

async function rendered() {
	const found = await repository(onTestFinished);
	found.git('config', 'diff.nft-gen.command', `'${process.execPath}' '${PROGRAM}' git-diff-driver`);
	found.commit({ '.gitattributes': '*.nft diff=nft-gen\n', 'rendered/n1.nft': RULES });
	return found;
}

describe('git, with nft-gen for files of rules', () => {
	it('shows rules, by their chain', async () => {
		const { git, folder } = await rendered();
		const text = RULES.replace('mod 2', 'mod 3').replace(
			'\t\tmeta',
			'\t\tnumgen random mod 2 == 0 meta l4proto tcp dnat to 10.244.1.9:8080\n\t\tmeta',
		);
		writeFileSync(join(folder, 'rendered/n1.nft'), text);
		expect(git('diff')).toMatchInlineSnapshot(`
			"diff --nft-gen a/rendered/n1.nft b/rendered/n1.nft
			--- a/rendered/n1.nft
			+++ b/rendered/n1.nft
			@@ table ip nft-gen chain cluster/shop/web/http @@
			+meta l4proto tcp dnat to 10.244.1.9:8080
			"
		`);
	});

	it('shows files that come, leave and are renamed', async () => {
		const { git, commit } = await rendered();
		commit({ 'rendered/n2.nft': RULES });
		expect(git('show', '--ext-diff', '--format=')).toMatchInlineSnapshot(`
			"diff --nft-gen /dev/null b/rendered/n2.nft
			--- /dev/null
			+++ b/rendered/n2.nft
			@@ table ip nft-gen chain cluster/shop/web/http @@
			+meta l4proto tcp dnat to 10.244.1.5:8080
			+meta l4proto tcp dnat to 10.244.2.5:8080
			"
		`);
		git('rm', '--quiet', 'rendered/n1.nft');
		expect(git('diff', '--cached', '--no-renames')).toContain('--- a/rendered/n1.nft\n+++ /dev/null\n');
		git('reset', '--quiet', '--hard');
		git('mv', 'rendered/n1.nft', 'rendered/n3.nft');
		expect(git('diff', '--cached', '-M')).toContain('+++ b/rendered/n3.nft\n');
	});

	it('says so where only numbers differ', async () => {
		const { git, folder } = await rendered();
		const [one, two] = ['10.244.1.5', '10.244.2.5'];
		writeFileSync(join(folder, 'rendered/n1.nft'), RULES.replace(one, 'x').replace(two, one).replace('x', two));
		expect(git('diff')).toContain(' nothing differs but the order of lines and the numbers of draws\n');
	});

	it('lets no rule move the cursor', async () => {
		const { git, folder } = await rendered();
		writeFileSync(join(folder, 'rendered/n1.nft'), RULES.replace('8080', '\u001b[2J'));
		expect(git('diff')).not.toContain('\u001b');
	});

	it('is for git', async () => {
		const { code, lines } = await nftGen(['git-diff-driver', 'a', 'b', 'c']);
		expect([code, lines]).toEqual([64, ['nft-gen: git-diff-driver is called by git, with seven words or nine']]);
	});
});
