import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pullRequest } from '../support/pull-request.ts';
import type { Repository } from '../support/repository.ts';
import type { Job } from './runner.ts';
import { type StandIn, standInGitHub, TOKEN } from './stand-in-github.ts';

type OnTestFinished = (clean: () => Promise<void>) => void;

/** The commit at the head of the pull request, as the events name it. */
export const HEAD_SHA = '8d02e1a0b1c2d3e4f5061728394a5b6c7d8e9f00';

/** A pull request whose merge is checked out, as actions/checkout does it, and GitHub around it. */
export interface Scene {
	readonly repository: Repository;
	readonly github: StandIn;
	readonly job: Job;
	/** Pushes files to the branch and merges it anew. */
	readonly push: (files: Readonly<Record<string, string>>) => void;
}

export async function scene(onTestFinished: OnTestFinished): Promise<Scene> {
	const repository = await pullRequest(onTestFinished);
	const github = await standInGitHub(onTestFinished);
	const { git, folder } = repository;
	const merge = () => {
		git('checkout', '--quiet', '--detach', 'main');
		git('merge', '--quiet', '--no-ff', '--message=merge', 'change');
	};
	merge();
	writeFileSync(join(folder, '.git/info/exclude'), 'cluster.json*\n.temp\n');
	const temp = join(folder, '.temp');
	mkdirSync(temp);
	return {
		repository,
		github,
		job: { workspace: folder, temp, eventName: 'pull_request', event: PULL_REQUEST, api: github.api, token: TOKEN },
		push: (files) => {
			git('checkout', '--quiet', 'change');
			repository.commit(files);
			merge();
		},
	};
}

export const PULL_REQUEST = { action: 'synchronize', number: 7, pull_request: { number: 7, head: { sha: HEAD_SHA } } };

/** That the workflow of a fork's pull request has ended. */
export function workflowRun(more: object = {}) {
	return {
		action: 'completed',
		workflow_run: {
			id: 99,
			event: 'pull_request',
			head_sha: HEAD_SHA,
			head_branch: 'change',
			head_repository: { owner: { login: 'stranger' } },
			pull_requests: [],
			...more,
		},
	};
}

/** The pull request of the fork's branch. */
export const FORK_PULL = { number: 7, head: { sha: HEAD_SHA, label: 'stranger:change' } };
