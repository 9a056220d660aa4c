import { expect, it } from 'vitest';
import { checkFormat } from '../../src/report/check-format.ts';
import { nftGen } from '../support/cli.ts';
import { describeKernel } from './requirements.ts';

describeKernel('nft-gen check --kernel', () => {
	it('finds that the kernel takes the rules of one node of each kind, and holds them as they are rendered', async () => {
		const args = ['check', 'examples/shop', '--kernel', '--lint', 'jump-loop', '--format', 'json'];
		const { code, stdout } = await nftGen(args);
		const { levels, results } = checkFormat.parse(JSON.parse(stdout));
		expect(code).toBe(0);
		expect(levels.at(-1)).toEqual({ level: 'kernel', state: 'run', reason: null });
		const told = results.filter(({ level }) => level === 'kernel').map(({ object, status }) => `${object} ${status}`);
		expect(told).toEqual(['Node n1 ok', 'Node n3 ok']);
	});

	it('goes without where nft is not there, and says so', async () => {
		const args = ['check', 'examples/shop', '--kernel', '--lint', 'jump-loop', '--strict'];
		const { code, stdout } = await nftGen(args, { env: { PATH: '/nonexistent' } });
		expect(code).toBe(4);
		expect(stdout).toMatch(/^kernel {6}skipped: .+$/m);
	});
});
