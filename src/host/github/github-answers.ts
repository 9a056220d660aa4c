/** Whether asking again later may help: GitHub has trouble of its own, or was asked too often. */
export function isPassing(answer: {
	readonly status: number;
	readonly headers: Headers;
	readonly body: unknown;
}): boolean {
	const { status, headers, body } = answer;
	if (status >= 500 || status === 429) return true;
	return status === 403 && (headers.has('retry-after') || isSpent(headers) || /rate limit/i.test(JSON.stringify(body)));
}

function isSpent(headers: Headers): boolean {
	return headers.get('x-ratelimit-remaining') === '0';
}

const MOST_WAIT_MS = 60_000;

/**
 * How long to wait before asking again: as long as GitHub says, else 1, 2, 4 s; a minute at the most, lest a job hangs
 * (docs.github.com "Best practices for using the REST API").
 */
export function retryWait(headers: Headers, tries: number): number {
	const said = Number(headers.get('retry-after') ?? Number.NaN);
	return Math.min(Number.isFinite(said) && said >= 0 ? said * 1000 : 1000 * 2 ** (tries - 1), MOST_WAIT_MS);
}
