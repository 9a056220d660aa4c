import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { nftGen } from '../support/cli.ts';
import { pullRequest } from '../support/pull-request.ts';

it('the comment that the README shows is the one that is made', async () => {
	const { folder: cwd } = await pullRequest(onTestFinished);
	const args = ['diff', 'main:deploy', 'change:deploy', '--cluster', 'cluster.json.gz', '--format', 'markdown'];
	const { stdout } = await nftGen(args, { cwd });
	const lines = stdout.slice(stdout.indexOf('### '), stdout.indexOf('<details>')).trimEnd().split('\n');
	const quoted = lines.map((line) => (line === '' ? '>' : `> ${line.replace(/^### /, '#### ')}`));
	expect(readFileSync('README.md', 'utf8')).toContain(quoted.join('\n'));
});
