import { join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { describeControlPlane } from '../support/with-control-plane.ts';
import { BASE, CLEANUP, OVERLAY } from './manifests.ts';

// The manifests before a real API server: its validation, its admission, its defaults.

/** kube-proxy's DaemonSet as kubeadm makes it, without what does not matter here. */
const KUBE_PROXY = {
	apiVersion: 'apps/v1',
	kind: 'DaemonSet',
	metadata: { name: 'kube-proxy', namespace: 'kube-system', labels: { 'k8s-app': 'kube-proxy' } },
	spec: {
		selector: { matchLabels: { 'k8s-app': 'kube-proxy' } },
		template: {
			metadata: { labels: { 'k8s-app': 'kube-proxy' } },
			spec: {
				hostNetwork: true,
				priorityClassName: 'system-node-critical',
				tolerations: [{ operator: 'Exists' }],
				nodeSelector: { 'kubernetes.io/os': 'linux' },
				containers: [{ name: 'kube-proxy', image: 'registry.k8s.io/kube-proxy:v1.37.0' }],
			},
		},
	},
};

const daemonSet = z.object({
	spec: z.object({ template: z.object({ metadata: z.unknown(), spec: z.looseObject({}) }) }),
});

describeControlPlane('a real API server', (plane) => {
	const kubectl = (...args: readonly string[]) => plane().kubectl(args);
	const strictly = ['--server-side', '--validate=strict', '--warnings-as-errors'];
	const template = async (name: string) => {
		const text = await kubectl('-n', 'kube-system', 'get', 'daemonset', name, '-o', 'json');
		return daemonSet.parse(JSON.parse(text)).spec.template;
	};

	it.each([
		[BASE, 'daemonset.apps/nft-gen'],
		[OVERLAY, 'daemonset.apps/nft-gen'],
		[CLEANUP, 'job.batch/nft-gen-cleanup'],
	])('would take %s as it is, without a warning', async (folder, name) => {
		expect(await kubectl('apply', ...strictly, '--dry-run=server', '-k', folder)).toContain(name);
	});

	it('takes the base, and finds nothing to do the second time', async () => {
		await kubectl('apply', ...strictly, '-k', BASE);
		expect(await kubectl('diff', '--server-side', '-k', BASE)).toBe('');
		expect((await template('nft-gen')).spec.nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' });
	});

	it('takes the overlay over it, which narrows the nodes and changes nothing else', async () => {
		const before = await template('nft-gen');
		await kubectl('apply', ...strictly, '-k', OVERLAY);
		const after = await template('nft-gen');
		const nodeSelector = { 'kubernetes.io/os': 'linux', 'nft-gen.dev/agent': 'true' };
		expect(after.spec).toEqual({ ...before.spec, nodeSelector });
	});

	it('admits the agent’s Pod: the account, its token and the priority are there', async () => {
		const { metadata, spec } = await template('nft-gen');
		const labels = z.object({ labels: z.record(z.string(), z.string()) }).parse(metadata).labels;
		const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'agent', labels }, spec };
		const { status, text } = await plane().ask('POST', '/api/v1/namespaces/kube-system/pods', { body: pod });
		expect(status, text).toBe(201);
		const made = z.object({ spec: z.looseObject({ volumes: z.array(z.looseObject({ name: z.string() })) }) });
		const { spec: admitted } = made.parse(JSON.parse(text));
		expect(admitted).toMatchObject({
			priority: 2_000_001_000,
			serviceAccountName: 'nft-gen',
			// A second Pod with this port finds no place on the node.
			containers: [{ ports: [{ containerPort: 10256, hostPort: 10256 }] }],
		});
		expect(admitted.volumes.some(({ name }) => name.startsWith('kube-api-access-'))).toBe(true);
	});

	it('takes the patch that keeps kube-proxy off the agent’s nodes, and the way back', async () => {
		const { ask } = plane();
		expect((await ask('POST', '/apis/apps/v1/namespaces/kube-system/daemonsets', { body: KUBE_PROXY })).status).toBe(
			201,
		);
		const before = await template('kube-proxy');
		const patch = ['-n', 'kube-system', 'patch', 'daemonset', 'kube-proxy'];
		await kubectl(...patch, '--patch-file', join(OVERLAY, 'kube-proxy-affinity.yaml'));
		const after = await template('kube-proxy');
		const expression = { key: 'nft-gen.dev/agent', operator: 'NotIn', values: ['true'] };
		const required = { nodeSelectorTerms: [{ matchExpressions: [expression] }] };
		const affinity = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: required } };
		expect(after.spec).toEqual({ ...before.spec, affinity });
		await kubectl(...patch, '--type=json', '-p', '[{"op":"remove","path":"/spec/template/spec/affinity"}]');
		expect((await template('kube-proxy')).spec).toEqual(before.spec);
	});

	it('takes the Job that cleans up', async () => {
		await kubectl('apply', ...strictly, '-k', CLEANUP);
		await kubectl('delete', '--wait=false', '-k', CLEANUP);
	});

	it('deletes all of it again', async () => {
		await kubectl('delete', '--wait=false', '-k', OVERLAY);
		const left = await kubectl('get', 'daemonset,serviceaccount,configmap', '-n', 'kube-system', '-o', 'name');
		expect(left).not.toContain('nft-gen');
		expect(await kubectl('get', 'clusterrole,clusterrolebinding', '-o', 'name')).not.toContain('nft-gen');
	});
});
