import { mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { nftGen, PROGRAM } from '../support/cli.ts';
import { service } from '../support/objects.ts';
import { BAD, OBJECTS, render, shopFolder, YAML } from '../support/shop.ts';

describe('the output file', () => {
	it('is written, and standard output stays empty', async () => {
		const { code, stdout, cwd } = await render(['-f', 'a.yaml', '-o', 'out.nft']);
		expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
		expect(await readFile(join(cwd, 'out.nft'), 'utf8')).toBe((await render(['-f', 'a.yaml'])).stdout);
	});

	it('is followed where it is a symbolic link', async () => {
		const cwd = await shopFolder({ 'a.yaml': YAML, 'there/rules.nft': 'old' });
		await symlink('there/rules.nft', join(cwd, 'out.nft'));
		await nftGen(['render', '--node', 'n1', '-f', 'a.yaml', '-o', 'out.nft'], { cwd });
		expect(await readFile(join(cwd, 'there/rules.nft'), 'utf8')).toMatch(/^# nft-gen/);
	});

	it.each([
		['none/out.nft', 'none/out.nft cannot be written: it is in a folder that does not exist'],
		['sub', 'sub cannot be written: it is a folder'],
		['/dev/full', '/dev/full cannot be written: it is on a file system without space left'],
	])('that cannot be written (%s): exit 1', async (output, sentence) => {
		const cwd = await shopFolder();
		await mkdir(join(cwd, 'sub'));
		const { code, lines } = await nftGen(['render', '--node', 'n1', '-f', 'a.yaml', '-o', output], { cwd });
		expect(code).toBe(1);
		expect(lines).toEqual([`nft-gen: ${sentence}`]);
		expect(await readdir(cwd)).toEqual(['a.yaml', 'sub']);
	});

	it('is left as it was by another error', async () => {
		const cwd = await shopFolder({ 'a.yaml': YAML, 'out.nft': 'old', 't/rule.hbs': '{{nothing}}' });
		const { code } = await nftGen(['render', '--node', 'n1', '-f', 'a.yaml', '-o', 'out.nft', '--templates', 't'], {
			cwd,
		});
		expect(code).toBe(1);
		expect(await readFile(join(cwd, 'out.nft'), 'utf8')).toBe('old');
	});
});

describe('standard output', () => {
	const shell = (command: string, cwd: string) =>
		execa('bash', ['-c', command], { cwd, reject: false, env: { PROGRAM } });

	it('that is read only in part is no error', async () => {
		const many = OBJECTS.concat(
			Array.from({ length: 5000 }, (_, index) => service(`s${index}`, [`10.97.${index >> 8}.${index & 255}`])),
		);
		const cwd = await shopFolder({ 'a.json': JSON.stringify({ kind: 'List', items: many }) });
		const found = await shell('"$PROGRAM" render --node n1 -f a.json | head -1; echo $PIPESTATUS', cwd);
		expect(found.stdout.split('\n')).toEqual([expect.stringMatching(/^# nft-gen/), '0']);
		expect(found.stderr).toMatch(/^node n1: read [^\n]*$/);
	});

	it('that nobody reads, with standard error, is no crash', async () => {
		const found = await shell(
			'"$PROGRAM" render --node n1 -f a.yaml 2>&1 >/dev/null | true; echo $PIPESTATUS',
			await shopFolder(),
		);
		expect(found).toMatchObject({ stdout: '0', stderr: '' });
	});

	it('that is full: exit 1 with a sentence', async () => {
		const found = await shell('"$PROGRAM" render --node n1 -f a.yaml >/dev/full', await shopFolder());
		expect(found).toMatchObject({
			exitCode: 1,
			stderr: 'nft-gen: standard output cannot be written: it is on a file system without space left',
		});
	});

	it('may be a file for -o too', async () => {
		const found = await shell('"$PROGRAM" render --node n1 -f a.yaml -o /dev/stdout | head -1', await shopFolder());
		expect(found.stdout).toMatch(/^# nft-gen/);
	});
});

describe('colour', () => {
	const ESCAPE = '\u001b[';
	/** Runs on a terminal that `script` makes. */
	async function onTerminal(environment: string): Promise<string> {
		const cwd = await shopFolder({ 'a.yaml': YAML, 'b.yaml': BAD });
		const command = `env ${environment} ${process.execPath} ${PROGRAM} render --node n1 -f . -o out`;
		const { stdout } = await execa('script', ['-qec', command, '/dev/null'], {
			cwd,
			reject: false,
			env: { TERM: 'xterm' },
		});
		return stdout;
	}

	it('is not used where standard error is no terminal, whatever FORCE_COLOR says', async () => {
		const found = await render(['-f', '-'], { input: `${YAML}---\n${BAD}`, env: { FORCE_COLOR: '1' } });
		expect(found.stderr).not.toContain(ESCAPE);
		expect(found.stderr).toContain('error: ');
	});

	it('is used on a terminal, but not with NO_COLOR or on a dumb one', async () => {
		expect(await onTerminal('X=1')).toContain(`${ESCAPE}31merror`);
		expect(await onTerminal('NO_COLOR=1')).not.toContain(ESCAPE);
		expect(await onTerminal('TERM=dumb')).not.toContain(ESCAPE);
	});
});
