import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { isPassing, retryWait } from './github-answers.ts';

/** Why GitHub did not do what was asked. */
export class GitHubError extends Error {
	override readonly name = 'GitHubError';
	/** null where there was no answer at all */
	readonly status: number | null;

	constructor(message: string, status: number | null, options: ErrorOptions = {}) {
		super(message, options);
		this.status = status;
	}
}

/** Where GitHub is, and as whom. */
export interface GitHubPlace {
	/** `https://api.github.com` */
	readonly api: string;
	/** `OWNER/NAME` */
	readonly repository: string;
	/** goes into a header and nowhere else */
	readonly token: string;
	/** pauses so many milliseconds */
	readonly wait?: (milliseconds: number) => Promise<unknown>;
}

/** GitHub's REST interface, as far as comments need it. All of it throws GitHubError. */
export interface GitHub {
	/** The user whose token it is; null for a workflow's own token, which is of none. */
	readonly viewer: () => Promise<string | null>;
	/** All comments of a pull request, the oldest first. */
	readonly comments: (pull: number) => Promise<z.infer<typeof comments>>;
	readonly createComment: (pull: number, body: string) => Promise<void>;
	readonly updateComment: (id: number, body: string) => Promise<void>;
	/** The open pull requests from a branch, `OWNER:BRANCH`. */
	readonly openPulls: (head: string) => Promise<readonly { readonly number: number; readonly headSha: string }[]>;
}

const user = z.object({ login: z.string() });
const comments = z.array(
	z
		.object({
			id: z.int(),
			body: z.string().nullish(),
			user: z.object({ login: z.string(), type: z.string() }).nullable(),
		})
		.transform(({ id, body, user: author }) => ({
			id,
			body: body ?? '',
			author: author?.login ?? '',
			authorIsBot: author?.type === 'Bot',
		})),
);
const pulls = z.array(
	z
		.object({ number: z.int(), head: z.object({ sha: z.string() }) })
		.transform(({ number, head }) => ({ number, headSha: head.sha })),
);

const PAGE = 100;
/** More comments no pull request has (GitHub closes a conversation at 2,500). */
const MOST_PAGES = 50;

/** A client of GitHub's REST interface, version 2022-11-28. */
export function gitHub(place: GitHubPlace): GitHub {
	const { repository } = place;
	const repo = `/repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
	return {
		viewer: async () => {
			const { status, body } = await ask(place, 'GET', '/user', null, [401, 403, 404]);
			return status === 200 ? shaped(user, body).login : null;
		},
		comments: async (pull) => {
			const found: z.infer<typeof comments> = [];
			for (let page = 1; page <= MOST_PAGES; page++) {
				const path = `${repo}/issues/${pull}/comments?per_page=${PAGE}&page=${page}`;
				const { body } = await ask(place, 'GET', path);
				const list = shaped(comments, body);
				found.push(...list);
				if (list.length < PAGE) break;
			}
			return found;
		},
		createComment: async (pull, body) => {
			await ask(place, 'POST', `${repo}/issues/${pull}/comments`, { body });
		},
		updateComment: async (id, body) => {
			await ask(place, 'PATCH', `${repo}/issues/comments/${id}`, { body });
		},
		openPulls: async (head) => {
			const path = `${repo}/pulls?state=open&per_page=${PAGE}&head=${encodeURIComponent(head)}`;
			const { body } = await ask(place, 'GET', path);
			return shaped(pulls, body);
		},
	};
}

interface Answer {
	readonly status: number;
	readonly headers: Headers;
	readonly body: unknown;
}

const MOST_TRIES = 4;

/**
 * Asks once, and again after a pause where GitHub has trouble that passes. A comment is not created twice: an answer that was
 * lost may have been that it is there.
 * @param allowed statuses that are an answer too
 */
async function ask(
	place: GitHubPlace,
	method: 'GET' | 'POST' | 'PATCH',
	path: string,
	content: object | null = null,
	allowed: readonly number[] = [],
): Promise<Answer> {
	const { wait = setTimeout } = place;
	for (let tries = 1; ; tries++) {
		const answer = await askOnce(place, method, path, content).catch((cause: unknown) => noAnswer(cause));
		if (!(answer instanceof GitHubError)) {
			if (answer.status < 300 || allowed.includes(answer.status)) return answer;
			const isLimit = isPassing(answer) && answer.status < 500;
			const again = isLimit || (isPassing(answer) && method !== 'POST');
			if (!again || tries === MOST_TRIES) throw refusal(answer, method, path);
			await wait(retryWait(answer.headers, tries));
			continue;
		}
		if (method === 'POST' || tries === MOST_TRIES) throw answer;
		await wait(retryWait(new Headers(), tries));
	}
}

const TIME_LIMIT_MS = 30_000;

async function askOnce(
	{ api, token }: GitHubPlace,
	method: string,
	path: string,
	content: object | null,
): Promise<Answer> {
	const response = await fetch(`${api.replace(/\/$/, '')}${path}`, {
		method,
		headers: {
			accept: 'application/vnd.github+json',
			authorization: `Bearer ${token}`,
			'content-type': 'application/json',
			'user-agent': 'nft-gen',
			'x-github-api-version': '2022-11-28',
		},
		body: content === null ? null : JSON.stringify(content),
		signal: AbortSignal.timeout(TIME_LIMIT_MS),
	});
	const text = await response.text();
	return { status: response.status, headers: response.headers, body: jsonOrText(text) };
}

function jsonOrText(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

function noAnswer(cause: unknown): GitHubError {
	const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
	const why = inner instanceof Error ? inner.message : String(inner);
	return new GitHubError(`GitHub cannot be reached: ${why}`, null, { cause });
}

function refusal({ status, body }: Answer, method: string, path: string): GitHubError {
	const said = z.object({ message: z.string() }).safeParse(body);
	const words = said.success ? `: ${said.data.message.slice(0, 200)}` : '';
	return new GitHubError(`GitHub answered ${status} to ${method} ${path.replace(/\?.*$/, '')}${words}`, status);
}

function shaped<Shape extends z.ZodType>(shape: Shape, body: unknown): z.output<Shape> {
	const read = shape.safeParse(body);
	if (read.success) return read.data;
	throw new GitHubError('GitHub answered something that it never did before', 200);
}
