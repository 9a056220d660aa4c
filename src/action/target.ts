import * as z from 'zod';

/** Where a comment belongs. */
export type Target =
	| { readonly kind: 'pull-request'; readonly number: number; readonly headSha: string }
	/** the pull request is still to be found, by the branch that ran: `OWNER:BRANCH` */
	| { readonly kind: 'branch'; readonly head: string; readonly headSha: string }
	| { readonly kind: 'none'; readonly why: string };

const sha = z.string().regex(/^[0-9a-f]{40,64}$/);

const pullRequestEvent = z.object({
	pull_request: z.object({ number: z.int().positive(), head: z.object({ sha }) }),
});

const workflowRunEvent = z.object({
	workflow_run: z.object({
		event: z.string(),
		head_sha: sha,
		head_branch: z.string().nullable(),
		head_repository: z.object({ owner: z.object({ login: z.string() }) }).nullable(),
	}),
});

/**
 * Which pull request an event is about. Of a run that another one follows GitHub names no pull request when it came from a fork,
 * and what the run says itself is not to be trusted; its branch is GitHub's own word.
 * @param payload the content of GITHUB_EVENT_PATH
 */
export function targetOf(eventName: string, payload: unknown): Target {
	if (eventName === 'workflow_run') return ofRun(payload);
	const event = pullRequestEvent.safeParse(payload);
	if (!event.success) return none(`the event ${eventName === '' ? 'without a name' : eventName} is of no pull request`);
	const { number, head } = event.data.pull_request;
	return { kind: 'pull-request', number, headSha: head.sha };
}

function ofRun(payload: unknown): Target {
	const event = workflowRunEvent.safeParse(payload);
	if (!event.success) return none('the event workflow_run does not say what ran');
	const { event: cause, head_sha: headSha, head_branch: branch, head_repository: repository } = event.data.workflow_run;
	if (cause !== 'pull_request') return none(`what ran was started by ${cause}, not by a pull request`);
	if (branch === null || repository === null) return none('the branch that ran is gone');
	return { kind: 'branch', head: `${repository.owner.login}:${branch}`, headSha };
}

function none(why: string): Target {
	return { kind: 'none', why };
}

/** An open pull request, as GitHub lists it. */
export interface OpenPull {
	readonly number: number;
	readonly headSha: string;
}

/** Which one of the branch's open pull requests is about the commit that ran. */
export function pullOf(pulls: readonly OpenPull[], headSha: string): number | { readonly why: string } {
	const [first, ...others] = pulls.filter((pull) => pull.headSha === headSha);
	if (first === undefined)
		return { why: 'no open pull request is at the commit that ran: it was closed, or pushed to since' };
	if (others.length > 0) return { why: 'several open pull requests are at the commit that ran' };
	return first.number;
}
