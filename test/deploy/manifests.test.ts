import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { RESOURCES } from '../../src/host/watch/resources.ts';
import {
	agentDaemonSet,
	allowedByRole,
	BASE,
	CLEANUP,
	cleanupPod,
	commandLine,
	configMap,
	documentsOf,
	kustomizationOf,
	manifestFiles,
	named,
	OVERLAY,
} from './manifests.ts';

describe('the manifests', () => {
	it.each(manifestFiles())('%s is YAML', (file) => {
		expect(documentsOf(file)).toHaveLength(1);
	});

	it('are all in their kustomization, which names no others', () => {
		const { resources, configMapGenerator } = kustomizationOf(BASE);
		const named = [...resources, ...(configMapGenerator ?? []).flatMap(({ envs }) => envs), 'kustomization.yaml'];
		expect(named.sort()).toEqual(readdirSync(BASE).sort());
		const overlay = kustomizationOf(OVERLAY);
		for (const path of [...overlay.resources, ...(overlay.patches ?? []).map((patch) => patch.path)]) {
			expect(existsSync(join(OVERLAY, path)), path).toBe(true);
		}
	});

	it('take the image of this version, never whichever is newest', () => {
		const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
		const [image] = kustomizationOf(BASE).images ?? [];
		expect(image?.name).toBe(agentDaemonSet().agent.image);
		expect(image?.newTag).toBe(version);
		expect(kustomizationOf(CLEANUP).images).toEqual(kustomizationOf(BASE).images);
	});
});

describe('the agent’s Pod', () => {
	const { spec, pod, agent } = agentDaemonSet();

	it('has one capability and no other privilege', () => {
		expect(agent.securityContext).toEqual({
			privileged: false,
			allowPrivilegeEscalation: false,
			readOnlyRootFilesystem: true,
			capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] },
		});
		expect(pod.securityContext).toEqual({ runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } });
		for (const field of ['hostPID', 'hostIPC', 'initContainers', 'shareProcessNamespace']) {
			expect(pod).not.toHaveProperty(field);
		}
	});

	it('is on every Linux node, in its network, before all others, resolving names without the cluster', () => {
		expect(pod).toMatchObject({
			hostNetwork: true,
			dnsPolicy: 'Default',
			priorityClassName: 'system-node-critical',
			tolerations: [{ operator: 'Exists' }],
			nodeSelector: { 'kubernetes.io/os': 'linux' },
		});
	});

	it('is alone on its node, in updates too', () => {
		expect(spec.updateStrategy).toEqual({
			type: 'RollingUpdate',
			rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
		});
	});

	it('writes to its state and /tmp only, and nothing else of the node is in it', () => {
		const mounts = new Map(agent.volumeMounts.map(({ name, mountPath }) => [name, mountPath]));
		expect(mounts).toEqual(new Map(Object.entries({ tmp: '/tmp', state: '/var/lib/nft-gen' })));
		expect(pod.volumes.map(({ name }) => name)).toEqual([...mounts.keys()]);
		expect(pod.volumes.flatMap((volume) => ('hostPath' in volume ? [volume.hostPath] : []))).toEqual([
			{ path: '/var/lib/nft-gen', type: 'DirectoryOrCreate' },
		]);
	});

	it('has bounds for memory and none for CPU', () => {
		expect(agent.resources.limits).toEqual({ memory: '1Gi' });
		expect(Object.keys(agent.resources.requests).sort()).toEqual(['cpu', 'memory']);
	});

	it('is asked at the port on which it answers', () => {
		const ports = new Map(agent.ports.map(({ name, containerPort }) => [name, containerPort]));
		const bound = configMap().get('HEALTHZ_BIND_ADDRESS');
		const probes = [agent.startupProbe, agent.livenessProbe, agent.readinessProbe].map(({ httpGet }) => httpGet);
		expect(probes.map(({ path }) => path)).toEqual(['/livez', '/livez', '/readyz']);
		for (const { port } of probes) expect(bound).toBe(`0.0.0.0:${ports.get(port)}`);
	});
});

describe('the Pod that cleans up', () => {
	it('has what the agent’s Pod has, but for the account', () => {
		const { pod, container } = cleanupPod();
		const { pod: agentPod, agent } = agentDaemonSet();
		expect(pod.automountServiceAccountToken).toBe(false);
		expect(pod).not.toHaveProperty('serviceAccountName');
		for (const field of ['hostNetwork', 'dnsPolicy', 'tolerations', 'securityContext', 'volumes']) {
			expect(pod[field], field).toEqual(agentPod[field]);
		}
		expect(container.securityContext).toEqual(agent.securityContext);
		expect(container.volumeMounts).toEqual(agent.volumeMounts);
	});

	it('runs on nodes where no agent is', () => {
		const [patch] = documentsOf(join(OVERLAY, 'labelled-nodes.yaml'));
		expect(patch).toMatchObject({ spec: { template: { spec: { nodeSelector: { 'nft-gen.dev/agent': 'true' } } } } });
		expect(cleanupPod().pod.nodeSelector).toEqual({ 'nft-gen.dev/agent': 'cleanup' });
	});
});

describe('the agent’s command line', () => {
	it('uses every value of the ConfigMap, and has a value for all it uses', () => {
		const { agent } = agentDaemonSet();
		const used = agent.args.flatMap((argument) => [...argument.matchAll(/\$\(([A-Z_]+)\)/g)].map(([, name]) => name));
		expect(used.sort()).toEqual([...configMap().keys(), ...agent.env.map(({ name }) => name)].sort());
		expect(commandLine('n1').filter((argument) => argument.includes('$'))).toEqual([]);
	});

	it('takes the flags from the ConfigMap, and the API server’s address from one that need not be there', () => {
		const refs = agentDaemonSet().agent.envFrom.map(({ configMapRef }) => configMapRef);
		const generated = (kustomizationOf(BASE).configMapGenerator ?? []).map(({ name }) => name);
		expect(refs).toEqual([...generated.map((name) => ({ name })), { name: 'nft-gen-api-server', optional: true }]);
	});
});

describe('the ClusterRole', () => {
	it('allows to list and watch what the agent watches, to write Events, and nothing else', () => {
		const watched = RESOURCES.flatMap(({ name, apiVersion }) => {
			const [group = ''] = apiVersion.includes('/') ? apiVersion.split('/') : [''];
			return ['list', 'watch'].map((verb) => `${verb} ${named(name, group)}`);
		});
		const events = ['events', 'events.events.k8s.io'].flatMap((events) => [`create ${events}`, `patch ${events}`]);
		expect(allowedByRole()).toEqual([...watched, ...events].sort());
	});

	it('is the agent’s', () => {
		const [binding] = documentsOf(join(BASE, 'cluster-role-binding.yaml'));
		const [account] = documentsOf(join(BASE, 'service-account.yaml'));
		expect(account).toMatchObject({ metadata: { name: agentDaemonSet().pod.serviceAccountName } });
		expect(binding).toMatchObject({
			roleRef: { kind: 'ClusterRole', name: 'nft-gen' },
			subjects: [{ kind: 'ServiceAccount', name: 'nft-gen', namespace: 'kube-system' }],
		});
	});
});
