import { describe, expect, it, onTestFinished } from 'vitest';
import { gitHub } from '../../src/host/github/github.ts';
import { retryWait } from '../../src/host/github/github-answers.ts';
import { type Fault, standInGitHub, TOKEN } from '../action/stand-in-github.ts';

async function client(...faults: readonly Fault[]) {
	const { api, requests, faults: given } = await standInGitHub(onTestFinished);
	given.push(...faults);
	const waits: number[] = [];
	const wait = async (milliseconds: number) => waits.push(milliseconds);
	return { waits, requests, github: gitHub({ api, repository: 'shop/deploy', token: TOKEN, wait }) };
}

const UNAVAILABLE: Fault = { method: 'GET', status: 503, message: 'Unavailable' };

describe('the client of GitHub', () => {
	it('asks again after longer and longer pauses where GitHub has trouble', async () => {
		const { github, waits } = await client(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
		expect(await github.comments(7)).toEqual([]);
		expect(waits).toEqual([1000, 2000, 4000]);
	});

	it('gives up in the end, and says what GitHub said', async () => {
		const { github, requests } = await client(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
		await expect(github.comments(7)).rejects.toMatchObject({
			status: 503,
			message: 'GitHub answered 503 to GET /repos/shop/deploy/issues/7/comments: Unavailable',
		});
		expect(requests).toHaveLength(4);
	});

	it('does not ask again for what is forbidden', async () => {
		const { github, waits } = await client({ method: 'PATCH', status: 403, message: 'Resource not accessible' });
		await expect(github.updateComment(1, 'x')).rejects.toMatchObject({ status: 403 });
		expect(waits).toEqual([]);
	});

	it('does not ask again for a comment of which it does not know whether it is there', async () => {
		const { github, waits } = await client({ method: 'POST', status: 500 });
		await expect(github.createComment(7, 'x')).rejects.toMatchObject({ status: 500 });
		expect(waits).toEqual([]);
	});

	it('says where nobody answers, without the token', async () => {
		const github = gitHub({ api: 'http://127.0.0.1:1', repository: 'a/b', token: TOKEN, wait: async () => {} });
		await expect(github.viewer()).rejects.toMatchObject({ status: null, message: /^GitHub cannot be reached: / });
	});

	it.each([
		['as long as GitHub says', '7', 1, 7000],
		['a minute at the most', '3600', 1, 60_000],
		['twice as long each time where it says nothing', null, 3, 4000],
		['as if nothing was said where it is a date', 'Wed, 21 Oct 2026 07:28:00 GMT', 1, 1000],
	])('waits %s', (_what, said, tries, expected) => {
		expect(retryWait(new Headers(said === null ? {} : { 'retry-after': said }), tries)).toBe(expected);
	});
});
